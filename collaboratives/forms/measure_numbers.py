"""Numbers typed into a table of months by groups, or sent as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaboratives.actions.measure_numbers import Point
from collaboratives.measure_files import Wrong, read_number, together
from collaboratives.measure_files.people import typed_about_a_person
from collaboratives.queries.measure_charts.words import number_of
from collaboratives.queries.measures import Cell, MeasureTable, expected


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File with your numbers"),
        help_text=gettext_lazy(
            "CSV or Excel: a row for each month and group, or a column for each group."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )


@dataclass
class GridCell:
    """One group in one month, as typed. error: what is expected instead."""

    group: str
    label: str
    month: date
    numerator: str
    denominator: str
    period: str = ""
    error: str = ""
    rate: str = ""

    @property
    def name(self) -> str:
        return f"{self.group or 'all'}.{self.month:%Y-%m}"


@dataclass
class GridRow:
    month: date
    period: str
    cells: list[GridCell]


class GridForm:
    """The table of months by groups. Blank means not collected."""

    def __init__(
        self, table: MeasureTable, months: list[date], data: QueryDict | None = None
    ) -> None:
        self.table = table
        self.needs_denominator = table.has_denominator
        self.write = number_of(table)
        self.expected = expected(table, months[-1])
        self.points: list[Point] = []
        self.personal = False
        self.rows = [
            GridRow(month, table.label(month), list(self._cells(month, data))) for month in months
        ]

    def _cells(self, month: date, data: QueryDict | None) -> Iterator[GridCell]:
        at = self.table.months.index(month) if month in self.table.months else None
        for group in self.table.groups:
            cell = group.cells[at] if at is not None else None
            shown = GridCell(
                group.code,
                group.label,
                month,
                _number(cell.numerator if cell else None),
                _number(cell.denominator if cell else None),
                period=self.table.label(month),
                rate=self._rate(cell),
            )
            if data is not None and f"{shown.name}.n" in data:
                self._read(shown, data)
            yield shown

    def _rate(self, cell: Cell | None) -> str:
        value = self.table.value(cell) if cell else None
        return "" if value is None else self.write(value)

    def _read(self, cell: GridCell, data: QueryDict) -> None:
        cell.numerator = data.get(f"{cell.name}.n", "").strip()[:40]
        cell.denominator = data.get(f"{cell.name}.d", "").strip()[:40]
        if any(typed_about_a_person(text) for text in (cell.numerator, cell.denominator)):
            self.personal = True
            cell.numerator = cell.denominator = ""
            cell.error = _("A count of people, never something about one person.")
            return
        try:
            numerator = read_number(cell.numerator, whole=self.expected.counts)
            denominator = read_number(cell.denominator, whole=self.expected.counts)
        except Wrong as wrong:
            cell.error = str(wrong)
            return
        for _column, wanted in together(numerator, denominator, self.expected):
            cell.error = wanted
        if not cell.error:
            self.points.append(Point(cell.group, cell.month, numerator, denominator))

    @property
    def times(self) -> int:
        """What the live rate is multiplied with."""
        return 100 if self.table.is_share else self.table.per

    @property
    def unit(self) -> str:
        return "%" if self.table.is_share else ""

    @property
    def errors(self) -> list[GridCell]:
        return [cell for row in self.rows for cell in row.cells if cell.error]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
