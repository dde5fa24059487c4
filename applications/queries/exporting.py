"""The staff's list as a file: what each column is, and its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import save_workbook

from accounts import zones
from applications.models import Application, ApplicationQuerySet
from applications.queries.listing import all_words
from applications.states import Outcome, Source, Status
from collaboratives.measure_files.workbooks import DANGEROUS, harmless
from collaboratives.models import Cohort
from collaboratives.states import OrganizationType

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, what it holds, and the words that can stand in it."""

    name: str
    meaning: str | Promise
    value: Callable[[Any], Any]
    words: Any = None


def _organization(name: str) -> Callable[[Any], Any]:
    return lambda one: getattr(one.organization, name) if one.organization else None


COLUMNS = (
    Column("reference", _lazy("The application's number."), lambda one: one.reference),
    Column("organization", _lazy("Who applies."), lambda one: one.organization_name),
    Column("type", _lazy("Type of organization"), _organization("type"), OrganizationType),
    Column("city", _lazy("City"), _organization("city")),
    Column("state", _lazy("State, two letters."), _organization("state")),
    Column("beds", _lazy("Staffed beds. Empty: not said."), _organization("staffed_beds")),
    Column("stage", _lazy("Where it stands."), lambda one: one.status, Status),
    Column(
        "decision", _lazy("What was decided. Empty: nothing yet."), lambda one: one.outcome, Outcome
    ),
    Column("came_by", _lazy("How it came in."), lambda one: one.source, Source),
    Column("done", _lazy("How much of it is filled in, in percent."), lambda one: one.progress),
    Column(
        "missing_letters",
        _lazy("Required letters that are not here."),
        lambda one: one.missing_letters,
    ),
    Column("started", _lazy("When it was begun."), lambda one: one.started_at),
    Column("received", _lazy("When it came in first. Empty: never."), lambda one: one.received_at),
    Column("submitted", _lazy("When it was sent in last."), lambda one: one.submitted_at),
    Column("lead", _lazy("The person in charge of it."), lambda one: str(one.lead)),
    Column("email", _lazy("That person's email."), lambda one: one.lead.email),
)
NAMES = [column.name for column in COLUMNS]


def lines(cohort: Cohort, found: ApplicationQuerySet) -> Iterator[list[str | int | None]]:
    """A row for each application, in the order of the list."""
    words = all_words()
    for one in found.for_export().iterator(chunk_size=1000):
        yield [_cell(column, one, cohort, words) for column in COLUMNS]


def _cell(column: Column, one: Application, cohort: Cohort, words: Any) -> str | int | None:
    value = column.value(one)
    if column.words is not None:
        return words[value or ""]
    if isinstance(value, datetime):
        return value.astimezone(cohort.zone).strftime("%Y-%m-%d %H:%M")
    return value if isinstance(value, int) else value or ""


def codebook(cohort: Cohort) -> list[tuple[str, str, str]]:
    """Of each column: its name, what it holds, which words can stand in it."""
    zone = _("Times are in %(zone)s time.") % {"zone": zones.name(cohort.time_zone)}
    rows = [
        (column.name, str(column.meaning), "; ".join(str(one.label) for one in column.words or ()))
        for column in COLUMNS
    ]
    return [*rows, ("", zone, "")]


def as_csv(rows: Iterable[list[str | int | None]]) -> bytes:
    """With the mark by which spreadsheet programs know UTF-8; no cell can be a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(NAMES)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()


def as_xlsx(rows: Iterable[list[str | int | None]], guide: list[tuple[str, str, str]]) -> bytes:
    """The rows and, on a second sheet, what each column means. No cell can be a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Applications")[:31])
    sheet.freeze_panes = "A2"
    sheet.append(NAMES)
    for line in rows:
        sheet.append([_safe(sheet, cell) for cell in line])
    second = book.create_sheet(_("Codebook")[:31])
    second.column_dimensions["B"].width = second.column_dimensions["C"].width = 60
    for entry in [(_("Column"), _("What it holds"), _("Words that can stand in it")), *guide]:
        second.append([_safe(second, cell) for cell in entry])
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _safe(sheet: Any, value: str | int | None) -> Any:
    """Text as text, whatever it begins with."""
    if not isinstance(value, str) or value[:1] not in DANGEROUS or not value:
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
