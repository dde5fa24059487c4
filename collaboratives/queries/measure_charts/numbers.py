"""The table beside the charts, and the list of what people decided about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.words import Number
from collaboratives.queries.measure_charts.drawing import left_out
from collaboratives.queries.measures import Cell, MeasureTable
from collaboratives.states import DecisionKind


@dataclass(frozen=True)
class NumberRow:
    """One month of the table. cells: rate and counts, or why there is none. mark: what a person
    decided about this month."""

    month: str
    cells: list[str]
    mark: str

    @property
    def drawn(self) -> SafeString:
        """The cells as they stand in a table: a template's loop costs ten times as much, and a
        report has a thousand of them."""
        return format_html_join("", '<td class="num">{}</td>', ((cell,) for cell in self.cells))


@dataclass(frozen=True)
class Decided:
    """One standing decision about the charts, in words."""

    pk: int | None
    what: str
    reason: str
    by: str
    on: str


def number_rows(table: MeasureTable, number: Number) -> list[NumberRow]:
    out = {group.code: left_out(table, group.code) for group in table.groups}
    kinds = {kind.value: str(kind.label) for kind in DecisionKind}
    rows = []
    for at, month in enumerate(table.months):
        cells = []
        for group in table.groups:
            words = _cell_words(table, group.cells[at], number)
            cells.append(f"({words})" if at in out[group.code] else words)
        marks = [kinds[m.kind] for m in table.marks if m.month == month]
        rows.append(NumberRow(table.label(month), cells, ", ".join(dict.fromkeys(marks))))
    return rows


def _cell_words(table: MeasureTable, cell: Cell, number: Number) -> str:
    if cell.hidden:
        return "×"
    value = table.value(cell)
    if value is None:
        return "–" if cell.numerator is None else _("none")
    if cell.denominator is None:
        return number(value)
    return f"{number(value)} ({cell.numerator:,.0f}/{cell.denominator:,.0f})"


def decided_of(table: MeasureTable) -> list[Decided]:
    texts = {
        DecisionKind.PHASE: _("New phase from %(month)s"),
        DecisionKind.FREEZE: _("Baseline frozen up to %(month)s"),
        DecisionKind.EXCLUSION: _("%(month)s left out"),
    }
    labels = {group.code: group.label for group in table.groups}
    found = []
    for mark in table.marks:
        what = texts[DecisionKind(mark.kind)] % {"month": table.label(mark.month)}
        if mark.group is not None:
            what += f" ({labels.get(mark.group, mark.group)})"
        found.append(Decided(mark.pk, what, mark.reason, mark.by, mark.on))
    return found
