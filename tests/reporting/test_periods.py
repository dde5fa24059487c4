"""When reports are asked for: the plan, the window, and what one team is given."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from messaging import reminders
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from reporting import actions, queries, tasks
from reporting.actions import Plan
from reporting.models import Allowance, Period
from tenancy.models import AuditEvent
from tests.factories.collaboratives import CohortFactory, ProgramFactory, TeamFactory
from tests.factories.reporting import submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_reports import url

assert tasks  # registers the reminders
WHY = "The records system is new."


def mails(template):
    found = OutboundMessage.objects.filter(template=f"reporting/{template}")
    return list(found.order_by("pk"))


def entry_of(message):
    (attached,) = unseal(message.body).attachments
    (event,) = Calendar.from_ical(attached.content).walk("VEVENT")
    return event


def remind_at(clock, at):
    clock.move_to(at)
    return reminders.plan_reminders(now=at)


@pytest.fixture
def bare(in_host):
    """A cohort from February 2026 on, without periods."""
    program = ProgramFactory(host=in_host, blueprint_key="learning-network")
    return CohortFactory(
        host=in_host,
        program=program,
        slug="bare",
        starts_on=date(2026, 2, 3),
        ends_on=date(2027, 8, 3),
    )


# --- the plan ------------------------------------------------------------------------------------


def test_quarters_are_the_cohorts_or_the_years(bare):
    """S1-27, S3-22: a quarter is data: of the cohort, or of the calendar."""
    own = actions.lay_out(bare, Plan())
    assert [(p.label, p.starts_on, p.ends_on) for p in own][:2] == [
        ("Quarter 1", date(2026, 2, 1), date(2026, 4, 30)),
        ("Quarter 2", date(2026, 5, 1), date(2026, 7, 31)),
    ]
    of_the_year = actions.lay_out(bare, Plan(by_calendar=True))
    assert [(p.label, p.slug, p.starts_on, p.ends_on) for p in of_the_year][:2] == [
        ("Quarter 1 of 2026", "2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("Quarter 2 of 2026", "2026-q2", date(2026, 4, 1), date(2026, 6, 30)),
    ]
    assert of_the_year[4].slug == "2027-q1"
    assert len({p.slug for p in of_the_year}) == len(of_the_year) == 6


def test_the_window_is_apart_from_the_period(bare):
    """What it covers and when it is due are two things; both follow the cohort's clock."""
    first = actions.lay_out(bare, Plan(opens_before_end=0, due_after_end=30))[0]
    assert first.ends_on == date(2026, 4, 30)
    assert first.opens_at == datetime(2026, 4, 30, 5, tzinfo=UTC)
    assert first.due_at == datetime(2026, 5, 31, 4, 59, tzinfo=UTC)


def test_staff_see_the_dates_before_they_plan(bare, coordinator, analyst, sign_in):
    client = sign_in(coordinator)
    asked = {"quarters": "calendar", "opens_before_end": "7", "due_after_end": "30"}
    shown = client.get(url("plan", "bare"), asked).content.decode()
    assert "Quarter 1 of 2026" in shown and "April 30, 2026" in shown
    assert not Period.objects.filter(cohort=bare).exists()
    wrong = client.post(url("plan", "bare"), {**asked, "due_after_end": "0"})
    assert wrong.status_code == 422
    assert client.post(url("plan", "bare"), asked).url == url("staff_list", "bare")
    first = Period.objects.filter(cohort=bare).order_by("number").first()
    assert (first.label, first.opens_at) == (
        "Quarter 1 of 2026",
        datetime(2026, 3, 24, 5, tzinfo=UTC),
    )
    assert client.get(url("plan", "bare")).url == url("staff_list", "bare")
    assert sign_in(analyst).post(url("plan", "bare"), asked).status_code == 403


# --- more time -----------------------------------------------------------------------------------


def test_more_time_moves_the_reminders_and_the_calendar(clock, team, third, coordinator, sign_in):
    """A team's own day moves what reminds of it, and the entry that people have."""
    assert remind_at(clock, NOW) == 1
    (before,) = mails("due")
    assert before.subject == "Action needed: Quarter 3 report"
    assert entry_of(before)["sequence"] == 0

    client = sign_in(coordinator)
    sent = {"what": "more_time", "due_on": "2026-12-01", "reason": WHY}
    assert client.post(url("give", "ln", third.slug, "riverbend"), sent).status_code == 302
    (told,) = mails("window")
    assert (told.to, told.subject) == (
        "dana@riverbend.example",
        "More time for the Quarter 3 report",
    )
    assert WHY in unseal(told.body).text and "December 1 at 11:59 p.m." in unseal(told.body).text
    moved = entry_of(told)
    assert (moved["uid"], moved["sequence"]) == (entry_of(before)["uid"], 1)
    assert moved.decoded("dtend") == datetime(2026, 12, 2, 5, 59, tzinfo=UTC)

    assert remind_at(clock, datetime(2026, 11, 15, 12, tzinfo=UTC)) == 0  # the old last day
    assert queries.standing_of(team.team, third, now=datetime.now(UTC)).code == "open"
    assert remind_at(clock, datetime(2026, 11, 25, 12, tzinfo=UTC)) == 1
    assert remind_at(clock, datetime(2026, 12, 1, 12, tzinfo=UTC)) == 1
    assert remind_at(clock, datetime(2026, 12, 3, 12, tzinfo=UTC)) == 1
    assert [m.subject for m in mails("due")][-1] == "Action needed: Quarter 3 report is late"


def test_the_team_sees_its_day_and_why(clock, team, third, other, coordinator, applicant, sign_in):
    actions.extend(
        team=team.team, period=third, due_on=date(2026, 12, 1), reason=WHY, now=NOW, by=coordinator
    )
    client = sign_in(applicant)
    listed = client.get(url("team_reports", "riverbend")).content.decode()
    assert WHY in listed and "December 1, 2026" in listed and "more time for your team" in listed
    editor = client.get(url("edit", "riverbend", third.slug)).content.decode()
    assert "Your team has more time." in editor and "December 1" in editor
    theirs = sign_in(other.user).get(url("team_reports", "other")).content.decode()
    assert WHY not in theirs and "December 1" not in theirs


def test_more_time_is_later_and_still_to_come(clock, team, third, coordinator, applicant, sign_in):
    about = {"team": team.team, "period": third, "reason": WHY, "now": NOW, "by": coordinator}
    for day in [date(2026, 11, 15), date(2026, 11, 1)]:
        with pytest.raises(actions.Refused, match="after the present due day"):
            actions.extend(due_on=day, **about)
    page = sign_in(coordinator).post(
        url("give", "ln", third.slug, "riverbend"),
        {"what": "more_time", "due_on": "2026-11-15", "reason": WHY},
    )
    assert page.status_code == 422
    assert "Choose a day after the present due day" in page.content.decode()
    submitted_report(team.team, third, applicant, now=NOW)
    with pytest.raises(actions.Refused, match="come in already"):
        actions.extend(due_on=date(2026, 12, 1), **about)
    assert not Allowance.objects.exists()


def test_a_decision_needs_its_reason(clock, team, third, coordinator, sign_in):
    page = sign_in(coordinator).post(
        url("give", "ln", third.slug, "riverbend"), {"what": "more_time", "reason": " "}
    )
    assert page.status_code == 422
    assert "Say why." in page.content.decode() and "Enter the day." in page.content.decode()


# --- no report -----------------------------------------------------------------------------------


def test_a_skipped_report_is_not_late_and_not_reminded_of(
    clock, team, third, coordinator, applicant, sign_in
):
    actions.start_report(team=team.team, period=third, now=NOW, by=applicant)
    client = sign_in(coordinator)
    sent = {"what": "skip", "reason": "The clinic is closed."}
    client.post(url("give", "ln", third.slug, "riverbend"), sent)
    (told,) = mails("window")
    assert told.subject == "No Quarter 3 report is asked of you"
    assert entry_of(told)["status"] == "CANCELLED"
    after_due = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert remind_at(clock, after_due) == 0
    assert queries.standing_of(team.team, third, now=after_due).code == "skipped"
    listed = sign_in(applicant).get(url("team_reports", "riverbend")).content.decode()
    assert "Not asked for" in listed and "The clinic is closed." in listed
    # What was written stays, and may still be sent.
    editor = sign_in(applicant).get(url("edit", "riverbend", third.slug)).content.decode()
    assert "You are not asked for this report." in editor
    submitted_report(team.team, third, applicant, now=after_due)
    assert queries.standing_of(team.team, third, now=after_due).code == "submitted"


def test_what_was_given_can_be_taken_back(clock, team, third, coordinator, sign_in):
    client = sign_in(coordinator)
    about = {"team": team.team, "period": third, "now": NOW, "by": coordinator}
    with pytest.raises(actions.Refused, match="Nothing was given"):
        actions.take_back(reason="No", **about)
    actions.skip(reason="Closed", **about)
    page = client.get(url("give", "ln", third.slug, "riverbend")).content.decode()
    assert "Take back what was given" in page and "Closed" in page
    sent = {"what": "take_back", "reason": "It opened again."}
    client.post(url("give", "ln", third.slug, "riverbend"), sent)
    standing = queries.standing_of(team.team, third, now=NOW)
    assert (standing.code, standing.is_given, standing.moves) == ("open", False, 2)
    assert [m.subject for m in mails("window")][-1] == ("The Quarter 3 report is asked for again")
    assert [(e.verb, e.reason) for e in AuditEvent.objects.about(team.team)] == [
        ("took back", "It opened again."),
        ("skipped a report", "Closed"),
    ]


# --- for all -------------------------------------------------------------------------------------


def test_a_moved_window_moves_for_all_who_still_write(
    clock, team, other, third, coordinator, applicant, sign_in
):
    submitted_report(other.team, third, other.user, now=NOW)
    client = sign_in(coordinator)
    sent = {"opens_on": "2026-10-17", "due_on": "2026-11-30", "reason": "A storm."}
    assert client.post(url("period", "ln", third.slug), sent).status_code == 302
    third.refresh_from_db()
    assert third.due_at == datetime(2026, 12, 1, 5, 59, tzinfo=UTC)
    assert (third.starts_on, third.ends_on) == (date(2026, 8, 1), date(2026, 10, 31))
    assert [(m.to, m.subject) for m in mails("window")] == [
        ("dana@riverbend.example", "The Quarter 3 report has another due day")
    ]
    (event,) = AuditEvent.objects.about(third)
    assert (event.verb, event.reason) == ("moved the window", "A storm.")
    for day, words in [("2026-11-01", "still to come"), ("2026-10-01", "after it opens")]:
        refused = client.post(url("period", "ln", third.slug), {**sent, "due_on": day})
        assert refused.status_code == 422 and words in refused.content.decode()
    assert sign_in(applicant).post(url("period", "ln", third.slug), sent).status_code == 404


def test_staff_ask_for_one_report_more(clock, cohort, team, other, coordinator, applicant, sign_in):
    client = sign_in(coordinator)
    sent = {
        "name": "Report for the funder",
        "team": f"{team.team.pk}",
        "first": "2026-02-01",
        "last": "2026-10-31",
        "opens_on": "2026-11-01",
        "due_on": "2026-12-20",
    }
    done = client.post(url("extra", "ln"), sent)
    made = Period.objects.get(name="Report for the funder")
    assert done.url == url("period", "ln", made.slug)
    assert [(m.to, m.subject) for m in mails("window")] == [
        ("dana@riverbend.example", "One more report is asked for: Report for the funder")
    ]
    asked = sign_in(applicant)
    assert "Report for the funder" in asked.get(url("team_reports", "riverbend")).content.decode()
    assert asked.get(url("edit", "riverbend", made.slug)).status_code == 200
    unasked = sign_in(other.user)
    assert "funder" not in unasked.get(url("team_reports", "other")).content.decode()
    assert unasked.get(url("edit", "other", made.slug)).status_code == 404
    assert queries.standing_of(other.team, made, now=NOW) is None
    board = client.get(url("staff_list", "ln")).content.decode()
    assert "Report for the funder" in board
    for field, value, words in [
        ("last", "2026-01-01", "comes after the first"),
        ("due_on", "2026-10-01", "after it opens"),
        ("team", f"{TeamFactory(host=cohort.host).pk}", "Select a valid choice"),
    ]:
        refused = client.post(url("extra", "ln"), {**sent, "name": "Again", field: value})
        assert refused.status_code == 422 and words in refused.content.decode()


def test_a_report_says_that_it_came_late(clock, team, third, applicant, coordinator, sign_in):
    late = third.due_at + timedelta(hours=1)
    clock.move_to(late)
    submitted_report(team.team, third, applicant, now=late)
    for page in [url("staff_list", "ln"), url("period", "ln", third.slug)]:
        assert "came late" in sign_in(coordinator).get(page).content.decode()
    assert "came late" in sign_in(applicant).get(url("team_reports", "riverbend")).content.decode()


# --- reminders -----------------------------------------------------------------------------------


def test_a_report_reminds_when_it_opens_twice_before_and_once_after(clock, team, third):
    """Mail 29: opens, due in a week, due tomorrow, late; then no more."""
    moments = {
        datetime(2026, 10, 17, 6, tzinfo=UTC): "Quarter 3 report: it is open",
        datetime(2026, 11, 9, 12, tzinfo=UTC): "Action needed: Quarter 3 report",
        datetime(2026, 11, 15, 12, tzinfo=UTC): "Action needed: Quarter 3 report",
        datetime(2026, 11, 17, 12, tzinfo=UTC): "Action needed: Quarter 3 report is late",
    }
    for at, subject in moments.items():
        remind_at(clock, at)
        remind_at(clock, at)
        assert mails("due")[-1].subject == subject
    assert len(mails("due")) == 4
    assert remind_at(clock, datetime(2026, 11, 25, 12, tzinfo=UTC)) == 0


def test_a_submitted_report_is_not_reminded_of(clock, team, third, applicant):
    submitted_report(team.team, third, applicant, now=NOW)
    remind_at(clock, NOW)
    assert mails("due") == []


def test_the_days_go_into_a_calendar(clock, team, applicant, stranger, sign_in):
    file = sign_in(applicant).get(url("due_days", "riverbend"))
    events = Calendar.from_ical(file.content).walk("VEVENT")
    assert [str(one["summary"]) for one in events] == [
        f"Report due: Quarter {n}" for n in range(1, 7)
    ]
    assert sign_in(stranger).get(url("due_days", "riverbend")).status_code == 404


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_a_period_costs_the_same_for_any_number_of_teams(
    clock, cohort, third, coordinator, sign_in, rows, django_assert_num_queries
):
    for number in range(rows):
        team = TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {number}")
        actions.skip(team=team, period=third, reason=WHY, now=NOW, by=coordinator)
    client = sign_in(coordinator)
    # opening the host 4, login session, user, membership, period; teams, reports, allowances
    with django_assert_num_queries(11):
        page = client.get(url("period", "ln", third.slug))
    text = page.content.decode()
    assert text.count('id="team-') == rows == text.count(WHY)


def test_a_coach_reads_a_period_and_moves_nothing(clock, third, team, analyst, sign_in):
    client = sign_in(analyst)
    page = client.get(url("period", "ln", third.slug))
    assert page.status_code == 200
    assert "Move the window" not in page.content.decode()
    assert client.get(url("give", "ln", third.slug, "riverbend")).status_code == 403
    assert client.get(url("extra", "ln")).status_code == 403
    sent = {"opens_on": "2026-10-17", "due_on": "2026-11-30", "reason": "x"}
    client.post(url("period", "ln", third.slug), sent)
    third.refresh_from_db()
    assert third.moves == 0
