"""A report for funders as data: CSV, a workbook, and what each column means."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import save_workbook

from collaboratives.measure_files.workbooks import DANGEROUS, harmless
from collaboratives.models import Cohort
from reporting.queries.funder_words import FACTS, FunderPage, page_of, sign_codes, team_codes
from reporting.queries.signs import SIGNS

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "codebook": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = ("about", "team", "fact", "value", "of", "notes")

Line = list[str | int | None]


def lines(content: Mapping[str, Any], page: FunderPage) -> list[Line]:
    """A row for each number: of the cohort first, then of each team. Nothing that is hidden on
    the page has a row."""
    found: list[Line] = []
    facts = [("cohort", fact) for one in page.sections for fact in one.facts]
    facts += [("outcome", fact) for fact in page.outcomes] + [("gap", fact) for fact in page.gaps]
    for about, fact in facts:
        notes = "; ".join(str(mark) for mark in fact.marks)
        found.append([about, "", fact.code, fact.n, fact.of, notes])
    for rate in content["pooled"]:
        value = rate.get("percent")
        found.append(["pooled", "", rate["slug"], value, rate.get("organizations"), ""])
    for gap in content.get("pooled_gaps", []):
        for name, about in (("was", "pooled gap at baseline"), ("now", "pooled gap now")):
            found.append([about, "", gap["slug"], gap.get(name), gap.get("organizations"), ""])
    for team in content["teams"]:
        for code in team_codes(content):
            n, of = (int(team[code]), None) if code == "signed" else team[code]
            found.append(["team", team["name"], code, n, of, ""])
        for code in sign_codes(content):
            shown = team["signs"][code]
            found.append(
                ["team", team["name"], code, None if shown is None else int(shown), None, ""]
            )
    return found


def codebook(page: FunderPage) -> list[tuple[str, str, str]]:
    """Of each column and each fact: its name, what it is, how it is counted; then the notes."""
    columns = [
        (
            "about",
            _("What the row is about"),
            "cohort; outcome; gap; pooled; pooled gap at baseline; pooled gap now; team",
        ),
        ("team", _("The team. Empty: all together."), ""),
        ("fact", _("What is counted: one of the facts below."), ""),
        ("value", _("How many. Empty: it can’t be told or is not given out."), ""),
        ("of", _("Of how many. Empty: a plain count."), ""),
        ("notes", _("Numbers of the notes below."), ""),
    ]
    facts = [(code, str(label), str(how)) for code, (label, how) in FACTS.items()]
    facts += [(code, str(label), str(how)) for code, (label, how) in SIGNS.items()]
    known = {code for code, _label, _how in facts}
    for section in page.sections:
        facts += [(f.code, f.label, "") for f in section.facts if f.code not in known]
    facts += [(fact.code, fact.label, "") for fact in page.gaps]
    rates = [(_("rate"), rate.name, rate.words) for rate in page.rates]
    rates += [
        (gap.slug, gap.name, f"{gap.between} {gap.words}".strip()) for gap in page.pooled_gaps
    ]
    notes = [(_("note %(n)s") % {"n": note.number}, note.text, "") for note in page.notes]
    return [*columns, *facts, *rates, *notes]


def as_csv(rows: Iterable[Sequence[str | int | None]], heads: Sequence[str]) -> bytes:
    """With the mark by which spreadsheet programs know UTF-8; no cell can be a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()


def as_xlsx(rows: Sequence[Line], guide: Sequence[tuple[str, str, str]]) -> bytes:
    """The rows and, on a second sheet, what everything means. No cell can be a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Numbers")[:31])
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["B"].width = sheet.column_dimensions["C"].width = 32
    second = book.create_sheet(_("Codebook")[:31])
    second.column_dimensions["B"].width = second.column_dimensions["C"].width = 60
    for where, what in ((sheet, [COLUMNS, *rows]), (second, [_heads(), *guide])):
        for line in what:
            where.append([_safe(where, cell) for cell in line])
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _heads() -> tuple[str, str, str]:
    return _("Name"), _("What it holds"), _("How it is counted")


def _safe(sheet: Any, value: str | int | None) -> Any:
    """Text as text, whatever it begins with."""
    if not isinstance(value, str) or value[:1] not in DANGEROUS or not value:
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def file_of(content: Mapping[str, Any], cohort: Cohort, kind: str) -> bytes:
    """kind: one of FORMATS."""
    page = page_of(content, cohort)
    if kind == "csv":
        return as_csv(lines(content, page), COLUMNS)
    if kind == "codebook":
        return as_csv(codebook(page), _heads())
    return as_xlsx(lines(content, page), codebook(page))
