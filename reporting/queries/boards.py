"""What staff see of a cohort's reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership, User
from collaboratives.models import Cohort, Team
from reporting.models import Period, Report
from reporting.queries.pages import Standing, replied_to, standing


@dataclass(frozen=True)
class Row:
    team: Team
    standings: list[Standing]


@dataclass(frozen=True)
class Matrix:
    """Teams down, periods across."""

    periods: list[Period]
    rows: list[Row]

    def count(self, code: str) -> int:
        return sum(s.code == code for row in self.rows for s in row.standings)


@dataclass(frozen=True)
class BoardNumbers:
    """Of all that was due or is open by now."""

    period: Period | None
    submitted: int
    replied: int
    late: int
    open: int
    teams: int


def matrix(cohort: Cohort, person: User, membership: Membership | None, *, now: datetime) -> Matrix:
    """Every visible team with every period. Three queries."""
    periods = list(Period.objects.filter(cohort=cohort).order_by("starts_on", "number"))
    teams = Team.objects.visible_to(person, membership).filter(cohort=cohort).for_list()
    reports = {
        (report.team_id, report.period_id): report
        for report in Report.objects.filter(period__cohort=cohort).annotate(has_reply=replied_to())
    }
    rows = []
    for team in teams:
        line = []
        for period in periods:
            report = reports.get((team.pk, period.pk))
            replied = report is not None and report.has_reply
            line.append(standing(period, report, replied=replied, now=now))
        rows.append(Row(team, line))
    return Matrix(periods, rows)


def board_numbers(
    cohort: Cohort, person: User, membership: Membership | None, *, now: datetime
) -> BoardNumbers:
    """The newest period that has opened, and what is late in any."""
    board = matrix(cohort, person, membership, now=now)
    begun = [index for index, period in enumerate(board.periods) if period.opens_at <= now]
    latest = begun[-1] if begun else None
    codes = [row.standings[latest].code for row in board.rows] if latest is not None else []
    return BoardNumbers(
        period=board.periods[latest] if latest is not None else None,
        submitted=sum(code in ("submitted", "replied", "reopened") for code in codes),
        replied=codes.count("replied"),
        late=board.count("late"),
        open=codes.count("open"),
        teams=len(board.rows),
    )
