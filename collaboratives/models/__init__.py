"""The hub: what a host offers, who takes part, and what they measure."""

from collaboratives.models.measures import DataPoint, DataUpload, Measure, Stratum
from collaboratives.models.organizations import Organization
from collaboratives.models.programs import Cohort, Program
from collaboratives.models.teams import Team, TeamMember

__all__ = [
    "Cohort",
    "DataPoint",
    "DataUpload",
    "Measure",
    "Organization",
    "Program",
    "Stratum",
    "Team",
    "TeamMember",
]
