"""The reporting board: who stands where, and reminders to a selection."""

from datetime import timedelta

import pytest

from messaging import reminders
from messaging.models import OutboundMessage
from reporting import actions, queries, tasks
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import url

assert tasks  # registers the reminders
WHY = "The records system is new."


def to_leads():
    return [m.to for m in OutboundMessage.objects.filter(template="reporting/due").order_by("pk")]


def board_of(cohort, person):
    return queries.matrix(cohort, person, person.memberships.get(), now=NOW)


@pytest.fixture
def staff(coordinator, sign_in):
    return sign_in(coordinator)


@pytest.fixture
def remind(coordinator, sign_in):
    def post(query="", **ticked):
        client = sign_in(coordinator)  # a login ends by itself when days go by
        return client.post(url("remind", "ln") + query, ticked, follow=True).content.decode()

    return post


# --- who stands where ----------------------------------------------------------------------------


def test_the_board_can_be_narrowed_and_each_place_leads_on(
    clock, cohort, team, third, other, applicant, coordinator, staff
):
    """Q: team by quarter, with not due, open, late, submitted, skipped and more time."""
    submitted_report(team.team, third, applicant, now=NOW)
    given = {"period": third, "now": NOW, "by": coordinator, "reason": WHY}
    actions.extend(team=other.team, due_on=(NOW + timedelta(days=20)).date(), **given)
    page = staff.get(url("staff_list", "ln")).content.decode()
    assert url("report", "riverbend", third.slug) in page
    assert f"{url('period', 'ln', third.slug)}#team-{other.team.pk}" in page
    assert "leader asked 0 days ago" in page and "November 29" in page
    board = board_of(cohort, coordinator)
    assert {tab.label: tab.count for tab in queries.tabs(board, {})} == {
        "All teams": 2,
        "Late": 4,
        "Open": 1,
        "Submitted": 1,
        "Waits for the leader": 1,
        "More time": 1,
        "Not open yet": 6,
    }
    actions.skip(team=other.team, **given)
    only = staff.get(url("staff_list", "ln"), {"stands": "skipped", "period": third.slug})
    text = only.content.decode()
    assert "Lakeside" in text and "Riverbend" not in text and "Quarter 2" not in text
    none = staff.get(url("staff_list", "ln"), {"stands": "replied", "period": third.slug})
    assert "No team stands like that" in none.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_costs_the_same_for_any_number_of_teams(
    clock, rows, cohort, coordinator, django_assert_num_queries
):
    for number in range(rows):
        TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {number}")
    with django_assert_num_queries(5):  # membership, periods, teams, reports, allowances
        assert len(board_of(cohort, coordinator).rows) == rows


# --- reminders -----------------------------------------------------------------------------------


def test_a_ticked_place_is_reminded_of_once_a_day(clock, team, third, other, coordinator, remind):
    """Q: a reminder to a selection; a result for each; the record says who was written to."""
    page = remind(cell=[f"{team.team.pk}:{third.slug}", f"{other.team.pk}:2027-q4"])
    assert "1 of 2 reminded." in page and "A mail goes to Dana Whitfield." in page
    assert "It opens on Jan. 17, 2027." in page
    assert to_leads() == ["dana@riverbend.example"]
    event = AuditEvent.objects.about(team.team).get(verb="reminded of a report")
    assert (event.actor_name, event.after) == (
        coordinator.name,
        {"period": third.slug, "to": ["Dana Whitfield"]},
    )
    clock.move_to(NOW + timedelta(hours=23))
    assert "Reminded within the last 24 hours." in remind(cell=f"{team.team.pk}:{third.slug}")
    clock.move_to(NOW + timedelta(hours=25))
    assert "1 of 1 reminded." in remind(cell=f"{team.team.pk}:{third.slug}")
    assert to_leads() == ["dana@riverbend.example"] * 2


def test_what_the_clock_sent_today_is_not_sent_again(clock, team, third, remind):
    reminders.plan_reminders(now=NOW)
    assert to_leads() == ["dana@riverbend.example"]
    assert "Reminded within the last 24 hours." in remind(cell=f"{team.team.pk}:{third.slug}")


def test_a_ticked_team_is_reminded_of_all_that_it_owes(clock, team, third, other, remind):
    """Of what is late or open, not of what is to come; and with a period, of that alone."""
    assert "3 of 3 reminded." in remind(team=str(team.team.pk))
    assert "1 of 1 reminded." in remind(f"?period={third.slug}", team=str(other.team.pk))
    assert to_leads() == ["dana@riverbend.example"] * 3 + ["nia@lakeside.example"]
    assert "Select teams or reports first." in remind()


def test_a_teams_own_day_counts(clock, team, third, coordinator, remind):
    """More time: the mail names the team's own day, and nobody is told that they are late."""
    given = {"team": team.team, "period": third, "now": NOW, "by": coordinator, "reason": WHY}
    actions.extend(due_on=(NOW + timedelta(days=20)).date(), **given)
    clock.move_to(third.due_at + timedelta(days=2))
    remind(cell=f"{team.team.pk}:{third.slug}")
    (mail,) = OutboundMessage.objects.filter(template="reporting/due")
    assert "late" not in mail.subject
    actions.skip(**{**given, "now": NOW + timedelta(days=10)})
    assert "No report is asked for." in remind(cell=f"{team.team.pk}:{third.slug}")


def test_where_the_report_is_in_its_leader_is_reminded(clock, team, third, applicant, remind):
    """S1-18, Q: the leader's own link again, and not on the day on which they were asked."""
    submitted_report(team.team, third, applicant, now=NOW)
    ticked = f"{team.team.pk}:{third.slug}"
    assert "Reminded within the last 24 hours." in remind(cell=ticked)
    clock.move_to(NOW + timedelta(days=2))
    assert "A mail goes to Elena Alvarez." in remind(cell=ticked)
    (mail,) = OutboundMessage.objects.filter(template="reporting/reply_reminder")
    assert mail.to == "elena@riverbend.example"
    assert to_leads() == []


def test_who_can_not_be_reminded(clock, cohort, team, third, other, coordinator, remind):
    lonely = TeamFactory(host=cohort.host, cohort=cohort, name="Lonely")
    gone = TeamFactory(host=cohort.host, cohort=cohort, name="Gone", ended_at=NOW)
    TeamMemberFactory(host=gone.host, team=gone, role="lead")
    page = remind(cell=[f"{one.pk}:{third.slug}" for one in (lonely, gone)])
    assert "No lead of this team can be written to." in page and "This team has left." in page
    assert not AuditEvent.objects.filter(verb="reminded of a report").exists()


def test_only_who_may_write_reminds(clock, cohort, team, third, analyst, coach, sign_in, stranger):
    ticked = {"cell": f"{team.team.pk}:{third.slug}"}
    for one in (analyst, coach):
        client = sign_in(one)
        assert "Send a reminder" not in client.get(url("staff_list", "ln")).content.decode()
        assert client.post(url("remind", "ln"), ticked).status_code == 403
    assert sign_in(stranger).post(url("remind", "ln"), ticked).status_code in (403, 404)
    assert to_leads() == []
