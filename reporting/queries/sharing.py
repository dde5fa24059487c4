"""Who reads an item: the program's default, and what a team can choose."""

from __future__ import annotations

from collaboratives.models import Team
from collaboratives.states import SharedWith
from reporting.models import ChangeTested, Report


def default_level(team: Team) -> SharedWith:
    return team.cohort.program.blueprint.sharing.default


def level_of(item: Report | ChangeTested) -> SharedWith:
    """As it stands, or as it will be when it is submitted if nobody chooses."""
    return SharedWith(item.shared_with) if item.shared_with else default_level(item.team)
