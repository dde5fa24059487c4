"""What a team reports, period by period, what it tested, and what its leader answers."""

from reporting.models.coaching import CoachNote, Feedback, FeedbackAnswer, ProgressScore
from reporting.models.library import LibraryComment, Mention
from reporting.models.milestones import MilestoneRating
from reporting.models.outcomes import FunderReport, ScalePlan
from reporting.models.periods import Allowance, Period
from reporting.models.public import Dissemination, FeedbackCall, PublicPage
from reporting.models.reports import (
    ChangeTested,
    LeaderCommitment,
    LeaderReply,
    Report,
    ReportVersion,
)
from reporting.models.work import Aim, Evidence, Project

__all__ = [
    "Aim",
    "Allowance",
    "ChangeTested",
    "CoachNote",
    "Dissemination",
    "Evidence",
    "Feedback",
    "FeedbackAnswer",
    "FeedbackCall",
    "FunderReport",
    "LeaderCommitment",
    "LeaderReply",
    "LibraryComment",
    "Mention",
    "MilestoneRating",
    "Period",
    "ProgressScore",
    "Project",
    "PublicPage",
    "Report",
    "ReportVersion",
    "ScalePlan",
]
