"""Who may do what with a session."""

from datetime import datetime

from collaboratives.blueprints.schema import Prework
from collaboratives.models import Team, TeamMember
from sessions.models import Invitee, Session
from sessions.states import Audience, Status, machine


def can_publish(session: Session) -> bool:
    return machine.allows("publish", session.status) and not lacks_group(session)


def lacks_group(session: Session) -> bool:
    """Planned for a small group, and nobody has said which."""
    return session.audience == Audience.SUBGROUP and session.group_id is None


def can_choose_group(session: Session) -> bool:
    return session.audience == Audience.SUBGROUP and session.status == Status.PLANNED


def can_cancel(session: Session) -> bool:
    return machine.allows("cancel", session.status)


def can_move(session: Session, now: datetime) -> bool:
    return session.status != Status.CANCELLED and session.starts_at > now


def can_answer(invitee: Invitee, now: datetime) -> bool:
    """Until it is over, and while it stands."""
    return invitee.session.status == Status.PUBLISHED and now < invitee.session.ends_at


def prework_lacking(session: Session, team: Team) -> Prework | None:
    """What the team should have done before this session and has not."""
    if session.number is None or team.prework_done_on is not None:
        return None
    prework = session.cohort.program.blueprint.prework
    return prework if prework and session.number == prework.before_session else None


def is_for(session: Session, member: TeamMember) -> bool:
    """Whether somebody on a team of the cohort belongs to the audience."""
    if session.audience == Audience.SUBGROUP:
        return session.group_id is not None and member.team.group_id == session.group_id
    return session.audience != Audience.LEADERS or bool(member.leadership)
