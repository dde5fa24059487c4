"""The gap between one group and its reference over time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.chart import Chart, Phase
from analytics.gaps import Counts, GapVerdict, absolute, scaled, verdict_of
from analytics.intervals import Interval, wilson
from analytics.run_charts import run_chart


@dataclass(frozen=True, slots=True)
class GapSeries:
    """One entry per period, None where either side is missing or masked.

    reference, group: rates. gap: positive when the group does worse, with its interval.
    verdicts: what each interval allows to say. chart: a run chart of the gap, for which smaller
    is better. All in the unit of the multiplier.
    """

    reference: tuple[Interval | None, ...]
    group: tuple[Interval | None, ...]
    gap: tuple[Interval | None, ...]
    verdicts: tuple[GapVerdict | None, ...]
    chart: Chart
    masked: tuple[int, ...]


def gap_series(
    reference: Sequence[Counts | None],
    group: Sequence[Counts | None],
    *,
    favourable: bool = True,
    multiplier: float = 100.0,
    phases: Sequence[Phase | int] = (),
    freeze: int | None = None,
    masked: Collection[int] = (),
    profile: str = "anhoej2014",
    periods: Sequence[Any] | None = None,
) -> GapSeries:
    """Gap by period between two groups of (num, den), as a run chart with intervals.

    masked: periods in which either side is hidden. Raises ValueError for series of unequal
    length, impossible counts and what `run_chart` refuses.
    """
    if len(reference) != len(group):
        raise ValueError(f"{len(reference)} periods of the reference, {len(group)} of the group.")
    hidden = frozenset(masked)
    gaps: list[Interval | None] = []
    rates: tuple[list[Interval | None], list[Interval | None]] = ([], [])
    for index, (base, other) in enumerate(zip(reference, group, strict=True)):
        if index in hidden:
            base = other = None
        for side, counts in zip(rates, (base, other), strict=True):
            side.append(None if counts is None else scaled(wilson(*counts), multiplier))
        gaps.append(
            None
            if base is None or other is None
            else scaled(absolute(other, base, favourable, "proportion"), multiplier)
        )
    chart = run_chart(
        [None if each is None else each.value for each in gaps],
        phases=phases,
        freeze=freeze,
        masked=hidden,
        profile=profile,
        direction="decrease",
        periods=periods,
    )
    return GapSeries(
        reference=tuple(rates[0]),
        group=tuple(rates[1]),
        gap=tuple(gaps),
        verdicts=tuple(verdict_of(each) for each in gaps),
        chart=chart,
        masked=chart.masked,
    )
