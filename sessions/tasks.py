"""What the clock does for sessions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from messaging import reminders
from messaging.reminders import HORIZON, Reminder
from sessions import emails, queries

DAY_BEFORE = timedelta(days=1)


@reminders.register("session-soon")
def session_soon(now: datetime) -> Iterator[Reminder]:
    """A day before, to everybody who hasn't said no, and to who facilitates a small group. A
    moved session is reminded of anew."""
    for invitee in queries.to_remind(now=now, horizon=HORIZON + DAY_BEFORE):
        session = invitee.session
        yield Reminder(
            "session-soon",
            invitee,
            "-1d",
            due_at=session.starts_at - DAY_BEFORE,
            send=partial(emails.reminder, invitee, offset="-1d"),
            round=session.sequence,
            until=session.starts_at,
        )
    for session in queries.to_facilitate(now=now, horizon=HORIZON + DAY_BEFORE):
        key = f"reminder:-1d:{session.sequence}"
        yield Reminder(
            "session-soon",
            session,
            "-1d",
            due_at=session.starts_at - DAY_BEFORE,
            send=partial(emails.facilitates, session, "reminder", key),
            round=session.sequence,
            until=session.starts_at,
        )
