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

CSV_ROWS = 1_000_000
XLSX_ROWS, COLUMNS, SHEETS = 5_000, 200, 20
UNPACKED, MEMBERS, RATIO = 20 * 2**20, 200, 100
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
                if number > CSV_ROWS:
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
    _zip_is_small(path)
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


def _zip_is_small(path: Path) -> None:
    """By the zip's own list, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            _list_is_sound(packed.infolist())
            # No workbook declares entities of its own.
            if any(b"<!DOCTYPE" in _head(packed, member) for member in packed.infolist()):
                raise _damaged()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError):
        raise _damaged() from None


def _list_is_sound(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.lower() for member in members}
    unpacked = sum(member.file_size for member in members)
    squeezed = sum(member.compress_size for member in members)
    if len(members) > MEMBERS or unpacked > UNPACKED or unpacked > RATIO * max(squeezed, 1):
        raise Refused(
            _("This workbook is too large inside. Copy the data alone into a new workbook."),
            "too_large_inside",
        )
    if any(member.flag_bits & 1 for member in members):
        raise Refused(_("This workbook is locked with a password."), "encrypted")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused(
            _("This workbook has macros in it. Save it as XLSX without macros."), "macros"
        )
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        raise _damaged()


def _head(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with packed.open(member) as content:
        return content.read(1024)


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
