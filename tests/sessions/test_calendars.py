"""Calendar files, read back by a library that did not write them by hand."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from sessions.calendars import calendar
from tests.factories.sessions import InviteeFactory, SessionFactory

pytestmark = pytest.mark.django_db


def event_of(raw: bytes):
    file = Calendar.from_ical(raw)
    return file, file.walk("VEVENT")[0]


def test_an_invitation_asks_one_person_in_the_sessions_own_zone(in_host):
    invitee = InviteeFactory(host=in_host, session__published=True)
    file, event = event_of(calendar(invitee.session, invitee=invitee))
    assert file["method"] == "REQUEST"
    assert event["uid"] == f"{invitee.session.uid}@closer"
    assert event["sequence"] == 0
    assert event["dtstart"].params["tzid"] == "America/Chicago"
    assert event.decoded("dtstart") == datetime(2027, 1, 14, 12, tzinfo=ZoneInfo("America/Chicago"))
    assert [zone["tzid"] for zone in file.walk("VTIMEZONE")] == ["America/Chicago"]
    assert event["attendee"] == f"MAILTO:{invitee.member.email}"
    assert event["organizer"] == f"MAILTO:{in_host.contact_email}"


def test_a_session_in_summer_keeps_its_local_hour(in_host):
    session = SessionFactory(
        host=in_host,
        starts_at=datetime(2027, 7, 14, 17, tzinfo=UTC),
        ends_at=datetime(2027, 7, 14, 18, tzinfo=UTC),
    )
    _, event = event_of(calendar(session))
    assert event.decoded("dtstart").hour == 12


def test_a_cancelled_session_leaves_the_calendar(in_host):
    invitee = InviteeFactory(
        host=in_host,
        session__status="cancelled",
        session__cancelled_at=datetime(2026, 12, 1, tzinfo=UTC),
        session__sequence=2,
    )
    file, event = event_of(calendar(invitee.session, invitee=invitee))
    assert (file["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 2)


def test_without_a_person_it_is_only_published(in_host):
    file, event = event_of(calendar(SessionFactory(host=in_host)))
    assert file["method"] == "PUBLISH"
    assert "attendee" not in event
