"""Lists that staff keep under a name, for themselves or for all."""

import pytest
from django.urls import reverse

from applications import actions
from applications.models import SavedView
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory
from tests.factories.applications import ApplicationFactory, OpenCohortFactory

pytestmark = pytest.mark.django_db

QUERY = "?view=to_decide&q=Clinic&state=IL&sort=organization"


def address(cohort, name="saved_views", query=""):
    return reverse(f"applications:{name}", args=["prairie", cohort.slug]) + query


def save(staff, cohort, name, *, query=QUERY, **more):
    return staff.post(address(cohort, query=query), {"name": name, **more})


def tabs(staff, cohort, query=""):
    page = staff.get(address(cohort, "list", query))
    return [one for one in page.context["views"] if one["count"] is None]


@pytest.fixture
def colleague(in_host, host):
    return MembershipFactory(host=host, roles=["coordinator"]).user


def test_a_view_is_ones_own_until_it_is_shared(
    in_host, cohort, coordinator, colleague, sign_in, now
):
    mine = sign_in(coordinator)
    saved = save(mine, cohort, "Clinics in Illinois")
    assert saved["Location"] == address(cohort, "list", QUERY)
    [tab] = tabs(mine, cohort, QUERY)
    assert (tab["label"], tab["url"], tab["current"]) == ("Clinics in Illinois", QUERY, True)
    assert [one["current"] for one in tabs(mine, cohort)] == [False]
    theirs = sign_in(colleague)
    assert tabs(theirs, cohort) == []
    assert not AuditEvent.objects.filter(verb="save_view").exists()
    save(sign_in(coordinator), cohort, "Clinics in Illinois", is_shared="on")
    assert SavedView.objects.get().is_shared
    assert [one["label"] for one in tabs(sign_in(colleague), cohort)] == ["Clinics in Illinois"]
    assert AuditEvent.objects.get(verb="save_view").object_name == "Clinics in Illinois"


def test_only_who_decides_can_share(in_host, cohort, reviewer, sign_in, now):
    save(sign_in(reviewer), cohort, "Mine", is_shared="on")
    assert not SavedView.objects.get().is_shared


def test_a_shared_view_shows_nobody_more_than_they_may_see(
    in_host, host, cohort, coordinator, reviewer, sign_in, now
):
    ApplicationFactory(host=host, cohort=cohort, status="submitted", organization_name="Alder")
    save(sign_in(coordinator), cohort, "All", query="?view=all", is_shared="on")
    staff = sign_in(reviewer)
    [tab] = tabs(staff, cohort)
    page = staff.get(address(cohort, "list", tab["url"]))
    assert list(page.context["page"].object_list) == []
    assert b"Alder" not in page.content


def test_it_is_removed_by_who_made_it_and_can_be_saved_again(
    in_host, cohort, coordinator, colleague, sign_in, now
):
    save(sign_in(coordinator), cohort, "Clinics", is_shared="on")
    page = sign_in(colleague).get(address(cohort))
    assert b"Shared by" in page.content
    remove = address(cohort, "remove_view")
    assert sign_in(colleague).post(remove, {"name": "Clinics"}).status_code == 404
    gone = sign_in(coordinator).post(remove, {"name": "Clinics"})
    assert gone["Location"] == address(cohort, "list", QUERY)
    assert not SavedView.objects.exists()


def test_there_is_an_end_to_views_and_other_cohorts_have_none_of_them(
    in_host, host, cohort, coordinator, sign_in, now
):
    staff = sign_in(coordinator)
    for number in range(20):
        save(staff, cohort, f"View {number}")
    full = save(staff, cohort, "One more")
    assert full.status_code == 422
    assert b"You have 20 views. Remove one first." in full.content
    assert save(staff, cohort, "View 3", query="?view=all").status_code == 302
    assert SavedView.objects.get(name="View 3").address == "?view=all&sort=-submitted"
    assert tabs(staff, OpenCohortFactory(host=host)) == []
    assert save(staff, cohort, "").status_code == 422


def test_the_same_name_twice_is_the_same_view(in_host, cohort, coordinator, now):
    for address in ("?view=all", "?view=decided"):
        actions.save_view(
            cohort=cohort, name="A", address=address, is_shared=False, by=coordinator, now=now
        )
    assert SavedView.objects.get().address == "?view=decided"
