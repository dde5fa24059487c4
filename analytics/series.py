"""Input checks shared by every chart: missing values, order of periods, exclusions."""

import math
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

NAN = float("nan")
MISSING_NONE_ELIGIBLE = "none eligible"
MISSING_NOT_REPORTED = "not reported"


def clean(values: Iterable[float | int | None], *, positive: bool = False) -> list[float]:
    """One measure in time order as floats; None and NaN become NaN.

    Raises ValueError for infinite values, and with `positive` for values at or below zero.
    """
    cleaned = [NAN if value is None else float(value) for value in values]
    if math.inf in cleaned or -math.inf in cleaned:
        raise ValueError("Values must be finite numbers.")
    if positive and any(number <= 0 for number in cleaned):
        raise ValueError("Time between events must be greater than zero.")
    return cleaned


def optional(value: float) -> float | None:
    """NaN and infinities leave the room as None."""
    return value if math.isfinite(value) else None


def optionals(values: Iterable[float]) -> tuple[float | None, ...]:
    finite = math.isfinite
    return tuple([value if finite(value) else None for value in values])


def on_line(value: float, centre: float) -> bool:
    """True when the two are equal up to floating point: 0.1 + 0.2 lies on 0.3."""
    size = abs(centre)
    return abs(value - centre) <= (1e-9 * size if size > 1 else 1e-9)


def side_of(value: float, centre: float) -> int:
    """1 above, -1 below, 0 on the line or when either is missing."""
    off = value - centre
    size = abs(centre)
    near = 1e-9 * size if size > 1 else 1e-9
    if off > near:
        return 1
    return -1 if off < -near else 0


def check_periods(periods: Sequence[Any] | None, count: int) -> None:
    """Raises ValueError unless the periods are as many as the values, sorted and distinct."""
    if periods is None:
        return
    if len(periods) != count:
        raise ValueError(f"{len(periods)} periods for {count} values.")
    for earlier, later in pairwise(periods):
        if earlier == later:
            raise ValueError(f"Period {later} appears twice.")
        if later < earlier:
            raise ValueError(f"Period {later} comes after {earlier}: sort by time first.")


def check_indices(name: str, indices: Collection[int], count: int) -> frozenset[int]:
    """Raises ValueError when an index points outside the series."""
    chosen = frozenset(indices)
    for index in chosen:
        if not 0 <= index < count:
            raise ValueError(f"{name}: no point {index} in a series of {count}.")
    return chosen


def median(values: Sequence[float]) -> float:
    """NaN for nothing."""
    if not values:
        return NAN
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def mean(values: Sequence[float]) -> float:
    """NaN for nothing. Exact summation, so equal values have exactly that mean."""
    return math.fsum(values) / len(values) if values else NAN
