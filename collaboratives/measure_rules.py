"""Who may do what with a team's measures. Numbers are the team's own: staff never edit them."""

from collaboratives.models import TeamMember
from collaboratives.states import TeamRole


def can_edit_measures(member: TeamMember | None) -> bool:
    return (
        member is not None
        and member.left_at is None
        and member.role in (TeamRole.LEAD, TeamRole.MEMBER)
    )
