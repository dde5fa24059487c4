"""A team as a whole: its coach, its group, its plans, its first steps, its end."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from collaboratives.actions import CohortFull, team_care
from collaboratives.models import Team, TeamGroup
from messaging.models import OutboundMessage
from tenancy.models import AuditEvent
from tests.factories import MembershipFactory, UserFactory
from tests.factories.collaboratives import (
    CohortFactory,
    ProgramFactory,
    TeamFactory,
    TeamMemberFactory,
)

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)


@pytest.fixture
def cohort(in_host):
    program = ProgramFactory(host=in_host, blueprint_key="action-community")
    return CohortFactory(host=in_host, program=program, slug="ac", capacity=2)


@pytest.fixture
def team(cohort):
    return TeamFactory(host=cohort.host, cohort=cohort, name="Riverbend", slug="riverbend")


@pytest.fixture
def lead(team, applicant, sign_in):
    TeamMemberFactory(host=team.host, team=team, user=applicant, role="lead")
    return sign_in(applicant)


@pytest.fixture
def staff(coordinator, sign_in):
    return sign_in(coordinator)


@pytest.fixture
def coach(in_host):
    user = UserFactory(name="Cora Lindqvist", email="cora@prairie.example")
    MembershipFactory(host=in_host, user=user, roles=["coach"])
    return user


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", *args])


def mails():
    return [(m.to, m.subject) for m in OutboundMessage.objects.order_by("pk")]


def test_a_coach_is_given_a_team_and_told(team, coach, staff, sign_in):
    mine = sign_in(coach)
    assert mine.get(url("team_home", "riverbend")).status_code == 404
    page = staff.get(url("team_edit", "riverbend")).content.decode()
    assert "Cora Lindqvist" in page
    done = staff.post(url("team_edit", "riverbend"), {"place-coach": coach.pk})
    assert done.url == url("team_home", "riverbend")
    assert mine.get(url("team_home", "riverbend")).status_code == 200
    assert mails() == [("cora@prairie.example", "You coach Riverbend now")]
    staff.post(url("team_edit", "riverbend"), {"place-coach": coach.pk})
    assert len(mails()) == 1
    assert "Cora Lindqvist" in staff.get(url("teams", "ac")).content.decode()


def test_a_lead_writes_the_plans_and_not_who_coaches(team, lead, coach):
    """S4-24, S4-25: support and pay of people with lived experience."""
    page = lead.get(url("team_edit", "riverbend")).content.decode()
    assert "How do you pay them" in page and "Coach" not in page
    sent = {
        "support_plan": "A peer prepares each meeting.",
        "compensation_plan": "$50 an hour.",
        "place-coach": coach.pk,
    }
    assert lead.post(url("team_edit", "riverbend"), sent).status_code == 302
    team.refresh_from_db()
    assert (team.support_plan, team.coach) == ("A peer prepares each meeting.", None)
    assert "$50 an hour." in lead.get(url("team_home", "riverbend")).content.decode()
    assert AuditEvent.objects.about(team).filter(verb="changed").count() == 1


def test_prework_has_a_day_and_stands_on_the_list(in_host, applicant, coordinator, sign_in):
    """S0-07: prework done before the first session."""
    program = ProgramFactory(host=in_host, blueprint_key="progress-report-ian")
    cohort = CohortFactory(host=in_host, program=program, slug="ian")
    team = TeamFactory(host=in_host, cohort=cohort, slug="oak")
    TeamMemberFactory(host=in_host, team=team, user=applicant, role="lead")
    mine, staff = sign_in(applicant), sign_in(coordinator)
    assert "Before session 1." in mine.get(url("team_home", "oak")).content.decode()
    assert "Prework: not done" in staff.get(url("teams", "ian")).content.decode()
    late = mine.post(url("team_edit", "oak"), {"prework_done_on": "2099-01-01"})
    assert "Choose today or an earlier day." in late.content.decode()
    mine.post(url("team_edit", "oak"), {"prework_done_on": "2026-10-01"})
    team.refresh_from_db()
    assert team.prework_done_on == date(2026, 10, 1)
    assert "Prework: done" in staff.get(url("teams", "ian")).content.decode()


def test_first_steps_are_shown_until_they_are_done(team, lead):
    page = lead.get(url("team_home", "riverbend"))
    steps = {step.words: step.done for step in page.context["welcome"]}
    assert steps["Invite everybody on the team"] is True
    assert steps["Your senior leader says yes"] is False
    assert "First steps" in page.content.decode()
    TeamMemberFactory(
        host=team.host,
        team=team,
        leadership="senior_leader",
        asked_at=NOW,
        confirmed_at=NOW,
        role="viewer",
    )
    again = lead.get(url("team_home", "riverbend")).context["welcome"]
    assert {s.words: s.done for s in again}["Your senior leader says yes"] is True


def test_a_member_reads_the_steps_without_links(team, applicant, sign_in):
    TeamMemberFactory(host=team.host, team=team, user=applicant, role="member")
    page = sign_in(applicant).get(url("team_home", "riverbend"))
    assert all(step.url == "" for step in page.context["welcome"])
    assert sign_in(applicant).get(url("team_edit", "riverbend")).status_code == 403


# --- the end ------------------------------------------------------------------------------------


def test_a_team_ends_with_a_reason_and_can_go_on_while_a_seat_is_free(team, lead, staff):
    refused = staff.post(url("team_end", "riverbend"), {"reason": ""})
    assert refused.status_code == 422
    done = staff.post(url("team_end", "riverbend"), {"reason": "The hospital closed its ward."})
    assert done.status_code == 302
    page = lead.get(url("team_home", "riverbend")).content.decode()
    assert "This team has left" in page and "The hospital closed its ward." in page
    assert lead.get(url("team_edit", "riverbend")).status_code == 403
    assert [subject for _to, subject in mails()] == [f"Riverbend has left {team.cohort.name}"]
    staff.post(url("team_end", "riverbend"), {"reason": "Again."})
    assert len(mails()) == 1
    assert staff.post(url("team_resume", "riverbend")).status_code == 302
    assert lead.get(url("team_edit", "riverbend")).status_code == 200


def test_a_team_can_not_go_on_when_its_seat_is_taken(team, cohort, coordinator):
    team_care.end_team(team=team, reason="Left", now=timezone.now(), by=coordinator)
    for _ in range(2):
        TeamFactory(host=cohort.host, cohort=cohort)
    with pytest.raises(CohortFull):
        team_care.resume_team(team=team, by=coordinator)
    assert Team.objects.get(pk=team.pk).ended_at is not None


@pytest.mark.parametrize("name", ["team_end", "groups", "group_add"])
def test_only_staff_end_teams_and_make_groups(team, lead, name):
    where = "riverbend" if name == "team_end" else "ac"
    assert lead.get(url(name, where)).status_code in (403, 404)


# --- groups -------------------------------------------------------------------------------------


def test_teams_are_put_into_a_group_with_a_facilitator(team, cohort, coach, staff, lead):
    other = TeamFactory(host=cohort.host, cohort=cohort, name="Oakfield")
    assert "No groups yet" in staff.get(url("groups", "ac")).content.decode()
    sent = {"name": "North", "facilitator": coach.pk, "teams": [team.pk, other.pk]}
    assert staff.post(url("group_add", "ac"), sent).url == url("groups", "ac")
    group = TeamGroup.objects.get()
    assert [t.name for t in group.teams.order_by("name")] == ["Oakfield", "Riverbend"]
    home = lead.get(url("team_home", "riverbend")).content.decode()
    assert "North, with Cora Lindqvist" in home
    twice = staff.post(url("group_add", "ac"), {"name": "north"})
    assert "Another group has this name." in twice.content.decode()
    sent = {"name": "North", "facilitator": "", "teams": [other.pk]}
    staff.post(url("group_edit", "ac", group.pk), sent)
    assert [t.name for t in group.teams.all()] == ["Oakfield"]
    page = staff.get(url("groups", "ac")).content.decode()
    assert "In no group" in page and "No facilitator yet" in page
    staff.post(url("group_remove", "ac", group.pk))
    assert not TeamGroup.objects.exists()
    assert Team.objects.filter(group=None).count() == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_groups_cost_the_same_for_any_number(cohort, staff, rows, django_assert_num_queries):
    for n in range(rows):
        group = TeamGroup.objects.create(host=cohort.host, cohort=cohort, name=f"Group {n}")
        TeamFactory(host=cohort.host, cohort=cohort, group=group)
    staff.get(url("groups", "ac"))
    with django_assert_num_queries(10):
        staff.get(url("groups", "ac"))
