"""What staff see of a cohort's reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median_high

from accounts.models import Membership, User
from collaboratives.models import Cohort, Team
from reporting.models import Period
from reporting.queries.standings import Standing, standings


@dataclass(frozen=True)
class Row:
    """standings: one for each period; None where another team alone is asked."""

    team: Team
    standings: list[Standing | None]


@dataclass(frozen=True)
class Matrix:
    """Teams down, periods across."""

    periods: list[Period]
    rows: list[Row]

    def count(self, code: str) -> int:
        return sum(s is not None and s.code == code for row in self.rows for s in row.standings)

    @property
    def reply_days(self) -> int | None:
        """How long leaders took: the middle one of all replies, in whole days."""
        stood = [one for row in self.rows for one in row.standings]
        took = [one.reply_days for one in stood if one is not None and one.reply_days is not None]
        return median_high(took) if took else None


@dataclass(frozen=True)
class BoardNumbers:
    """Of all that was due or is open by now. reply_days: the middle one of all replies."""

    period: Period | None
    submitted: int
    replied: int
    late: int
    open: int
    teams: int
    reply_days: int | None


def matrix(cohort: Cohort, person: User, membership: Membership | None, *, now: datetime) -> Matrix:
    """Every visible team with every period. Four queries."""
    periods = list(Period.objects.filter(cohort=cohort).order_by("starts_on", "number"))
    teams = list(Team.objects.visible_to(person, membership).filter(cohort=cohort).for_list())
    found = standings(teams, periods, now=now)
    rows = [Row(team, [found.get((team.pk, one.pk)) for one in periods]) for team in teams]
    return Matrix(periods, rows)


def board_numbers(
    cohort: Cohort, person: User, membership: Membership | None, *, now: datetime
) -> BoardNumbers:
    """The newest period that has opened, and what is late in any."""
    board = matrix(cohort, person, membership, now=now)
    begun = [n for n, one in enumerate(board.periods) if one.opens_at <= now and not one.team_id]
    latest = begun[-1] if begun else None
    stood = [row.standings[latest] for row in board.rows] if latest is not None else []
    codes = [one.code for one in stood if one]
    return BoardNumbers(
        period=board.periods[latest] if latest is not None else None,
        submitted=sum(code in ("submitted", "replied", "reopened") for code in codes),
        replied=codes.count("replied"),
        late=board.count("late"),
        open=codes.count("open"),
        teams=len(board.rows),
        reply_days=board.reply_days,
    )
