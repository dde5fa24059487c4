"""Data files: a CSV or a workbook that a program can read in bounded time and memory."""

import codecs
import csv
import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from documents.checks import Refused
from documents.checks.package import Limits, members

CSV_ROWS = 1_000_000
XLSX_ROWS, COLUMNS, SHEETS = 5_000, 200, 20
LIMITS = Limits(20 * 2**20, 200, frozenset({"[content_types].xml", "xl/workbook.xml"}))
ENCODINGS = ("utf-8-sig", "cp1252")


def _damaged() -> Refused:
    return Refused(
        _("We could not read this file as a table. Save it again as CSV or XLSX and upload that."),
        "damaged",
    )


def _too_long(limit: int) -> Refused:
    return Refused(
        _("This file has more than %(limit)s rows. Split it and upload the parts.")
        % {"limit": f"{limit:,}"},
        "too_many_rows",
    )


def _too_wide() -> Refused:
    return Refused(
        _("This file has more than %(limit)s columns. Keep only those that are asked for.")
        % {"limit": COLUMNS},
        "too_many_columns",
    )


def check_csv(path: Path) -> None:
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as lines:
            for number, row in enumerate(csv.reader(lines), start=1):
                if number > CSV_ROWS + 1:  # the header is no row of data
                    raise _too_long(CSV_ROWS)
                if len(row) > COLUMNS:
                    raise _too_wide()
    except (csv.Error, UnicodeError):
        raise _damaged() from None


def _encoding(path: Path) -> str:
    """UTF-8, or what Excel writes on Windows. Raises Refused for anything else."""
    with path.open("rb") as start:
        head = start.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused(
            _('This file is saved as "Unicode Text". Save it as "CSV UTF-8" and upload that.'),
            "encoding",
        )
    if head.lstrip()[:1] == b"<" or any(byte < 9 or 13 < byte < 32 for byte in head):
        raise _damaged()
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as lines:
                for chunk in iter(lambda: lines.read(2**20), ""):
                    if "\0" in chunk:
                        raise _damaged()
            return encoding
        except UnicodeDecodeError:
            continue
    raise _damaged()


def check_xlsx(path: Path) -> None:
    members(path, LIMITS, _damaged())
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is missing: openpyxl would follow entities")
    try:
        with path.open("rb") as packed:
            book = openpyxl.load_workbook(packed, read_only=True, data_only=True, keep_links=False)
            _sheets_are_small(book)
    except Refused:
        raise
    except (
        InvalidFileException,
        DefusedXmlException,
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        zlib.error,
    ):
        raise _damaged() from None


def _sheets_are_small(book: openpyxl.Workbook) -> None:
    if len(book.sheetnames) > SHEETS:
        raise Refused(
            _("This workbook has more than %(limit)s sheets.") % {"limit": SHEETS},
            "too_many_sheets",
        )
    for sheet in book.worksheets:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > XLSX_ROWS:
                raise _too_long(XLSX_ROWS)
            if any(value is not None for value in row[COLUMNS:]):
                raise _too_wide()
