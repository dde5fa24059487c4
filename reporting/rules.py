"""Who may do what with a report. State and role, nothing else."""

from __future__ import annotations

from accounts.models import Membership, User
from accounts.roles import Permission
from collaboratives.models import TeamMember
from collaboratives.states import SharedWith, TeamRole
from reporting.models import LeaderReply, LibraryComment, Report
from reporting.states import ReplyState, ReportStatus, report_machine


def can_write(member: TeamMember | None) -> bool:
    """Reports and tested changes are the team's own to write."""
    return (
        member is not None
        and member.left_at is None
        and member.role in (TeamRole.LEAD, TeamRole.MEMBER)
    )


def can_edit(member: TeamMember | None, report: Report | None) -> bool:
    return can_write(member) and (report is None or report.status != ReportStatus.SUBMITTED)


def is_lead(member: TeamMember | None) -> bool:
    return member is not None and member.left_at is None and member.role == TeamRole.LEAD


def can_submit(member: TeamMember | None, report: Report | None) -> bool:
    return is_lead(member) and (report is None or report_machine.allows("submit", report.status))


def can_reopen(member: TeamMember | None, report: Report) -> bool:
    return is_lead(member) and report_machine.allows("reopen", report.status)


def may_reply(member: TeamMember, author: User) -> bool:
    """A leader of the team who did not submit the report."""
    is_author = member.user_id == author.pk or member.email.lower() == author.email.lower()
    return leads(member) and not is_author


def leads(member: TeamMember) -> bool:
    """Stands behind the team as its leader or alternate, and has not said that they don't."""
    still = member.left_at is None and member.refused_at is None
    return still and member.leadership != ""


def can_acknowledge(member: TeamMember | None, reply: LeaderReply | None) -> bool:
    """Whoever writes the team's reports, but nobody thanks themselves."""
    return (
        can_write(member)
        and reply is not None
        and reply.acknowledged_at is None
        and member is not None
        and reply.member_id != member.pk
    )


def is_disowned(reply: LeaderReply, member: TeamMember) -> bool:
    """Somebody at this very address said that they are not this leader."""
    return reply.state == ReplyState.DISOWNED and reply.email.lower() == member.email.lower()


def narrower(one: SharedWith, other: SharedWith) -> SharedWith:
    """That which fewer people read."""
    return other if one.is_wider_than(other) else one


def can_remove(
    comment: LibraryComment,
    person: User,
    member: TeamMember | None,
    membership: Membership | None,
) -> bool:
    """One's own; and whatever stands beneath a change, its lead and who runs the cohorts."""
    runs = membership is not None and membership.may(Permission.TEAM_EDIT)
    return comment.author_id == person.pk or is_lead(member) or runs
