"""Every write of this room."""

from collaboratives.actions.organizations import find_or_add_organization
from collaboratives.actions.programs import CohortFull, lock_cohort
from collaboratives.actions.teams import enroll_team

__all__ = ["CohortFull", "enroll_team", "find_or_add_organization", "lock_cohort"]
