"""Confidence intervals for proportions, rates, their differences and ratios."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from scipy import special

PoissonMethod = Literal["auto", "exact", "byar", "rothman_boice"]
FEWEST_EVENTS_FOR_BYAR = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its interval, in the unit of the estimate.

    Ends are None where they are not estimable; note says why.
    """

    value: float | None
    low: float | None
    high: float | None
    note: str | None = None


@lru_cache(maxsize=16)
def quantile(level: float) -> float:
    """The two-sided standard normal quantile: 1.959964 for 0.95."""
    if not 0 < level < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
    return float(special.ndtri((1 + level) / 2))


def check_proportion(num: float, den: float) -> None:
    """Raises ValueError unless 0 <= num <= den, both finite."""
    if not (math.isfinite(num) and math.isfinite(den)):
        raise ValueError("Counts must be finite numbers.")
    if num < 0 or den < 0:
        raise ValueError("Counts cannot be negative.")
    if num > den:
        raise ValueError(f"A proportion cannot count {num:g} of {den:g}.")


def wilson(num: float, den: float, *, level: float = 0.95) -> Interval | None:
    """Wilson score interval of a proportion, no continuity correction; unit: share (0 to 1).

    None when nobody is eligible (den = 0). Raises ValueError when num is negative or above den.
    Wilson, JASA 1927;22:209-212.
    """
    check_proportion(num, den)
    if den == 0:
        return None
    z = quantile(level)
    share = num / den
    spread = 1 + z * z / den
    middle = (share + z * z / (2 * den)) / spread
    half = z * math.sqrt(share * (1 - share) / den + z * z / (4 * den * den)) / spread
    low = 0.0 if num == 0 else max(0.0, middle - half)
    high = 1.0 if num == den else min(1.0, middle + half)
    return Interval(share, low, high)


def clopper_pearson(num: float, den: float, *, level: float = 0.95) -> Interval | None:
    """Exact binomial interval of a proportion; unit: share. None when den = 0.

    Clopper & Pearson, Biometrika 1934;26:404-413.
    """
    check_proportion(num, den)
    if den == 0:
        return None
    tail = (1 - level) / 2
    low = 0.0 if num == 0 else float(special.betaincinv(num, den - num + 1, tail))
    high = 1.0 if num == den else float(special.betaincinv(num + 1, den - num, 1 - tail))
    return Interval(num / den, low, high)


def newcombe(
    num1: float, den1: float, num2: float, den2: float, *, level: float = 0.95
) -> Interval | None:
    """Difference of two independent proportions, first minus second; unit: share.

    Hybrid score interval (method 10) from two Wilson intervals. None when either den = 0.
    Newcombe, Stat Med 1998;17:873-890.
    """
    first, second = wilson(num1, den1, level=level), wilson(num2, den2, level=level)
    if first is None or second is None:
        return None
    return difference_of(first, second)


def difference_of(first: Interval, second: Interval) -> Interval:
    """First minus second by the method of variance estimates recovery (MOVER-D).

    Both must have values and ends. Donner & Zou, Stat Methods Med Res 2012;21:347-359.
    """
    p1, l1, u1 = ends(first)
    p2, l2, u2 = ends(second)
    gap = p1 - p2
    return Interval(gap, gap - math.hypot(p1 - l1, u2 - p2), gap + math.hypot(u1 - p1, p2 - l2))


def ends(interval: Interval) -> tuple[float, float, float]:
    """(value, low, high). Raises ValueError when any is not estimable."""
    if interval.value is None or interval.low is None or interval.high is None:
        raise ValueError("This interval has no ends.")
    return interval.value, interval.low, interval.high


def katz(
    num1: float, den1: float, num2: float, den2: float, *, level: float = 0.95
) -> Interval | None:
    """Ratio of two independent proportions, first over second (log method).

    Not estimable where a count is 0: the ratio is 0 without ends when only num1 is, and None
    when num2 is. None altogether when either den = 0. Katz et al., Biometrics 1978;34:469-474.
    """
    check_proportion(num1, den1)
    check_proportion(num2, den2)
    if den1 == 0 or den2 == 0:
        return None
    if num2 == 0:
        return Interval(None, None, None, "not estimable: the reference has no events")
    ratio = (num1 / den1) / (num2 / den2)
    if num1 == 0:
        return Interval(0.0, None, None, "not estimable: the group has no events")
    variance = 1 / num1 - 1 / den1 + 1 / num2 - 1 / den2
    return log_interval(ratio, math.sqrt(max(0.0, variance)), level)


def log_interval(ratio: float, log_se: float, level: float) -> Interval:
    """An interval that is symmetric about the logarithm of the ratio."""
    half = quantile(level) * log_se
    return Interval(ratio, ratio * math.exp(-half), ratio * math.exp(half))


def poisson_ci(
    events: float,
    exposure: float = 1.0,
    *,
    multiplier: float = 1.0,
    method: PoissonMethod = "auto",
    level: float = 0.95,
) -> Interval | None:
    """A rate per `multiplier` of exposure with its interval. None when exposure = 0.

    "exact" uses chi-square quantiles; "byar" Byar's approximation; "auto" exact below ten
    events and Byar from ten on, as the English public health indicators do; "rothman_boice" is
    Byar's formula with half an event added to both ends. Raises ValueError for negative or
    infinite input.
    """
    if not (math.isfinite(events) and math.isfinite(exposure)):
        raise ValueError("Events and exposure must be finite numbers.")
    if events < 0 or exposure < 0:
        raise ValueError("Events and exposure cannot be negative.")
    if exposure == 0:
        return None
    if method == "auto":
        method = "byar" if events >= FEWEST_EVENTS_FOR_BYAR else "exact"
    if method == "exact":
        low, high = exact_counts(events, level)
    else:
        more = (0.5, 0.5) if method == "rothman_boice" else (0.0, 1.0)
        low, high = byar_counts(events, more, level)
    scale = multiplier / exposure
    return Interval(events * scale, low * scale, high * scale)


def exact_counts(events: float, level: float) -> tuple[float, float]:
    """Exact Poisson limits of a count (half of chi-square quantiles)."""
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(special.gammaincinv(events, tail))
    return low, float(special.gammaincinv(events + 1, 1 - tail))


def byar_counts(events: float, more: tuple[float, float], level: float) -> tuple[float, float]:
    """Byar's limits of a count, with `more` events for each. Breslow & Day 1987, vol. II, p. 69."""
    z = quantile(level)
    ends: list[float] = []
    for sign, count in ((-1, events + more[0]), (1, events + more[1])):
        root = 1 - 1 / (9 * count) + sign * z / (3 * math.sqrt(count)) if count else 0.0
        ends.append(max(0.0, count * root**3))
    return ends[0], ends[1]


def rate_ratio_ci(
    events1: float,
    exposure1: float,
    events2: float,
    exposure2: float,
    *,
    level: float = 0.95,
) -> Interval | None:
    """Ratio of two rates, first over second (log method).

    With events1 = 0 the ratio is 0 without ends; with events2 = 0 there is none; note says
    why. None when either exposure = 0. Raises ValueError for negative or infinite input.
    """
    for number in (events1, exposure1, events2, exposure2):
        if not math.isfinite(number) or number < 0:
            raise ValueError("Events and exposures are finite and not negative.")
    if exposure1 == 0 or exposure2 == 0:
        return None
    if events2 == 0:
        return Interval(None, None, None, "not estimable: the reference has no events")
    ratio = (events1 / exposure1) / (events2 / exposure2)
    if events1 == 0:
        return Interval(0.0, None, None, "not estimable: the group has no events")
    return log_interval(ratio, math.sqrt(1 / events1 + 1 / events2), level)
