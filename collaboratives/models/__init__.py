"""The hub: what a host offers, who takes part, and what they measure."""

from collaboratives.models.measures import (
    Benchmark,
    ChartDecision,
    DataPoint,
    DataUpload,
    DefinitionVersion,
    Measure,
    NumbersSeen,
    Stratum,
)
from collaboratives.models.organizations import (
    UNDO_MERGE,
    Organization,
    OrganizationMerge,
)
from collaboratives.models.programs import Cohort, Program
from collaboratives.models.teams import Team, TeamGroup, TeamMember

__all__ = [
    "UNDO_MERGE",
    "Benchmark",
    "ChartDecision",
    "Cohort",
    "DataPoint",
    "DataUpload",
    "DefinitionVersion",
    "Measure",
    "NumbersSeen",
    "Organization",
    "OrganizationMerge",
    "Program",
    "Stratum",
    "Team",
    "TeamGroup",
    "TeamMember",
]
