"""Planning, inviting, moving, cancelling, answering, and the reminder."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connections
from icalendar import Calendar

from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from messaging.sealing import unseal
from sessions import actions
from sessions.models import Invitee, Session
from sessions.states import Answer, Presence, Status
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories import UserFactory
from tests.factories.collaboratives import CohortFactory, TeamFactory, TeamMemberFactory
from tests.factories.sessions import InviteeFactory, SessionFactory
from workflow.machine import TransitionNotAllowed

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_a_fixed_time():
    with time_machine.travel(NOW, tick=False):
        yield


def calendar_of(message: OutboundMessage):
    [attachment] = unseal(message.body).attachments
    return Calendar.from_ical(attachment.content).walk("VEVENT")[0]


@pytest.mark.django_db
class TestPlan:
    def test_the_four_sessions_of_the_sprint(self, in_host):
        """S0-15 to S0-19: four sessions, unequal lengths, irregular gaps."""
        cohort = CohortFactory(
            host=in_host,
            starts_on=date(2022, 9, 15),
            ends_on=date(2022, 11, 10),
            program__blueprint_key="progress-report-ian",
        )
        planned = actions.plan_sessions(cohort=cohort, by=UserFactory())
        local = [s.starts_at.astimezone(cohort.zone) for s in planned]
        assert [f"{at:%a %b %d %H:%M}" for at in local] == [
            "Thu Sep 15 12:00",
            "Thu Oct 06 12:00",
            "Thu Oct 27 12:00",
            "Thu Nov 10 12:00",  # after the clocks went back
        ]
        assert [s.minutes for s in planned] == [60, 90, 90, 90]

    def test_a_plan_is_filled_in_once(self, in_host):
        session = SessionFactory(host=in_host)
        with pytest.raises(actions.AlreadyPlanned):
            actions.plan_sessions(cohort=session.cohort, by=UserFactory())


@pytest.mark.django_db
class TestInvite:
    def test_publishing_invites_everybody_on_the_teams_once(self, in_host):
        session = SessionFactory(host=in_host)
        member = TeamMemberFactory(host=in_host, team__cohort=session.cohort)
        TeamMemberFactory(host=in_host, team=member.team, left_at=NOW)
        TeamMemberFactory(host=in_host)  # of another cohort
        actions.publish(session=session, by=UserFactory(), now=NOW)
        assert [i.member for i in Invitee.objects.all()] == [member]
        [message] = OutboundMessage.objects.all()
        assert message.to == member.email
        assert calendar_of(message)["sequence"] == 0
        with pytest.raises(TransitionNotAllowed):
            actions.publish(session=session, by=UserFactory(), now=NOW)

    def test_a_leadership_call_is_for_leaders(self, in_host):
        """S1-17: the audience of a leadership call."""
        session = SessionFactory(host=in_host, audience="leaders")
        team = TeamFactory(host=in_host, cohort=session.cohort)
        leader = TeamMemberFactory(host=in_host, team=team, leadership="senior_leader", user=None)
        TeamMemberFactory(host=in_host, team=team)
        actions.publish(session=session, by=UserFactory(), now=NOW)
        assert [i.member for i in Invitee.objects.all()] == [leader]

    def test_somebody_new_is_asked_to_what_is_still_ahead(self, in_host):
        session = SessionFactory(host=in_host, published=True)
        SessionFactory(
            host=in_host,
            cohort=session.cohort,
            published=True,
            starts_at=NOW - timedelta(days=2),
            ends_at=NOW - timedelta(days=1),
        )
        member = TeamMemberFactory(host=in_host, team__cohort=session.cohort)
        TeamMemberFactory(host=in_host, team=member.team, left_at=NOW)
        for _ in range(2):
            plan_reminders(now=NOW)
        [invitee] = Invitee.objects.all()
        assert (invitee.session, invitee.member) == (session, member)
        assert [one.to for one in OutboundMessage.objects.all()] == [member.email]


@pytest.mark.django_db
class TestMove:
    def test_calendars_follow_by_uid_and_sequence(self, in_host):
        invitee = InviteeFactory(host=in_host, session__published=True)
        session = invitee.session
        moved = actions.move(
            session=session,
            starts_at=session.starts_at + timedelta(days=7),
            minutes=60,
            by=UserFactory(),
            reason="Holiday",
        )
        event = calendar_of(OutboundMessage.objects.get())
        assert (event["uid"], event["sequence"]) == (f"{session.uid}@closer", 1)
        assert event.decoded("dtstart") == moved.starts_at
        [recorded] = AuditEvent.objects.about(session)
        assert (recorded.verb, recorded.reason) == ("moved", "Holiday")
        assert recorded.before["starts_at"] == "2027-01-14T18:00:00+00:00"

    def test_moving_an_unpublished_one_tells_nobody(self, in_host):
        session = SessionFactory(host=in_host)
        actions.move(
            session=session, starts_at=NOW + timedelta(days=9), minutes=60, by=UserFactory()
        )
        assert not OutboundMessage.objects.exists()

    def test_a_cancelled_one_stays_where_it_was(self, in_host):
        invitee = InviteeFactory(host=in_host, session__published=True)
        actions.cancel(session=invitee.session, by=UserFactory(), now=NOW, reason="Storm")
        event = calendar_of(OutboundMessage.objects.get())
        assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
        with pytest.raises(TransitionNotAllowed):
            actions.move(session=invitee.session, starts_at=NOW, minutes=60, by=UserFactory())


@pytest.mark.django_db
class TestAnswerAndCome:
    def test_an_answer_is_kept_until_it_is_over(self, in_host):
        invitee = InviteeFactory(host=in_host, session__published=True)
        actions.answer(invitee=invitee, answer=Answer.YES, by="Robin (by link)", now=NOW)
        invitee.refresh_from_db()
        assert (invitee.answer, invitee.answered_at) == ("yes", NOW)
        late = invitee.session.ends_at
        with pytest.raises(TransitionNotAllowed):
            actions.answer(invitee=invitee, answer=Answer.NO, by="Robin", now=late)

    def test_attendance_counts_what_changed(self, in_host):
        """S3-20: attendance is tracked."""
        one = InviteeFactory(host=in_host, session__published=True)
        two = InviteeFactory(host=in_host, session=one.session)
        by = UserFactory()
        presence = {one.pk: Presence.PRESENT, two.pk: Presence.UNKNOWN}
        assert actions.note_attendance(session=one.session, presence=presence, by=by, now=NOW) == 1
        one.refresh_from_db()
        assert (one.presence, one.presence_by, one.presence_at) == ("present", by, NOW)

    def test_somebody_of_another_session_is_not_touched(self, in_host):
        one = InviteeFactory(host=in_host, session__published=True)
        stranger = InviteeFactory(host=in_host)
        presence = {stranger.pk: Presence.PRESENT}
        by = UserFactory()
        assert actions.note_attendance(session=one.session, presence=presence, by=by, now=NOW) == 0


def soon(host, **fields):
    starts_at = NOW + timedelta(hours=20)
    return InviteeFactory(
        host=host,
        session__published=True,
        session__starts_at=starts_at,
        session__ends_at=starts_at + timedelta(hours=1),
        **fields,
    )


@pytest.mark.django_db
class TestReminder:
    def test_it_goes_once_and_not_to_who_said_no(self, in_host):
        invitee = soon(in_host)
        InviteeFactory(host=in_host, session=invitee.session, answer=Answer.NO)
        plan_reminders(now=NOW)
        plan_reminders(now=NOW)
        assert [m.to for m in OutboundMessage.objects.all()] == [invitee.member.email]

    def test_a_moved_session_is_reminded_of_at_its_new_time(self, in_host):
        invitee = soon(in_host)
        plan_reminders(now=NOW)
        later = invitee.session.starts_at + timedelta(days=7)
        actions.move(session=invitee.session, starts_at=later, minutes=60, by=UserFactory())
        plan_reminders(now=NOW)
        sent = OutboundMessage.objects.filter(template="sessions/reminder")
        assert sent.count() == 1
        plan_reminders(now=later - timedelta(hours=20))
        assert sent.count() == 2

    def test_a_cancelled_session_is_not_reminded_of(self, in_host):
        invitee = soon(in_host)
        actions.cancel(session=invitee.session, by=UserFactory(), now=NOW, reason="Storm")
        plan_reminders(now=NOW)
        assert not OutboundMessage.objects.filter(template="sessions/reminder").exists()


@pytest.mark.django_db(transaction=True)
def test_two_clocks_send_one_reminder(host):
    with open_host(host.pk):
        soon(host)
    gate = threading.Barrier(2)

    def tick():
        gate.wait()
        try:
            plan_reminders(now=NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_host(host.pk):
        assert OutboundMessage.objects.count() == 1
        assert Session.objects.get().status == Status.PUBLISHED
