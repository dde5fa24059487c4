"""Page-shaped reads of this room."""

from reporting.queries.boards import BoardNumbers, Matrix, board_numbers, matrix
from reporting.queries.pages import (
    ReportPage,
    answered,
    changes_until,
    latest_version,
    numbered_changes,
    other_leader,
    reply_sent,
    report_before,
    report_of,
    report_page,
    shared_by_others,
    tables_for,
)
from reporting.queries.standings import (
    Standing,
    given_before,
    next_due,
    period_standings,
    periods_to_remind,
    standing_of,
    team_standings,
    waiting_for,
)

__all__ = [
    "BoardNumbers",
    "Matrix",
    "ReportPage",
    "Standing",
    "answered",
    "board_numbers",
    "changes_until",
    "given_before",
    "latest_version",
    "matrix",
    "next_due",
    "numbered_changes",
    "other_leader",
    "period_standings",
    "periods_to_remind",
    "reply_sent",
    "report_before",
    "report_of",
    "report_page",
    "shared_by_others",
    "standing_of",
    "tables_for",
    "team_standings",
    "waiting_for",
]
