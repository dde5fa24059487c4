"""A measure's pictures and sentences, from a table that is masked for its reader already.

Pure: no query here. The same drawing goes on the page and into the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts import Flag, shared_scale
from collaboratives.queries.measure_charts.completeness import Known, completeness_of
from collaboratives.queries.measure_charts.drawing import Panel, chart_of, panel_of
from collaboratives.queries.measure_charts.gaps import GapPicture, GapSummary, gap_of, summary_of
from collaboratives.queries.measure_charts.numbers import (
    Decided,
    NumberRow,
    decided_of,
    number_rows,
)
from collaboratives.queries.measure_charts.standings import (
    Standing,
    standings_of,
)
from collaboratives.queries.measure_charts.words import (
    baseline_words,
    last_words,
    note_words,
    now_words,
    number_of,
    signal_count_words,
)
from collaboratives.queries.measures import GroupSeries, MeasureTable
from collaboratives.queries.tested_changes import NumberedChange
from collaboratives.states import ChartKind

__all__ = ["MeasureCharts", "Panel", "measure_charts"]


@dataclass(frozen=True)
class MeasureCharts:
    uid: str
    table: MeasureTable
    panels: list[Panel]
    standings: list[Standing]
    standings_axis: SafeString
    baseline_words: str
    now_words: str
    last_words: str
    centre_words: str
    gap: GapPicture | None
    gaps: GapSummary | None
    known: Known | None
    numbers: list[NumberRow]
    decided: list[Decided]
    notes: list[str]
    held_back: list[str]
    unknown: list[GroupSeries]
    false_signals: str
    changes: list[NumberedChange]
    has_flags: bool
    has_limits: bool

    @property
    def first(self) -> Panel | None:
        """The panel for a place with room for one: a group whose chart has something to say,
        else the group of the gap, else everybody."""
        telling = [panel for panel in self.panels if panel.signal and panel.code]
        if telling:
            return min(telling, key=lambda panel: (panel.signal != "worsening", panel.latest))
        behind = self.gap.label if self.gap is not None else ""
        return next((p for p in self.panels if p.label == behind), next(iter(self.panels), None))


def measure_charts(
    table: MeasureTable, *, changes: Sequence[NumberedChange] = (), prefix: str = ""
) -> MeasureCharts:
    """Everything a page shows of one measure. changes: of the team; those about another measure
    are left out. prefix: makes ids unique among several."""
    about = [change for change in changes if change.is_about(table.slug)]
    number = number_of(table)
    labels = [table.label(month) for month in table.months]
    marks = _flags(table, about)
    drawn = table.drawn
    charts = [chart_of(table, group) for group in drawn]
    bounds = (0, 100) if table.is_share else (0, None)
    scale = shared_scale(charts, bounds=bounds, goal=table.goal) if charts else None
    values = [chart.value for chart in charts]
    uid = f"{prefix}{table.slug}"
    panels = [
        panel_of(
            table, group, chart, labels, number, marks, scale,
            [other for other in values if other is not chart.value], uid,
        )
        for group, chart in zip(drawn, charts, strict=True)
    ]  # fmt: skip
    standings, axis = standings_of(table, charts, number, uid)
    limits = any(value is not None for chart in charts for value in chart.ucl)
    return MeasureCharts(
        uid=uid,
        table=table,
        panels=panels,
        standings=standings,
        standings_axis=axis,
        baseline_words=baseline_words(table),
        now_words=now_words(table),
        last_words=last_words(table),
        centre_words=_("Median") if table.chart == ChartKind.RUN else _("Mean"),
        gap=gap_of(table, labels, number, marks, uid),
        gaps=summary_of(table, number),
        known=completeness_of(table, labels, uid),
        numbers=number_rows(table, number),
        decided=decided_of(table),
        notes=note_words([code for chart in charts for code in chart.notes]),
        held_back=[group.label for group in table.held_back],
        unknown=[group for group in table.groups if group.missing_kind and group.has_numbers],
        false_signals=signal_count_words(charts),
        changes=about,
        has_flags=bool(marks),
        has_limits=limits,
    )


def _flags(table: MeasureTable, changes: Sequence[NumberedChange]) -> list[Flag]:
    months = {month: at for at, month in enumerate(table.months)}
    return [
        Flag(change.number, months[month])
        for change in changes
        if (month := table.begins(change.started_on)) in months
    ]
