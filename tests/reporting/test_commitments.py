"""What a leader said yes to: followed by the team, seen again by the leader."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from messaging import reminders
from messaging.sealing import unseal
from reporting import actions, queries, rules, tasks
from reporting.models import LeaderCommitment, LeaderReply, Period
from tests.factories.reporting import submitted_report
from tests.factories.sessions import SessionFactory
from tests.reporting.conftest import NOW
from tests.reporting.test_replies import ASKS, mails, page, send, token_of
from tests.reporting.test_reports import url
from workflow.machine import TransitionNotAllowed


@pytest.fixture
def version(clock, team, third, measure, applicant):
    return submitted_report(team.team, third, applicant, now=NOW, **ASKS)


@pytest.fixture
def reply(version):
    return LeaderReply.objects.get()


@pytest.fixture
def sent(reply):
    """Yes to the first ask until January 15, with conditions to the second."""
    values = {"answer_1": "yes", "by_1": "2027-01-15", "answer_2": "conditions", "note_2": "Later"}
    return send(reply, reflection="Well done.", **values)


@pytest.fixture
def first(sent):
    return LeaderCommitment.objects.get(place=0)


def follow(client, commitment, act, **fields):
    values = {"commitment": commitment.pk, "act": act, **fields}
    return client.post(url("leader_commitments", "riverbend"), values)


def listed(client):
    return client.get(url("leader_commitments", "riverbend")).content.decode()


def test_the_team_marks_it_done_and_the_leader_sees_it_next_time(
    clock, sent, first, team, cohort, applicant, sign_in
):
    client = sign_in(applicant)
    assert "Fund two posts" in listed(client) and "January 15, 2027" in listed(client)
    assert follow(client, first, "done").status_code == 302
    first.refresh_from_db()
    assert (first.done_at, first.done_by) == (NOW, applicant)

    clock.move_to(NOW + timedelta(days=90), tick=False)
    fourth = Period.objects.get(cohort=cohort, number=4)
    now = datetime.now(UTC)
    submitted_report(team.team, fourth, applicant, now=now, ask_1="Come to the clinic")
    (_first, mail) = mails("please_reply")
    text = Client().get(page("reply", token_of(mail)), follow=True).content.decode()
    before = text[text.index("What you said yes to before") : text.index("1. What your team asks")]
    assert before.index("Meet the tribal health board") < before.index("Fund two posts")
    assert "Done" in before[before.index("Fund two posts") :]
    assert "No day named" in before


def test_what_was_done_before_the_last_reply_is_not_shown_again(
    clock, sent, first, team, cohort, applicant
):
    actions.finish_commitment(commitment=first, now=NOW + timedelta(days=1), by=applicant)
    for number, days in ((4, 90), (5, 180)):
        clock.move_to(NOW + timedelta(days=days), tick=False)
        period = Period.objects.get(cohort=cohort, number=number)
        submitted_report(team.team, period, applicant, now=datetime.now(UTC), ask_1="More")
        latest = LeaderReply.objects.order_by("-pk").first()
        shown = queries.promised_before(latest, now=datetime.now(UTC))
        if number == 4:
            assert [one.commitment.text for one in shown][-1] == "Fund two posts"
            send(latest, now=datetime.now(UTC), answer_1="not_now")
    assert [one.commitment.text for one in shown] == ["Meet the tribal health board"]


def test_a_day_is_agreed_on_and_taken_back(sent, first, applicant, sign_in):
    client = sign_in(applicant)
    follow(client, first, "day", due_on="2027-03-01")
    first.refresh_from_db()
    assert first.due_on == date(2027, 3, 1)
    wrong = follow(client, first, "day", due_on="soon")
    assert (wrong.status_code, "This was not saved" in wrong.content.decode()) == (422, True)
    follow(client, first, "day", due_on="")
    first.refresh_from_db()
    assert first.due_on is None
    follow(client, first, "done")
    follow(client, first, "open")
    first.refresh_from_db()
    assert (first.done_at, first.done_by) == (None, None)


def test_a_day_that_the_team_agreed_on_stays_when_the_leader_changes_the_reply(
    sent, first, applicant
):
    second = LeaderCommitment.objects.get(place=1)
    actions.set_commitment_day(commitment=second, due_on=date(2027, 5, 1), by=applicant)
    actions.save_reply(reply=sent, values={"note_2": "Sooner"}, now=NOW)
    actions.send_reply(reply=sent, sendings=1, now=NOW)
    second.refresh_from_db()
    assert (second.due_on, second.conditions) == (date(2027, 5, 1), "Sooner")


def test_a_day_that_has_passed_is_said(clock, sent, first, applicant, sign_in):
    clock.move_to(datetime(2027, 1, 16, 12, tzinfo=UTC), tick=False)
    assert "Day has passed" in listed(sign_in(applicant))
    actions.finish_commitment(commitment=first, now=NOW, by=applicant)
    assert "Day has passed" not in listed(sign_in(applicant))


def test_only_writers_of_the_own_team_follow(sent, first, team, other, sign_in, coordinator):
    stranger = sign_in(other.user)
    assert stranger.get(url("leader_commitments", "riverbend")).status_code == 404
    assert follow(stranger, first, "done").status_code == 404
    theirs = {"commitment": first.pk, "act": "done"}
    crossed = stranger.post(url("leader_commitments", "other"), theirs)
    assert crossed.status_code == 422
    team.member.role = "viewer"
    team.member.save()
    assert follow(sign_in(team.member.user), first, "done").status_code == 403
    first.refresh_from_db()
    assert first.done_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_length(
    rows, sent, applicant, sign_in, django_assert_num_queries
):
    LeaderCommitment.objects.exclude(place=0).delete()
    for place in range(1, rows):
        LeaderCommitment.objects.create(
            host_id=sent.host_id,
            reply=sent,
            team=sent.version.report.team,
            place=place,
            text=f"Promise {place}",
        )
    client = sign_in(applicant)
    listed(client)
    with django_assert_num_queries(10):
        text = listed(client)
    assert text.count('id="commitment-') == rows


def test_the_next_report_shows_what_is_open(sent, cohort, team, applicant, sign_in, clock):
    clock.move_to(NOW + timedelta(days=90), tick=False)
    fourth = Period.objects.get(cohort=cohort, number=4)
    text = sign_in(applicant).get(url("edit", "riverbend", fourth.slug)).content.decode()
    assert "Your leader’s open commitments" in text and "Fund two posts" in text


# --- reminders -----------------------------------------------------------------------------------


def test_the_leader_is_reminded_of_the_day_they_named(clock, sent, first):
    reminders.register("leader-commitment")(tasks.leader_commitment)
    when = [(datetime(2026, 12, 31), 0), (datetime(2027, 1, 1, 15), 1), (datetime(2027, 1, 2), 1)]
    when += [(datetime(2027, 1, 15, 15), 2), (datetime(2027, 1, 15, 16), 2)]
    for at, expected in when:
        clock.move_to(at.replace(tzinfo=UTC), tick=False)
        reminders.plan_reminders(now=datetime.now(UTC))
        assert len(mails("commitment_due")) == expected
    mail = mails("commitment_due")[0]
    assert mail.to == "elena@riverbend.example"
    text = unseal(mail.body).text
    assert "Fund two posts" not in text and "Jan. 15, 2027" in text
    receipt = Client().get(page("reply", token_of(mails("commitment_due")[1])), follow=True)
    assert "Fund two posts" in receipt.content.decode()


def test_what_is_done_is_not_reminded_of(clock, sent, first, applicant):
    reminders.register("leader-commitment")(tasks.leader_commitment)
    actions.finish_commitment(commitment=first, now=NOW, by=applicant)
    clock.move_to(datetime(2027, 1, 1, 15, tzinfo=UTC), tick=False)
    reminders.plan_reminders(now=datetime.now(UTC))
    assert mails("commitment_due") == []


# --- acknowledging -------------------------------------------------------------------------------


def test_the_team_says_that_it_read_the_reply(version, sent, team, applicant, sign_in):
    client = sign_in(applicant)
    here = url("report", "riverbend", version.report.period.slug)
    assert "We read the reply" in client.get(here).content.decode()
    address = url("acknowledge", "riverbend", version.report.period.slug)
    for _ in range(2):
        client.post(address)
    sent.refresh_from_db()
    assert (sent.acknowledged_at, sent.acknowledged_by) == (NOW, applicant)
    (mail,) = mails("acknowledged")
    assert (mail.to, mail.subject) == (
        "elena@riverbend.example",
        "Your team has read your reply (Riverbend)",
    )
    assert "/r/" not in unseal(mail.body).text
    text = client.get(here).content.decode()
    assert "We read the reply" not in text and "Dana Whitfield told the leader" in text
    (asked,) = mails("please_reply")
    receipt = Client().get(page("reply", token_of(asked)), follow=True).content.decode()
    assert "Your team has read it." in receipt


def test_a_changed_reply_waits_to_be_read_again(sent, applicant):
    actions.acknowledge(reply=sent, now=NOW, by=applicant)
    with pytest.raises(TransitionNotAllowed):
        actions.acknowledge(reply=sent, now=NOW, by=applicant)
    actions.save_reply(reply=sent, values={"reflection": "On second look."}, now=NOW)
    changed = actions.send_reply(reply=sent, sendings=1, now=NOW)
    assert changed.acknowledged_at is None
    actions.acknowledge(reply=changed, now=NOW, by=applicant)
    assert len(mails("acknowledged")) == 2


def test_nobody_thanks_themselves(sent, team):
    own = sent.member
    own.role = "lead"
    assert not rules.can_acknowledge(own, sent)
    assert rules.can_acknowledge(team.lead, sent)


# --- the call, and how long it took --------------------------------------------------------------


def test_the_leadership_call_is_linked_from_reply_and_report(
    version, reply, team, cohort, applicant, sign_in
):
    """S1-17: a quarterly leadership call."""
    at = NOW + timedelta(days=20)
    SessionFactory(
        host=cohort.host,
        cohort=cohort,
        kind="leadership_call",
        title="Leaders meet",
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        published=True,
        join_link="https://meet.example/leaders",
    )
    (mail,) = mails("please_reply")
    for place in ("reply", "receipt"):
        text = Client().get(page("reply", token_of(mail)), follow=True).content.decode()
        assert "Leaders meet" in text and "https://meet.example/leaders" in text, place
        if place == "reply":
            send(reply, reflection="Done.")
    report = sign_in(applicant).get(url("report", "riverbend", version.report.period.slug))
    assert "Leaders meet" in report.content.decode()


def test_the_board_says_how_long_leaders_took(
    clock, version, reply, team, third, cohort, applicant, coordinator, sign_in
):
    numbers = queries.board_numbers(cohort, applicant, None, now=NOW)
    assert numbers.reply_days is None
    send(reply, now=NOW + timedelta(days=4, hours=3), reflection="Done.")
    client = sign_in(coordinator)
    numbers = client.get(f"/prairie/staff/p/{cohort.slug}/reports/numbers/").content.decode()
    assert "4 days" in numbers
    matrix = client.get(f"/prairie/staff/p/{cohort.slug}/reports/").content.decode()
    assert "after 4 days" in matrix and "Half of the leaders replied within 4 days." in matrix


def test_a_version_without_its_own_reply_waits(clock, version, reply, team, third, applicant):
    """The reply to version 1 is no reply to version 2."""
    send(reply, now=NOW + timedelta(days=2), reflection="Done.")
    later = NOW + timedelta(days=3)
    assert queries.standing_of(team.team, third, now=later).code == "replied"
    actions.reopen(report=version.report, reason="A number", now=later, by=applicant)
    actions.submit(report=version.report, now=later, by=applicant)
    stood = queries.standing_of(team.team, third, now=later)
    assert (stood.code, stood.reply_days) == ("submitted", None)


def test_a_team_that_has_no_commitments_is_told_where_they_come_from(team, applicant, sign_in):
    assert "it is followed here" in listed(sign_in(applicant))
