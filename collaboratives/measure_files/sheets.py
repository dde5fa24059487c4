"""Opening a CSV or a workbook as blocks of text cells, in bounded memory.

pandas is imported inside: a web process never loads it; only the worker reads files.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from collaboratives.measure_files.expected import Unreadable

if TYPE_CHECKING:
    from pandas import DataFrame

BLOCK = 50_000
MOST_ROWS_OF_A_WORKBOOK = 5_000
MOST_COLUMNS = 96
HEAD = 20


@dataclass(frozen=True)
class Sheet:
    """An opened file. head: its first rows as text. blocks: all rows, as frames of text whose
    index is the row's place from 0; call it once. european: 1.204,5 for 1,204.5. size: bytes."""

    head: list[list[str]]
    blocks: Callable[[int], Iterator[DataFrame]]
    european: bool


def open_sheet(path: Path) -> Sheet:
    """Raises Unreadable for what is no table."""
    with path.open("rb") as start:
        magic = start.read(4)
    return _workbook(path) if magic == b"PK\x03\x04" else _text(path)


def _workbook(path: Path) -> Sheet:
    import pandas

    try:
        frame = pandas.read_excel(
            path, header=None, dtype=str, engine="openpyxl", nrows=MOST_ROWS_OF_A_WORKBOOK
        )
    except Exception as error:
        raise Unreadable(_("This spreadsheet can’t be opened. Save it as CSV.")) from error
    frame = frame.iloc[:, :MOST_COLUMNS].fillna("").astype(str)
    head = [[str(cell) for cell in row] for row in frame.head(HEAD).itertuples(index=False)]
    return Sheet(head, lambda width: iter([frame]), european=False)


def _text(path: Path) -> Sheet:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as lines:
        start = list(islice(lines, HEAD + 2))
    skip = 0
    if start and start[0].lower().startswith("sep="):
        separator, skip = start[0][4:5] or ",", 1
        while skip < len(start) and not start[skip].strip():
            skip += 1
    else:
        separator = _separator(start)
    if not any(line.strip() for line in start[skip:]):
        raise Unreadable(_("This file is empty."))
    head = [
        [cell.strip() for cell in row]
        for row in csv.reader(start[skip:][:HEAD], delimiter=separator, skipinitialspace=True)
    ]

    def blocks(width: int) -> Iterator[DataFrame]:
        import pandas

        try:
            yield from pandas.read_csv(
                path,
                sep=separator,
                header=None,
                names=list(range(MOST_COLUMNS if width > 8 else width + 4)),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
                skipinitialspace=True,
                skiprows=skip,
                encoding=encoding,
                chunksize=BLOCK,
                on_bad_lines="error",
            )
        except (pandas.errors.ParserError, ValueError, pandas.errors.ParserWarning) as error:
            raise Unreadable(_("This file can’t be read as a table. Save it as CSV.")) from error

    return Sheet(head, blocks, european=separator == ";")


def _encoding(path: Path) -> str:
    with path.open("rb") as start:
        mark = start.read(2)
    utf_16 = mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ["utf-16"] if utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            with path.open(encoding=encoding, newline="") as text:
                if not any("\x00" in part for part in iter(lambda: text.read(2**20), "")):
                    return encoding
        except UnicodeError:
            continue
    raise Unreadable(_("This is not a text or spreadsheet file. Save your table as CSV."))


def _separator(lines: list[str]) -> str:
    """The character that cuts the header-like lines into the most columns."""
    return max(",;\t|", key=lambda mark: max((line.count(mark) for line in lines), default=0))
