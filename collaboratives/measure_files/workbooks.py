"""Workbooks made for a measure. No cell of them can be a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import save_workbook

DANGEROUS = "=+-@\t\r＝＋－＠"
SHADE = PatternFill("solid", fgColor="EEF5F5")


def harmless(text: str) -> str:
    """A cell of a CSV that no spreadsheet program takes for a formula."""
    return f"'{text}" if text and text[0] in DANGEROUS else text


def _put(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False) -> Cell:
    """Text as text, whatever it begins with."""
    cell: Cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = bool(text) and text[0] in DANGEROUS  # type: ignore[attr-defined]
    if bold:
        cell.font = Font(bold=True)
    return cell


def template(
    *,
    months: Sequence[str],
    groups: Sequence[str],
    numerator: str,
    denominator: str | None,
    title: str,
) -> bytes:
    """A row for each month; for each group one column, or two under its name.

    denominator: its words; None for a measure without one.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("Numbers")[:31]
    _put(sheet, 1, 1, "month", bold=True)
    parts = ["numerator"] if denominator is None else ["numerator", "denominator"]
    for number, group in enumerate(groups):
        first = 2 + number * len(parts)
        _put(sheet, 1, first, group, bold=True).alignment = Alignment(wrap_text=True)
        for place, part in enumerate(parts):
            if denominator is not None:
                _put(sheet, 2, first + place, part)
            letter = sheet.cell(1, first + place).column_letter
            sheet.column_dimensions[letter].width = 14
            if number % 2 == 0:
                for row in range(1, len(months) + 3):
                    sheet.cell(row, first + place).fill = SHADE
        if denominator is not None:
            sheet.merge_cells(start_row=1, end_row=1, start_column=first, end_column=first + 1)
    start = 2 if denominator is None else 3
    for at, month in enumerate(months, start=start):
        _put(sheet, at, 1, month, bold=True)
    sheet.freeze_panes = sheet.cell(start, 2)
    _guide(book.create_sheet(_("How to fill it in")[:31]), title, numerator, denominator)
    return _bytes(book)


def _guide(sheet: Worksheet, title: str, numerator: str, denominator: str | None) -> None:
    lines = [title, _("Numerator: %(words)s") % {"words": numerator}]
    if denominator is not None:
        lines.append(_("Denominator: %(words)s") % {"words": denominator})
    lines += [
        _("Write counts for groups, never rows about people."),
        _("Leave a cell empty, or write n/a, when it was not collected. 0 means none."),
    ]
    for row, line in enumerate(lines, start=1):
        _put(sheet, row, 1, line, bold=row == 1)
    sheet.column_dimensions["A"].width = 90


def listed(rows: Sequence[Sequence[str]], title: str) -> bytes:
    """A list with a header. Numbers are numbers, everything else is text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("Numbers")[:31]
    for at, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if at > 1 and place > 2 and _is_number(text):
                sheet.cell(at, place).value = float(text)
            elif text:
                _put(sheet, at, place, text, bold=at == 1)
    book.properties.title = title
    sheet.freeze_panes = "A2"
    return _bytes(book)


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "", 1).replace("e", "").replace("+", "").isdigit()


def _bytes(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()
