"""Value axes: round ticks, room above and below, and one axis for all small multiples."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.chart import Chart

STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis from low to high with round ticks, in the unit of the values."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high end; values beyond stay beyond."""
        return (value - self.low) / (self.high - self.low)


def round_step(span: float, most_ticks: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that keeps to so many ticks."""
    rough = span / most_ticks
    power = 10.0 ** math.floor(math.log10(rough))
    for step in STEPS:
        if rough <= step * power * (1 + 1e-9):
            return step * power
    return 10 * power


def scale_for(
    values: Iterable[float | None],
    *,
    bounds: tuple[float | None, float | None] = (None, None),
    goal: float | None = None,
    most_ticks: int = 5,
    room: float = 0.3,
    smallest_step: float = 1.0,
) -> Scale:
    """An axis that keeps the values near the middle.

    bounds: natural ends that the axis never passes, (0, 100) for a percentage, (0, None) for a
    count. room: share of the spread left free on each side. smallest_step: between ticks, so that
    their labels differ; 0.1 for numbers written with one decimal. No values give 0 to 1, or the
    bounds.
    """
    known = [v for v in (*values, goal) if v is not None]
    floor, ceiling = bounds
    if not known:
        low = floor if floor is not None else 0.0
        high = ceiling if ceiling is not None else low + 1
    else:
        low, high = min(known), max(known)
        spread = high - low or abs(high) * 0.2 or 1.0
        low, high = low - room * spread, high + room * spread
        low = low if floor is None else max(floor, low)
        high = high if ceiling is None else min(ceiling, high)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    step = max(smallest_step, round_step(high - low, most_ticks))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if floor is not None and first * step < floor - 1e-9 * step:
        first += 1
    if ceiling is not None and last * step > ceiling + 1e-9 * step:
        last -= 1
    if last <= first:
        last = first + 1
    ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
    return Scale(min(ticks[0], low) if floor is None else ticks[0], ticks[-1], ticks)


def shared_scale(
    charts: Sequence[Chart],
    *,
    bounds: tuple[float | None, float | None] = (None, None),
    goal: float | None = None,
    most_ticks: int = 5,
    smallest_step: float = 1.0,
) -> Scale:
    """One axis for charts that stand side by side, over all their values, lines and limits."""
    return scale_for(
        (
            v
            for chart in charts
            for line in (chart.value, chart.cl, chart.lcl, chart.ucl)
            for v in line
        ),
        bounds=bounds,
        goal=goal,
        most_ticks=most_ticks,
        smallest_step=smallest_step,
    )
