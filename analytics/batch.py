"""The same rules for tens of thousands of series at once, in numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.run_lengths import (
    FEWEST_USEFUL,
    MOST_USEFUL_IN_RUNS_TABLE,
    anhoej_limits,
    runs_table,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BatchRuns:
    """One entry per series. Limits are 0 where the series has no useful point.

    runs_lower and runs_upper are 0 outside 10 to 60 useful points. The rules (long_run,
    few_crossings of anhoej2014; shift, trend, few_runs, many_runs of ihi2011) are False below
    ten useful points: look at n_useful to tell "no" from "not applied".
    """

    centre: Floats
    n_useful: Ints
    longest: Ints
    n_runs: Ints
    n_crossings: Ints
    longest_limit: Ints
    crossings_min: Ints
    runs_lower: Ints
    runs_upper: Ints
    longest_trend: Ints
    long_run: Bools
    few_crossings: Bools
    shift: Bools
    trend: Bools
    few_runs: Bools
    many_runs: Bools


@dataclass(frozen=True, slots=True)
class BatchXmR:
    """One entry per series: mean, 3-sigma limits (NaN when degenerate) and the MDC rules."""

    mean: Floats
    lower: Floats
    upper: Floats
    beyond_limits: Bools
    shift: Bools
    trend: Bools
    two_of_three: Bools


def as_rows(values: ArrayLike) -> Floats:
    """A (series, points) array. Raises ValueError for another shape or infinite values."""
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2:
        raise ValueError("Give one row per series.")
    if bool(np.isinf(rows).any()):
        raise ValueError("Values must be finite numbers.")
    return rows


def row_medians(rows: Floats) -> Floats:
    """The median of what is not NaN; NaN for empty rows."""
    ordered = np.sort(rows, axis=1)
    known = np.count_nonzero(~np.isnan(rows), axis=1)
    low, high = np.maximum((known - 1) // 2, 0), np.maximum(known // 2, 0)
    series = np.arange(len(rows))
    if rows.shape[1] == 0:
        return np.full(len(rows), np.nan)
    high = np.minimum(high, rows.shape[1] - 1)
    medians: Floats = (ordered[series, low] + ordered[series, high]) / 2
    return medians


def sides_of(rows: Floats, centre: Floats) -> Ints:
    """1 above, -1 below, 0 on the line or missing, with the tolerance of the single charts."""
    off = rows - centre[:, None]
    near = 1e-9 * np.maximum(1.0, np.abs(centre))[:, None]
    sides: Ints = (off > near).astype(np.int64) - (off < -near)
    return sides


def limit_tables(points: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Limits by number of useful points, from 0 on; 0 where there is none."""
    tables = np.zeros((4, points + 1), dtype=np.int64)
    for useful in range(1, points + 1):
        lower, upper = runs_table(useful)
        tables[:, useful] = (*anhoej_limits(useful), lower or 0, upper or 0)
    return tables[0], tables[1], tables[2], tables[3]


def batch_run_stats(values: ArrayLike, cl: ArrayLike | None = None) -> BatchRuns:
    """Run statistics and the run chart rules of many series.

    values: (series, points) in time order, NaN where missing or padded. cl: one line per series,
    each series' own median without. Raises ValueError for another shape, infinite values or
    lines that do not fit. Rules as in `runs`, `shifts` and `trends`.
    """
    rows = as_rows(values)
    centre = row_medians(rows) if cl is None else np.asarray(cl, dtype=np.float64)
    if centre.shape != (len(rows),):
        raise ValueError("Give one line per series.")
    sides = sides_of(rows, centre)
    zeros = np.zeros(len(rows), dtype=np.int64)
    useful, count, longest, last_side = zeros.copy(), zeros.copy(), zeros.copy(), zeros.copy()
    current = zeros.copy()
    way, moving, longest_trend = zeros.copy(), zeros.copy(), zeros.copy()
    last = np.full(len(rows), np.nan)
    for column in range(rows.shape[1]):
        side, value = sides[:, column], rows[:, column]
        counts = side != 0
        starts = counts & (side != last_side)
        useful += counts
        count += starts
        current = np.where(starts, 1, current + counts)
        np.maximum(longest, current, out=longest)
        last_side = np.where(counts, side, last_side)

        known = ~np.isnan(value)
        first = known & np.isnan(last)
        tie = np.abs(value - last) <= 1e-9 * np.maximum(1.0, np.abs(last))
        moves = known & ~first & ~tie
        going = np.where(value > last, 1, -1)
        moving = np.where(first, 1, np.where(moves, np.where(going == way, moving + 1, 2), moving))
        way = np.where(moves, going, way)
        np.maximum(longest_trend, moving, out=longest_trend)
        last = np.where(first | moves, value, last)
    tables = limit_tables(rows.shape[1])
    longest_limit, crossings_min, lower, upper = (table[useful] for table in tables)
    crossings = np.maximum(count - 1, 0)
    enough = useful >= FEWEST_USEFUL
    tabled = enough & (useful <= MOST_USEFUL_IN_RUNS_TABLE)
    return BatchRuns(
        centre=centre,
        n_useful=useful,
        longest=longest,
        n_runs=count,
        n_crossings=crossings,
        longest_limit=longest_limit,
        crossings_min=crossings_min,
        runs_lower=lower,
        runs_upper=upper,
        longest_trend=longest_trend,
        long_run=enough & (longest > longest_limit),
        few_crossings=enough & (crossings < crossings_min),
        shift=enough & (longest >= 6),
        trend=enough & (longest_trend >= 5),
        few_runs=tabled & (count < lower),
        many_runs=tabled & (count > upper),
    )


def batch_xmr(values: ArrayLike, *, length: int = 7, factor: float = 2.66) -> BatchXmR:
    """XmR limits and the Making Data Count rules of many series.

    values: (series, points), NaN where missing. Rules walk over the points that are there, as in
    `control_chart`; they are False below ten useful points and without limits.
    """
    rows = packed(as_rows(values))
    known = ~np.isnan(rows)
    size = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(size > 0, np.where(known, rows, 0).sum(axis=1) / size, np.nan)
        average = moving_range_means(as_rows(values))
    sigma = average * factor / 3
    shown = sigma > 1e-12 * np.maximum(1.0, np.abs(mean))
    shown &= size >= 6
    sides = sides_of(rows, mean)
    judged = shown & (np.count_nonzero(sides, axis=1) >= FEWEST_USEFUL)
    safe = np.where(shown, sigma, np.nan)
    with np.errstate(invalid="ignore"):
        off = (rows - mean[:, None]) / safe[:, None]
        beyond = (np.abs(off) > 3).any(axis=1)
        near = np.where(np.abs(off) > 2, sides, 0)
    two = np.zeros(len(rows), dtype=bool)
    for start in range(rows.shape[1] - 2):
        window, close = sides[:, start : start + 3], near[:, start : start + 3]
        two |= (np.abs(window.sum(axis=1)) == 3) & (np.abs(close.sum(axis=1)) >= 2)
    steps = np.where(known[:, 1:], np.sign(np.diff(rows, axis=1)), 0)
    return BatchXmR(
        mean=mean,
        lower=np.where(shown, mean - 3 * sigma, np.nan),
        upper=np.where(shown, mean + 3 * sigma, np.nan),
        beyond_limits=judged & beyond,
        shift=judged & (longest_equal(sides) >= length),
        trend=judged & (longest_equal(np.nan_to_num(steps)) >= length - 1),
        two_of_three=judged & two,
    )


def packed(rows: Floats) -> Floats:
    """Every row with its missing values moved to the end, order kept."""
    order = np.argsort(np.isnan(rows), axis=1, kind="stable")
    return np.take_along_axis(rows, order, axis=1)


def moving_range_means(rows: Floats) -> Floats:
    """Mean moving range of neighbours that are both there; NaN for none."""
    ranges = np.abs(np.diff(rows, axis=1))
    known = ~np.isnan(ranges)
    size = known.sum(axis=1)
    total = np.where(known, ranges, 0).sum(axis=1)
    means: Floats = np.where(size > 0, total / np.maximum(size, 1), np.nan)
    return means


def longest_equal(signs: NDArray[np.generic]) -> Ints:
    """The longest stretch of one sign other than 0 in each row."""
    longest = np.zeros(len(signs), dtype=np.int64)
    current, last = longest.copy(), longest.copy()
    for column in range(signs.shape[1]):
        sign = signs[:, column].astype(np.int64)
        current = np.where(sign == 0, 0, np.where(sign == last, current + 1, 1))
        np.maximum(longest, current, out=longest)
        last = sign
    return longest
