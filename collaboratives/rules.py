"""Who may do what to a team, from role and state alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Membership, User
from accounts.roles import Permission
from collaboratives.models import Team, TeamMember
from collaboratives.states import TeamRole


@dataclass(frozen=True)
class Hand:
    """What this reader may do on a team's pages. own: their place on the team, if they have one."""

    own: TeamMember | None
    edits: bool
    is_staff: bool


def hand(
    person: User, membership: Membership | None, team: Team, members: Iterable[TeamMember]
) -> Hand:
    """A lead edits their team, staff with TEAM_EDIT any team; the others read."""
    own = next((m for m in members if m.user_id == person.pk and m.left_at is None), None)
    staff = membership is not None and membership.may(Permission.TEAM_EDIT)
    leads = own is not None and own.role == TeamRole.LEAD
    return Hand(
        own=own,
        edits=(leads or staff) and team.ended_at is None,
        is_staff=membership is not None and membership.may(Permission.TEAM_VIEW),
    )
