"""What the clock does for sessions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from messaging import reminders
from messaging.reminders import HORIZON, Reminder
from sessions import actions, emails, queries

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


@reminders.register("session-newcomer")
def session_newcomer(now: datetime) -> Iterator[Reminder]:
    """Whoever comes to a team late is asked to the sessions still ahead, however they came."""
    for session, member in queries.newcomers(now=now):
        yield Reminder(
            "session-newcomer",
            member,
            f"session-{session.pk}",
            due_at=session.published_at or now,
            send=partial(actions.invite, session=session, member=member),
            until=session.ends_at,
        )
