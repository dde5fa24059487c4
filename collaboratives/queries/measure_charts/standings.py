"""Baseline and now: one row for each group, drawn as two dots on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from analytics.chart import Chart, PointClass
from analytics.charts import Scale, dumbbell_axis_svg, dumbbell_svg, scale_for
from analytics.words import Number
from collaboratives.queries.measure_charts.drawing import SIGNALS, left_out
from collaboratives.queries.measures import Cell, GroupSeries, MeasureTable

FEW = 30  # a rate on fewer people is said to rest on small numbers


@dataclass(frozen=True)
class Standing:
    """One row of baseline and now. None: hidden or not there yet. better: None when equal."""

    code: str
    label: str
    baseline: str
    now: str
    change: str
    better: bool | None
    few: bool
    svg: SafeString


def counted(table: MeasureTable, group: GroupSeries) -> tuple[list[Cell], list[Cell]]:
    """The group's months of baseline and of now, without those left out."""
    out = left_out(table, group.code)
    cells = [Cell() if at in out else cell for at, cell in enumerate(group.cells)]
    return cells[: table.baseline], cells[-table.latest :]


def pooled(table: MeasureTable, cells: Sequence[Cell]) -> tuple[float | None, float]:
    """The value of some months taken together, and how many people it rests on."""
    known = [cell for cell in cells if table.value(cell) is not None]
    if not known:
        return None, 0
    if not table.has_denominator:
        return sum(cell.numerator or 0 for cell in known) / len(known), 0
    people = sum(cell.denominator or 0 for cell in known)
    whole = Cell(sum(cell.numerator or 0 for cell in known), people)
    return table.value(whole), people


def standings_of(
    table: MeasureTable, charts: Sequence[Chart], number: Number, uid: str
) -> tuple[list[Standing], SafeString]:
    """The rows, and the axis below them. Empty before there are enough months."""
    if len(table.months) < table.baseline + table.latest:
        return [], mark_safe("")
    ends = []
    for group, chart in zip(table.drawn, charts, strict=True):
        first, last = counted(table, group)
        ends.append((group, chart, pooled(table, first), pooled(table, last)))
    values = [value for _g, _c, before, after in ends for value in (before[0], after[0])]
    bounds = (0, 100) if table.is_share else (0, None)
    scale = scale_for(values, bounds=bounds, goal=table.goal, most_ticks=3, room=0.1)
    rows = [
        _standing(table, group, chart, before, after, scale, number, uid)
        for group, chart, before, after in ends
    ]
    axis = dumbbell_axis_svg(
        scale,
        title=_("Scale"),
        uid=f"{uid}-axis",
        goal=table.goal,
        goal_label=_("Goal"),
        number=number,
    )
    return rows, mark_safe(axis)


def _standing(
    table: MeasureTable,
    group: GroupSeries,
    chart: Chart,
    before: tuple[float | None, float],
    after: tuple[float | None, float],
    scale: Scale,
    number: Number,
    uid: str,
) -> Standing:
    was, now = before[0], after[0]
    few = table.is_share and 0 < after[1] < FEW
    change, better = "", None
    if was is not None and now is not None:
        moved = round(now) - round(was) if table.is_share else now - was
        change = f"{moved:+.0f}" if table.is_share else f"{moved:+.1f}"
        change = "0" if float(change) == 0 else change.replace("-", "−")
        improved = moved > 0 if table.higher_is_better else moved < 0
        better = improved if _last_class(chart) in SIGNALS and moved else None
    words = [_("not shown") if value is None else number(value) for value in (was, now)]
    svg = dumbbell_svg(
        was,
        now,
        scale=scale,
        title=group.label,
        uid=f"{uid}-line-{group.code or 'all'}",
        goal=table.goal,
        point_class=_last_class(chart),
        few=few,
        number=number,
        desc=_("%(was)s at baseline, %(now)s now.") % {"was": words[0], "now": words[1]},
    )
    return Standing(
        group.code, group.label, words[0], words[1], change, better, few, mark_safe(svg)
    )


def _last_class(chart: Chart) -> PointClass:
    shown = [c for c in chart.point_class if c not in ("missing", "excluded")]
    return shown[-1] if shown else "common"
