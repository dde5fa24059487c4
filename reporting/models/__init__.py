"""What a team reports, period by period, what it tested, and what its leader answers."""

from reporting.models.periods import Allowance, Period
from reporting.models.reports import (
    ChangeTested,
    LeaderCommitment,
    LeaderReply,
    Report,
    ReportVersion,
)

__all__ = [
    "Allowance",
    "ChangeTested",
    "LeaderCommitment",
    "LeaderReply",
    "Period",
    "Report",
    "ReportVersion",
]
