"""What staff see of a cohort's reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median_high

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from collaboratives.models import Cohort, Team
from reporting.models import Period
from reporting.queries.standings import Standing, standings

# What a board may be narrowed to: the words on its tab, and which places belong there.
STANDS: dict[str, tuple[str | Promise, Callable[[Standing], bool]]] = {
    "late": (_("Late"), lambda one: one.code == "late"),
    "open": (_("Open"), lambda one: one.code == "open"),
    "sent": (_("Submitted"), lambda one: one.is_readable),
    "waiting": (_("Waits for the leader"), lambda one: one.code == "submitted"),
    "replied": (_("Leader replied"), lambda one: one.code == "replied"),
    "more_time": (_("More time"), lambda one: one.has_more_time),
    "skipped": (_("Not asked for"), lambda one: one.code == "skipped"),
    "not_due": (_("Not open yet"), lambda one: one.code == "not_due"),
}


def middle(stood: Iterable[Standing | None]) -> int | None:
    """How long leaders took: the middle one of these replies, in whole days."""
    took = [one.reply_days for one in stood if one is not None and one.reply_days is not None]
    return median_high(took) if took else None


@dataclass(frozen=True)
class Row:
    """standings: one for each period; None where another team alone is asked."""

    team: Team
    standings: list[Standing | None]

    @property
    def reply_days(self) -> int | None:
        """How long the team's leader takes: the middle one of its replies, in whole days."""
        return middle(self.standings)

    @property
    def may_be_reminded(self) -> bool:
        return any(one is not None and one.may_be_reminded for one in self.standings)


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
        return middle([one for row in self.rows for one in row.standings])

    @property
    def may_be_reminded(self) -> bool:
        return any(row.may_be_reminded for row in self.rows)

    def of_period(self, slug: str) -> Matrix:
        """The one column; all of them where there is none of that name."""
        places = [at for at, one in enumerate(self.periods) if one.slug == slug]
        if not places:
            return self
        at = places[0]
        rows = [replace(row, standings=[row.standings[at]]) for row in self.rows]
        return Matrix([self.periods[at]], rows)

    def standing(self, stands: str) -> Matrix:
        """The teams that stand so somewhere; all of them where that is no way to stand."""
        if stands not in STANDS:
            return self
        belongs = STANDS[stands][1]
        rows = [row for row in self.rows if any(s and belongs(s) for s in row.standings)]
        return Matrix(self.periods, rows)

    def number(self, stands: str) -> int:
        """How many places stand so."""
        belongs = STANDS[stands][1]
        return sum(s is not None and belongs(s) for row in self.rows for s in row.standings)

    def picked(self, cells: list[str], teams: list[str]) -> list[Standing]:
        """The places that were ticked, as "team:period"; of a ticked team all that may be
        reminded of. In the order of the board, each once."""
        found = []
        for row in self.rows:
            for one in row.standings:
                if one is None:
                    continue
                ticked = f"{row.team.pk}:{one.period.slug}" in cells
                if ticked or (str(row.team.pk) in teams and one.may_be_reminded):
                    found.append(one)
        return found


@dataclass(frozen=True)
class Tab:
    """One view of the board."""

    label: str
    url: str
    count: int | None
    current: bool


def tabs(board: Matrix, asked: Mapping[str, str]) -> list[Tab]:
    """All, and each way to stand that some place has."""
    stands, period = asked.get("stands", ""), asked.get("period", "")
    kept = {"period": period} if period else {}
    found = [Tab(str(_("All teams")), _query(kept), len(board.rows), stands not in STANDS)]
    for code, (label, _belongs) in STANDS.items():
        number = board.number(code)
        if number or code == stands:
            url = _query({"stands": code, **kept})
            found.append(Tab(str(label), url, number, code == stands))
    return found


def _query(values: dict[str, str]) -> str:
    return f"?{urlencode(values)}"


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
        submitted=sum(one is not None and one.is_readable for one in stood),
        replied=codes.count("replied"),
        late=board.count("late"),
        open=codes.count("open"),
        teams=len(board.rows),
        reply_days=board.reply_days,
    )
