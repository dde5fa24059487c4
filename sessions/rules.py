"""Who may do what with a session."""

from datetime import datetime

from sessions.models import Invitee, Session
from sessions.states import Audience, Status, machine


def can_publish(session: Session) -> bool:
    return machine.allows("publish", session.status)


def can_cancel(session: Session) -> bool:
    return machine.allows("cancel", session.status)


def can_move(session: Session, now: datetime) -> bool:
    return session.status != Status.CANCELLED and session.starts_at > now


def can_answer(invitee: Invitee, now: datetime) -> bool:
    """Until it is over, and while it stands."""
    return invitee.session.status == Status.PUBLISHED and now < invitee.session.ends_at


def is_for(session: Session, *, leadership: str) -> bool:
    """Whether somebody with this leadership ("" for none) belongs to the audience."""
    return session.audience != Audience.LEADERS or bool(leadership)
