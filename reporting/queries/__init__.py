"""Page-shaped reads of this room."""

from reporting.queries.boards import BoardNumbers, Matrix, board_numbers, matrix
from reporting.queries.pages import (
    ReportPage,
    Standing,
    changes_until,
    latest_version,
    next_due,
    numbered_changes,
    other_leader,
    reply_sent,
    report_before,
    report_of,
    report_page,
    shared_by_others,
    tables_for,
    team_standings,
)

__all__ = [
    "BoardNumbers",
    "Matrix",
    "ReportPage",
    "Standing",
    "board_numbers",
    "changes_until",
    "latest_version",
    "matrix",
    "next_due",
    "numbered_changes",
    "other_leader",
    "reply_sent",
    "report_before",
    "report_of",
    "report_page",
    "shared_by_others",
    "tables_for",
    "team_standings",
]
