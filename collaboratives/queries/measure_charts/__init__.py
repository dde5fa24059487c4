"""A measure's pictures and sentences, from a table that is masked for its reader already.

Pure: no query here. The same drawing goes on the page and into the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.chart import Chart
from analytics.charts import Flag, shared_scale
from analytics.words import Number
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
    """Everything that a page can show of one measure; each part is made when a page first asks
    for it, because most pages show few. charts: of the groups that are drawn, in their order."""

    uid: str
    table: MeasureTable
    changes: list[NumberedChange]
    labels: list[str]
    charts: list[Chart]
    marks: list[Flag]

    @cached_property
    def _number(self) -> Number:
        return number_of(self.table)

    @cached_property
    def panels(self) -> list[Panel]:
        """All on one scale."""
        table, charts = self.table, self.charts
        bounds = (0, 100) if table.is_share else (0, None)
        scale = shared_scale(charts, bounds=bounds, goal=table.goal) if charts else None
        values = [chart.value for chart in charts]
        return [
            panel_of(
                table, group, chart, self.labels, self._number, self.marks, scale,
                [other for other in values if other is not chart.value], self.uid,
            )
            for group, chart in zip(table.drawn, charts, strict=True)
        ]  # fmt: skip

    @cached_property
    def _standings(self) -> tuple[list[Standing], SafeString]:
        return standings_of(self.table, self.charts, self._number, self.uid)

    @property
    def standings(self) -> list[Standing]:
        return self._standings[0]

    @property
    def standings_axis(self) -> SafeString:
        return self._standings[1]

    @property
    def baseline_words(self) -> str:
        return baseline_words(self.table)

    @property
    def now_words(self) -> str:
        return now_words(self.table)

    @property
    def last_words(self) -> str:
        return last_words(self.table)

    @property
    def centre_words(self) -> str:
        return _("Median") if self.table.chart == ChartKind.RUN else _("Mean")

    @cached_property
    def gap(self) -> GapPicture | None:
        return gap_of(self.table, self.labels, self._number, self.marks, self.uid)

    @cached_property
    def gaps(self) -> GapSummary | None:
        return summary_of(self.table, self._number)

    @cached_property
    def known(self) -> Known | None:
        return completeness_of(self.table, self.labels, self.uid)

    @cached_property
    def numbers(self) -> list[NumberRow]:
        return number_rows(self.table, self._number)

    @cached_property
    def decided(self) -> list[Decided]:
        return decided_of(self.table)

    @property
    def notes(self) -> list[str]:
        return note_words([code for chart in self.charts for code in chart.notes])

    @property
    def held_back(self) -> list[str]:
        return [group.label for group in self.table.held_back]

    @property
    def unknown(self) -> list[GroupSeries]:
        return [group for group in self.table.groups if group.missing_kind and group.has_numbers]

    @property
    def false_signals(self) -> str:
        return signal_count_words(self.charts)

    @property
    def has_flags(self) -> bool:
        return bool(self.marks)

    @property
    def has_limits(self) -> bool:
        return any(value is not None for chart in self.charts for value in chart.ucl)

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
    """What a page shows of one measure. changes: of the team; those about another measure
    are left out. prefix: makes ids unique among several."""
    about = [change for change in changes if change.is_about(table.slug)]
    return MeasureCharts(
        uid=f"{prefix}{table.slug}",
        table=table,
        changes=about,
        labels=[table.label(month) for month in table.months],
        charts=[chart_of(table, group) for group in table.drawn],
        marks=_flags(table, about),
    )


def _flags(table: MeasureTable, changes: Sequence[NumberedChange]) -> list[Flag]:
    months = {month: at for at, month in enumerate(table.months)}
    return [
        Flag(change.number, months[month])
        for change in changes
        if (month := table.begins(change.started_on)) in months
    ]
