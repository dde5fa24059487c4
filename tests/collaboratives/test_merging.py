"""Two entries of the directory that are one institution."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from applications.models import Application
from collaboratives import actions
from collaboratives.likeness import similar
from collaboratives.models import Organization, OrganizationMerge
from collaboratives.queries import organizations as queries
from tenancy.models import AuditEvent
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.collaboratives import OrganizationFactory, TeamFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture
def pair(in_host, host):
    kept = OrganizationFactory(host=host, name="Mercy Fields Hospital", state="IL", city="Quincy")
    gone = OrganizationFactory(
        host=host, name="Mercy Fields Hosp.", state="IL", ccn="140001", staffed_beds=25
    )
    return kept, gone


def merge(pair, by, now=NOW):
    kept, gone = pair
    return actions.merge_organizations(kept=kept, gone=gone, now=now, by=by)


def state_of(*organizations):
    return [
        (
            sorted(one.teams.values_list("pk", flat=True)),
            sorted(Application.objects.filter(organization=one).values_list("pk", flat=True)),
            one.staffed_beds,
            one.ccn,
            one.merged_into_id,
        )
        for one in Organization.objects.filter(pk__in=[o.pk for o in organizations]).order_by("pk")
    ]


@pytest.fixture
def hung(pair, host):
    kept, gone = pair
    TeamFactory(host=host, organization=kept)
    TeamFactory(host=host, organization=gone)
    ApplicationFactory(host=host, organization=gone, status="submitted")
    return pair


def test_everything_that_hangs_on_one_moves_to_the_other(hung, coordinator):
    kept, gone = hung
    done = merge(hung, coordinator)
    kept.refresh_from_db()
    assert (kept.teams.count(), kept.ccn, kept.staffed_beds) == (2, "140001", 25)
    assert Application.objects.get().organization == kept
    assert {label: len(ids) for label, ids in done.moved.items()} == {
        "collaboratives.team": 1,
        "applications.application": 1,
    }
    assert list(Organization.objects.present()) == [kept]
    assert [event.verb for event in AuditEvent.objects.about(gone)] == ["was merged"]


def test_no_room_is_forgotten():
    """Whatever points at an organization is moved; a new room shows up here."""
    from collaboratives.actions.organizations import _hanging

    labels = sorted(relation.related_model._meta.label_lower for relation in _hanging())
    assert labels == ["applications.application", "collaboratives.team"]


def test_a_merge_is_taken_back_within_a_day(hung, coordinator):
    before = state_of(*hung)
    done = merge(hung, coordinator)
    actions.undo_merge(merge=done, now=NOW + timedelta(hours=23), by=coordinator)
    assert state_of(*hung) == before
    with pytest.raises(actions.CannotMerge):
        actions.undo_merge(merge=done, now=NOW, by=coordinator)


def test_after_a_day_it_stays(hung, coordinator):
    done = merge(hung, coordinator)
    with pytest.raises(actions.CannotMerge):
        actions.undo_merge(merge=done, now=NOW + timedelta(days=1, seconds=1), by=coordinator)


def test_what_moved_on_since_stays_where_it_is(hung, host, coordinator):
    kept, _gone = hung
    done = merge(hung, coordinator)
    third = OrganizationFactory(host=host, name="Third")
    team = kept.teams.order_by("-pk").first()
    team.organization = third
    team.save()
    actions.undo_merge(merge=done, now=NOW, by=coordinator)
    team.refresh_from_db()
    assert team.organization == third


def test_an_entry_is_merged_away_once(hung, host, coordinator):
    merge(hung, coordinator)
    other = OrganizationFactory(host=host)
    for pair in [(other, hung[1]), (hung[1], other), (other, other)]:
        with pytest.raises(actions.CannotMerge):
            merge(pair, coordinator)


def test_the_old_name_leads_to_the_entry_it_became(hung, host, coordinator):
    merge(hung, coordinator)
    found = actions.find_or_add_organization(
        host_id=host.pk, name="mercy fields hosp.", type="hospital", state="IL", by=coordinator
    )
    assert found == hung[0]


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Mercy Fields Hospital", "Mercy Fields Hosp.", True),
        ("St. Brigid Children's Hospital", "Saint Brigid Childrens Hospital", True),
        ("Riverbend Regional Medical Center", "Riverbend Medical Center", True),
        ("Northgate Family Clinics", "Southgate Family Clinics", False),
        ("Prairie View Health Department", "Heartland Women's Hospital", False),
    ],
)
def test_names_that_may_mean_one_institution(one, two, same):
    assert similar(one, two) is same


def test_pairs_worth_a_look(in_host, host):
    def entry(name, **facts):
        return OrganizationFactory(host=host, name=name, **{"state": "IL", **facts})

    one = entry("Mercy Fields Hospital", ccn="140001")
    two = entry("Mercy North Campus", ccn="140001")
    entry("Mercy Fields Hospital", ccn="140002")  # another number: another institution
    entry("Mercy Fields Hospital", state="IA")
    three = entry("Alder Clinic", city="Peoria", email_domain="alder.example")
    four = entry("Downtown Practice", city="Peoria", email_domain="alder.example")
    assert [({p.one, p.two}, p.why) for p in queries.alike(UserFactory())] == [
        ({one, two}, "ccn"),
        ({three, four}, "domain"),
    ]


def test_staff_merge_and_take_back_on_pages(hung, host, coordinator, analyst, sign_in):
    kept, gone = hung
    staff = sign_in(coordinator)
    page = "collaboratives:{}".format
    merging = reverse(page("merge"), args=[host.slug, kept.pk, gone.pk])
    suggested = reverse(page("merge"), args=[host.slug, gone.pk, kept.pk])  # by their names
    assert suggested in staff.get(reverse(page("organizations"), args=[host.slug])).content.decode()
    shown = staff.get(merging).content.decode()
    assert "Keep Mercy Fields Hospital" in shown
    assert sign_in(analyst).get(merging).status_code == 403
    with time_machine.travel(NOW, tick=False):
        staff.post(merging)
        entry = reverse(page("organization"), args=[host.slug, kept.pk])
        old = reverse(page("organization"), args=[host.slug, gone.pk])
        assert staff.get(old)["Location"] == entry
        assert "Take the merge back" in staff.get(entry).content.decode()
        staff.post(reverse(page("undo_merge"), args=[host.slug, kept.pk]))
        assert staff.get(old).status_code == 200
    assert OrganizationMerge.objects.get().undone_at == NOW


def test_an_organizations_way_through_the_cohorts(hung, host, coordinator, reviewer, sign_in):
    merge(hung, coordinator)
    url = reverse("applications:of_organization", args=[host.slug, hung[0].pk])
    application = Application.objects.get()
    assert application.reference in sign_in(coordinator).get(url).content.decode()
    assert application.reference not in sign_in(reviewer).get(url).content.decode()
    nowhere = reverse("applications:of_organization", args=[host.slug, 987654321])
    assert sign_in(coordinator).get(nowhere).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_its_applications_cost_the_same(
    in_host, host, coordinator, sign_in, rows, django_assert_num_queries
):
    organization = OrganizationFactory(host=host)
    ApplicationFactory.create_batch(rows, host=host, organization=organization, status="released")
    staff = sign_in(coordinator)
    url = reverse("applications:of_organization", args=[host.slug, organization.pk])
    staff.get(url)
    with django_assert_num_queries(9):
        page = staff.get(url)
    assert page.content.count(b'id="application-') == rows
