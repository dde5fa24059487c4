"""Who sees which application, by the one door and by every page."""

import re

import pytest
from django.urls import reverse

from applications.models import Application
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    AssignmentFactory,
    DeclarationFactory,
    LetterFactory,
    OpenCohortFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(in_host, host, cohort, draft, applicant, reviewer):
    """Of the applicant: a draft. Of others: one submitted and assigned, one submitted, a draft."""
    assigned = ApplicationFactory(
        host=host, cohort=cohort, status="submitted", reference="LN27-0901"
    )
    AssignmentFactory(host=host, application=assigned, reviewer=reviewer)
    DeclarationFactory(host=host, application=assigned, person=reviewer)
    other = ApplicationFactory(host=host, cohort=cohort, status="in_review", reference="LN27-0902")
    foreign = ApplicationFactory(host=host, cohort=cohort, reference="LN27-0903")
    AssignmentFactory(host=host, application=foreign, reviewer=reviewer)
    return {"own": draft, "assigned": assigned, "other": other, "draft": foreign}


VISIBLE = {
    "applicant": {"own"},
    "stranger": set(),
    "owner": {"own", "assigned", "other", "draft"},
    "coordinator": {"own", "assigned", "other", "draft"},
    "reviewer": {"assigned"},
    "coach": set(),
    "analyst": set(),
}
READABLE = {**VISIBLE, "owner": {"assigned", "other"}, "coordinator": {"assigned", "other"}}


@pytest.mark.parametrize("who", VISIBLE)
def test_the_one_door(world, request, who):
    person = request.getfixturevalue(who)
    membership = person.memberships.first()
    names = {one.pk: name for name, one in world.items()}
    seen = {names[one.pk] for one in Application.objects.visible_to(person, membership)}
    read = {names[one.pk] for one in Application.objects.readable_to(person, membership)}
    assert (seen, read) == (VISIBLE[who], READABLE[who])


def test_whoever_has_left_an_application_sees_it_no_more(in_host, host, draft, now):
    left = ApplicationPersonFactory(host=host, application=draft, left_at=now).user
    assert not Application.objects.visible_to(left).exists()


def test_a_former_member_of_staff_sees_nothing(in_host, host, draft, now):
    former = MembershipFactory(host=host, ended_at=now)
    assert not Application.objects.visible_to(former.user, former).exists()


def bare(page):
    """The page without what differs at each request anyway: its own address and form token."""
    return re.sub(rb'LN27-\d{4}|name="csrfmiddlewaretoken" value="\w+"', b"", page.content)


OWN_PAGES = ["task_list", "check", "submit", "submitted", "status", "decision", "withdraw"]


@pytest.mark.parametrize("who", ["stranger", "coordinator", "reviewer", "analyst"])
@pytest.mark.parametrize("name", OWN_PAGES)
def test_nobody_else_opens_an_applicants_pages(world, request, sign_in, who, name, now):
    person = sign_in(request.getfixturevalue(who))
    address = reverse(f"applications:{name}", args=["prairie", world["own"].reference])
    foreign = person.get(address)
    missing = person.get(address.replace(world["own"].reference, "LN27-9999"))
    assert foreign.status_code == missing.status_code == 404
    assert bare(foreign) == bare(missing)


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("coordinator", "other", 200),
        ("coordinator", "own", 404),  # a draft: that it is there shows in the list, no more
        ("owner", "other", 200),
        ("reviewer", "assigned", 200),
        ("reviewer", "other", 404),
        ("reviewer", "draft", 404),
        ("coach", "other", 403),
        ("analyst", "other", 403),
        ("stranger", "other", 404),
        ("applicant", "own", 404),
    ],
)
def test_the_reading_view(world, request, sign_in, who, name, status, now):
    person = sign_in(request.getfixturevalue(who))
    one = world[name]
    page = person.get(
        reverse("applications:read", args=["prairie", one.cohort.slug, one.reference])
    )
    assert page.status_code == status
    assert (one.organization_name.encode() in page.content) == (status == 200)


def test_a_reviewers_list_and_its_counts_know_only_the_assigned(world, reviewer, sign_in, now):
    page = sign_in(reviewer).get(
        reverse("applications:list", args=["prairie", "learning-network-2027"])
    )
    assert page.content.count(b'id="application-LN27') == 1
    assert page.context["numbers"]["all"] == 1
    assert page.context["numbers"]["drafts"] == 0


def test_a_draft_shows_its_progress_but_not_its_content(world, coordinator, sign_in, now):
    draft = world["own"]
    draft.response.answers = {"city": "CANARY"}
    draft.response.save()
    Application.objects.filter(pk=draft.pk).update(progress=40)
    url = reverse("applications:list", args=["prairie", "learning-network-2027"])
    page = sign_in(coordinator).get(f"{url}?view=drafts")
    assert b"Riverbend Regional Medical Center" in page.content
    assert b"Dana Whitfield" in page.content
    assert b"40%" in page.content
    assert b"CANARY" not in page.content


def test_another_hosts_applications_are_nowhere(
    host, other_host, cohort, coordinator, sign_in, now
):
    theirs = OpenCohortFactory(host=other_host, slug=cohort.slug)
    ApplicationFactory(
        host=other_host, cohort=theirs, status="submitted", organization_name="CANARY"
    )
    staff = sign_in(coordinator)
    mine = staff.get(reverse("applications:list", args=["prairie", cohort.slug]))
    assert mine.status_code == 200
    assert b"CANARY" not in mine.content
    assert (
        staff.get(reverse("applications:list", args=["lakeshore", cohort.slug])).status_code == 404
    )


def status_of(client, url):
    """Reads the answer to its end, so that no file stays open."""
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def test_a_file_is_served_by_permission_only(  # T3
    world, complete, request, sign_in, applicant, coordinator, reviewer, stranger, now
):
    letter = complete.letters.get()
    url = reverse("applications:file", args=["prairie", complete.reference, letter.file.uuid])
    statuses = {
        name: status_of(sign_in(person), url)
        for name, person in {
            "applicant": applicant,
            "coordinator": coordinator,  # a draft's letter is its content
            "reviewer": reviewer,
            "stranger": stranger,
        }.items()
    }
    assert statuses == {"applicant": 200, "coordinator": 404, "reviewer": 404, "stranger": 404}
    ApplicationFactory._meta.model.objects.filter(pk=complete.pk).update(
        status="submitted",
        received_at=now,
        submitted_at=now,
        submitted_by=applicant,
        signed_name="Dana",
    )
    assert status_of(sign_in(coordinator), url) == 200
    assert status_of(sign_in(coordinator, second_factor=False), url) == 404
    assert status_of(sign_in(reviewer), url) == 404
    answer = sign_in(applicant).get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    downloads = AuditEvent.objects.about(complete).filter(verb="downloaded")
    assert [e.actor_name for e in downloads] == [applicant.name, coordinator.name, applicant.name]


def test_a_file_of_one_application_is_not_served_through_another(
    in_host, host, complete, applicant, sign_in, now
):
    other = ApplicationFactory(host=host, cohort=complete.cohort, lead=applicant)
    LetterFactory(host=host, application=other)
    uuid = complete.letters.get().file.uuid
    url = reverse("applications:file", args=["prairie", other.reference, uuid])
    assert status_of(sign_in(applicant), url) == 404


def test_posted_fields_can_not_set_what_is_not_in_the_form(in_host, draft, applicant, sign_in, now):
    url = reverse("applications:section", args=["prairie", draft.reference, "organization"])
    sign_in(applicant).post(
        url,
        {
            "_rev.city": "0",
            "city": "Springfield",
            "status": "released",
            "outcome": "admit",
            "host": "1",
            "_rev.status": "0",
        },
    )
    draft.refresh_from_db()
    draft.response.refresh_from_db()
    assert (draft.status, draft.outcome) == ("draft", "")
    assert draft.response.answers == {"city": "Springfield"}
