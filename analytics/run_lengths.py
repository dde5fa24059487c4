"""Runs about a centre line: lengths, crossings, the limits for them, and the IHI rules."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analytics.series import check_indices, clean, on_line, side_of

FEWEST_USEFUL = 10
MOST_USEFUL_IN_RUNS_TABLE = 60


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs statistics of one phase about its centre line.

    n_obs counts periods that are not excluded, with or without a value; n_useful those off the
    line. Everything after it is None when no point is useful. The exact runs table (2.5% per
    tail) covers 10 to 60 useful points; outside it runs_lower and runs_upper are None.
    """

    n_obs: int
    n_useful: int
    longest: int | None
    n_runs: int
    n_crossings: int | None
    longest_limit: int | None
    crossings_min: int | None
    runs_lower: int | None
    runs_upper: int | None

    @property
    def long_run(self) -> bool:
        """Anhoej: the longest run is unusually long."""
        if self.longest is None or self.longest_limit is None:
            return False
        return self.longest > self.longest_limit

    @property
    def few_crossings(self) -> bool:
        """Anhoej: the line is crossed unusually seldom."""
        if self.n_crossings is None or self.crossings_min is None:
            return False
        return self.n_crossings < self.crossings_min

    @property
    def too_few(self) -> bool | None:
        """IHI: fewer runs than chance gives; None outside the table."""
        return None if self.runs_lower is None else self.n_runs < self.runs_lower

    @property
    def too_many(self) -> bool | None:
        """IHI: more runs than chance gives; None outside the table."""
        return None if self.runs_upper is None else self.n_runs > self.runs_upper


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive points on one side, or moving one way. Indices skip what the rule skips."""

    side: Literal["above", "below", "up", "down"]
    indices: tuple[int, ...]


@lru_cache(maxsize=1024)
def anhoej_limits(n_useful: int) -> tuple[int, int]:
    """(longest run still usual, fewest crossings still usual) for a number of useful points.

    Schilling 2012 for runs, Chen 2010 for crossings (5th percentile of binomial(n-1, 1/2)), as
    used by Anhoej & Olesen, PLoS ONE 2014;9:e113825. Raises ValueError below one point.
    """
    if n_useful < 1:
        raise ValueError("Limits need at least one useful point.")
    trials, cumulative, crossings = n_useful - 1, 0, 0
    for crossings in range(trials + 1):
        cumulative += math.comb(trials, crossings)
        if 20 * cumulative >= 2**trials:
            break
    return round(math.log2(n_useful)) + 3, crossings


@lru_cache(maxsize=256)
def runs_table(n_useful: int) -> tuple[int | None, int | None]:
    """(fewest, most) runs that chance gives, 2.5% per tail; (None, None) outside 10 to 60.

    Swed & Eisenhart 1943, computed exactly with half of the points on each side.
    """
    if not FEWEST_USEFUL <= n_useful <= MOST_USEFUL_IN_RUNS_TABLE:
        return None, None
    below, above = n_useful // 2, n_useful - n_useful // 2
    ways = [0] * (n_useful + 1)
    for runs_count in range(2, n_useful + 1):
        half = runs_count // 2
        if runs_count % 2 == 0:
            ways[runs_count] = 2 * math.comb(below - 1, half - 1) * math.comb(above - 1, half - 1)
        else:
            ways[runs_count] = math.comb(below - 1, half - 1) * math.comb(above - 1, half)
            ways[runs_count] += math.comb(below - 1, half) * math.comb(above - 1, half - 1)
    total = math.comb(n_useful, below)
    lower, upper, cumulative = 0, n_useful, 0
    for lower in range(n_useful + 1):
        cumulative += ways[lower]
        if 40 * cumulative > total:
            break
    cumulative = 0
    for upper in range(n_useful, -1, -1):
        cumulative += ways[upper]
        if 40 * cumulative > total:
            break
    return lower, upper


def streaks_about(values: Sequence[float], centre: float, indices: Sequence[int]) -> list[Streak]:
    """Every run about the line, in order; points on it are skipped and do not break a run.

    indices: the points to look at, in time order; none of them may be missing.
    """
    found: list[Streak] = []
    current: list[int] = []
    side = 0
    for index in indices:
        here = side_of(values[index], centre)
        if here == 0:
            continue
        if here != side and current:
            found.append(Streak("above" if side > 0 else "below", tuple(current)))
            current = []
        side = here
        current.append(index)
    if current:
        found.append(Streak("above" if side > 0 else "below", tuple(current)))
    return found


def summarise(n_obs: int, streaks: Sequence[Streak]) -> Runs:
    """The statistics of the runs of one phase."""
    n_useful = sum(len(streak.indices) for streak in streaks)
    if n_useful == 0:
        return Runs(n_obs, 0, None, 0, None, None, None, None, None)
    longest_limit, crossings_min = anhoej_limits(n_useful)
    lower, upper = runs_table(n_useful)
    return Runs(
        n_obs=n_obs,
        n_useful=n_useful,
        longest=max(len(streak.indices) for streak in streaks),
        n_runs=len(streaks),
        n_crossings=len(streaks) - 1,
        longest_limit=longest_limit,
        crossings_min=crossings_min,
        runs_lower=lower,
        runs_upper=upper,
    )


def runs(
    y: Sequence[float | None], cl: float | None, *, exclude: Collection[int] | None = None
) -> Runs:
    """Runs statistics of one series about one line, as one phase.

    y: one measure in time order, any single unit, None where missing. cl: the line in the same
    unit. exclude: indices left out. Raises ValueError for infinite values or unknown indices.
    """
    values = clean(y)
    left_out = check_indices("exclude", exclude or (), len(values))
    indices = [i for i, v in enumerate(values) if i not in left_out and v == v]
    streaks = [] if cl is None else streaks_about(values, cl, indices)
    return summarise(len(values) - len(left_out), streaks)


def shifts(
    y: Sequence[float | None],
    cl: float | None,
    *,
    length: int = 6,
    exclude: Collection[int] = (),
) -> list[Streak]:
    """Runs of `length` or more points on one side of the line; points on it are skipped.

    Empty input gives []. Perla, Provost & Murray, BMJ Qual Saf 2011;20:46-51.
    """
    values = clean(y)
    left_out = check_indices("exclude", exclude, len(values))
    indices = [i for i, v in enumerate(values) if i not in left_out and v == v]
    if cl is None:
        return []
    return [s for s in streaks_about(values, cl, indices) if len(s.indices) >= length]


def trends(
    y: Sequence[float | None], *, length: int = 5, exclude: Collection[int] = ()
) -> list[Streak]:
    """`length` or more points all going up or all going down.

    A point equal to its neighbour is ignored: it neither counts nor breaks. Points on the
    median count. Perla, Provost & Murray, BMJ Qual Saf 2011;20:46-51.
    """
    values = clean(y)
    left_out = check_indices("exclude", exclude, len(values))
    indices = [i for i, v in enumerate(values) if i not in left_out and v == v]
    return [s for s in movements(values, indices) if len(s.indices) >= length]


def movements(values: Sequence[float], indices: Sequence[int]) -> list[Streak]:
    """Every stretch that goes one way, repeats dropped; the turning point belongs to both."""
    kept: list[int] = []
    for index in indices:
        if not kept or not on_line(values[index], values[kept[-1]]):
            kept.append(index)
    found: list[Streak] = []
    start = 0
    for position in range(1, len(kept)):
        rising = values[kept[position]] > values[kept[position - 1]]
        last = position == len(kept) - 1
        turns = not last and (values[kept[position + 1]] > values[kept[position]]) != rising
        if last or turns:
            found.append(Streak("up" if rising else "down", tuple(kept[start : position + 1])))
            start = position
    return found
