"""Admission makes the team; nothing that was typed once is asked again."""

import pytest

from collaboratives import actions, queries
from collaboratives.models import Organization, TeamMember
from collaboratives.roster import RosterEntry, one_place_each
from tenancy.models import AuditEvent
from tests.factories.collaboratives import CohortFactory, OrganizationFactory, TeamFactory

LEAD = RosterEntry("Dana Whitfield", "Dana@Riverbend.example", role="lead", lenses=("equity",))
LEADER = RosterEntry(
    "Grace Lin", "grace@riverbend.example", title="CEO", role="viewer", leadership="senior_leader"
)
ALTERNATE = RosterEntry("Tom Reyes", "tom@riverbend.example", role="viewer", leadership="alternate")


def enroll(cohort, by, **given):
    organization = given.pop("organization", None) or OrganizationFactory(
        host=cohort.host, name="Riverbend Regional"
    )
    given.setdefault("application_reference", "AC27-0001")
    given.setdefault("roster", [LEAD, LEADER, ALTERNATE])
    return actions.enroll_team(cohort=cohort, organization=organization, by=by, **given)


def test_the_team_has_everybody_the_application_named(in_host, applicant):
    # S1-16
    team = enroll(
        CohortFactory(host=in_host), applicant, clinical_areas=["Hypertension"], aim="Close it."
    )
    assert (team.slug, team.name, team.clinical_areas, team.aim) == (
        "riverbend-regional",
        "Riverbend Regional",
        ["Hypertension"],
        "Close it.",
    )
    people = TeamMember.objects.order_by("pk").values_list("name", "email", "role", "leadership")
    assert list(people) == [
        ("Dana Whitfield", "dana@riverbend.example", "lead", ""),
        ("Grace Lin", "grace@riverbend.example", "viewer", "senior_leader"),
        ("Tom Reyes", "tom@riverbend.example", "viewer", "alternate"),
    ]
    assert [e.verb for e in AuditEvent.objects.about(team)] == ["enrolled"]


def test_a_typed_address_attaches_nobodys_account(in_host, applicant):
    team = enroll(
        CohortFactory(host=in_host),
        applicant,
        roster=[RosterEntry("Dana", applicant.email, role="lead")],
    )
    assert team.members.get().user_id is None


def test_one_person_named_twice_has_one_place_with_all_that_was_said():
    again = RosterEntry(
        "Dana W.", "dana@riverbend.example", leadership="alternate", lenses=("data",)
    )
    assert one_place_each([LEAD, again]) == [
        RosterEntry(
            "Dana Whitfield",
            "dana@riverbend.example",
            role="lead",
            leadership="alternate",
            lenses=("equity", "data"),
        )
    ]


def test_leader_and_alternate_are_two_people():
    # S1-16
    both = [LEADER, RosterEntry("Grace Lin", LEADER.email, leadership="alternate"), ALTERNATE]
    assert [(e.name, e.leadership) for e in one_place_each(both)] == [
        ("Grace Lin", "senior_leader"),
        ("Tom Reyes", "alternate"),
    ]


def test_no_team_is_made_beyond_the_last_seat(in_host, applicant):
    cohort = CohortFactory(host=in_host, capacity=1)
    TeamFactory(host=in_host, cohort=cohort)
    with pytest.raises(actions.CohortFull):
        enroll(actions.lock_cohort(cohort=cohort), applicant)


def test_seats_count_teams_and_held(in_host):
    cohort = CohortFactory(host=in_host, capacity=5, seats_held=1)
    TeamFactory.create_batch(2, host=in_host, cohort=cohort)
    assert queries.seats(cohort) == queries.Seats(capacity=5, teams=2, held=1)
    assert queries.seats(cohort).free == 2
    assert queries.seats(CohortFactory(host=in_host)).free is None


def test_a_cohort_brings_organizations_together(in_host, applicant):  # S0-02
    cohort = CohortFactory(host=in_host)
    for name in ("Riverbend", "Lakeside"):
        organization = OrganizationFactory(host=in_host, name=name)
        enroll(cohort, applicant, organization=organization, application_reference=name)
    found = cohort.teams.order_by("organization__name").values_list("organization__name", flat=True)
    assert list(found) == ["Lakeside", "Riverbend"]


def test_each_team_of_an_organization_has_its_own_address(in_host, applicant):
    cohort = CohortFactory(host=in_host, code="AC27")
    organization = OrganizationFactory(host=in_host, name="Riverbend")
    slugs = [
        enroll(cohort, applicant, organization=organization, application_reference=f"r{n}").slug
        for n in range(3)
    ]
    assert slugs == ["riverbend", "riverbend-ac27", "riverbend-ac27-2"]


def test_an_organization_is_found_again_by_name_and_state(in_host, applicant):
    known = OrganizationFactory(host=in_host, name="Mercy Fields", state="IL", city="")
    found = actions.find_or_add_organization(
        host_id=in_host.pk,
        name="  mercy   fields ",
        type="hospital",
        city="Quincy",
        state="il",
        by=applicant,
    )
    assert (found.pk, found.name, found.city) == (known.pk, "Mercy Fields", "Quincy")
    other = actions.find_or_add_organization(
        host_id=in_host.pk, name="Mercy Fields", type="hospital", state="IA", by=applicant
    )
    assert other.pk != known.pk
    assert Organization.objects.count() == 2
