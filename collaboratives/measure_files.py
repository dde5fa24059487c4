"""Reading a file of counts that a spreadsheet program made, and naming what is wrong in it.

Pure: bytes and what the measure expects in, good rows and problems out. pandas is imported
inside, because a web process never loads it; only the worker calls `check`.
"""

from __future__ import annotations

import io
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_ROWS = 50_000
MOST_COLUMNS = 64
MOST_PROBLEMS = 200
EARLIEST_YEAR = 1990

COLUMNS = {
    "month": ["month", "period", "date", "month start", "period start", "mes"],
    "group": ["group", "stratum", "population", "race ethnicity", "race", "language", "grupo"],
    "numerator": ["numerator", "num", "count", "cases", "value", "numerador"],
    "denominator": ["denominator", "denom", "den", "total", "eligible", "denominador"],
    "rate": ["rate", "percent", "percentage", "share", "tasa", "porcentaje"],
}
ALIASES = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
EVERYBODY = {"", "all", "all patients", "everybody", "everyone", "overall", "total", "todos"}
NOT_COLLECTED = {
    "", "-", "–", "—", ".", "n/a", "#n/a", "na", "nan", "none", "null", "not collected",
}  # fmt: skip

# Columns that hold one person's data. Words are compared after `_plain`.
PERSONAL = {
    "account number", "address", "birth date", "birthdate", "date of birth", "dob", "email",
    "encounter id", "first name", "full name", "home address", "last name", "mail",
    "medical record", "medical record number", "member id", "mrn", "name", "nhs number",
    "patient", "patient id", "patient identifier", "patient name", "patientid", "person id",
    "phone", "phone number", "social security", "social security number", "ssn", "street",
    "subject id", "surname", "telephone", "nombre", "apellido", "fecha de nacimiento",
}  # fmt: skip
SOCIAL_SECURITY = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january ene enero", "feb february febrero", "mar march marzo",
            "apr april abr abril", "may mayo", "jun june junio", "jul july julio",
            "aug august ago agosto", "sep sept september septiembre", "oct october octubre",
            "nov november noviembre", "dec december dic diciembre",
        ],
        start=1,
    )
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the measure takes.

    groups: the words a group goes by (label and code) to its code; everybody's code is "".
    counts: numerators are whole numbers of people, never more than the denominator.
    """

    groups: Mapping[str, str]
    labels: tuple[str, ...]
    needs_denominator: bool
    counts: bool
    latest_month: date


@dataclass(frozen=True)
class Problem:
    """One thing to mend. row counts as the spreadsheet program does, the header included."""

    row: int
    column: str
    value: str
    expected: str


@dataclass(frozen=True)
class Row:
    row: int
    group: str
    month: date
    numerator: float | None
    denominator: float | None


@dataclass
class Checked:
    """refused: why the whole file can't be used; nothing of it may be kept when `personal`."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: str = ""
    personal: bool = False
    rows_read: int = 0


class Unreadable(Exception):
    """The file as a whole can't be used. `personal`: it holds rows about people."""

    def __init__(self, message: str, *, personal: bool = False) -> None:
        super().__init__(message)
        self.personal = personal


class Wrong(Exception):
    """One cell is not what is expected; the message says what is."""


def check(content: bytes, name: str, expected: Expected) -> Checked:
    """Read a CSV or XLSX file in long form: one row for each month and group."""
    try:
        table, european = _read(content, name)
        header_at, columns = _header(table, expected)
        _refuse_personal_rows(table, header_at, columns)
    except Unreadable as error:
        return Checked(refused=str(error), personal=error.personal)
    checked = Checked()
    seen: dict[tuple[date, str], int] = {}
    for number, cells in _data_rows(table, header_at):
        checked.rows_read += 1
        try:
            row = _row(number, cells, columns, expected, european)
        except _Problems as found:
            checked.problems.extend(found.problems)
            continue
        first = seen.setdefault((row.month, row.group), number)
        if first != number:
            text = _("Each month and group once. It is in row %(row)s already.") % {"row": first}
            checked.problems.append(Problem(number, "month", _at(cells, columns, "month"), text))
            continue
        checked.rows.append(row)
    return checked


# --- the file ------------------------------------------------------------------------------------


def _read(content: bytes, name: str) -> tuple[DataFrame, bool]:
    """All cells as text, header and all; and whether numbers are written the European way."""
    import pandas

    if content[:4] == b"PK\x03\x04":
        try:
            sheet = pandas.read_excel(
                io.BytesIO(content), header=None, dtype=str, engine="openpyxl", nrows=MOST_ROWS + 20
            )
        except Exception as error:
            raise Unreadable(_("This spreadsheet can’t be opened. Save it as CSV.")) from error
        return sheet.iloc[:, :MOST_COLUMNS].fillna(""), False
    text = _decode(content)
    lines = text.splitlines()
    if lines and lines[0].lower().startswith("sep="):
        separator, text = lines[0][4:5] or ",", text[len(lines[0]) :].lstrip("\r\n")
        lines = lines[1:]
    else:
        separator = _separator(lines[:20])
    if not any(line.strip() for line in lines):
        raise Unreadable(_("This file is empty."))
    try:
        table = pandas.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            names=range(MOST_COLUMNS),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            skipinitialspace=True,
        )
    except (pandas.errors.ParserError, ValueError) as error:
        raise Unreadable(_("This file can’t be read as a table. Save it as CSV.")) from error
    if len(table) > MOST_ROWS:
        raise Unreadable(
            _("This file has more than %(most)s rows. A file holds one measure by month and group.")
            % {"most": f"{MOST_ROWS:,}"}
        )
    return table.fillna(""), separator == ";"


def _decode(content: bytes) -> str:
    utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(_("This is not a text or spreadsheet file. Save your table as CSV."))


def _separator(lines: list[str]) -> str:
    """The character that cuts the header-like lines into the most columns."""
    return max(",;\t|", key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _plain(text: str) -> str:
    """Lower case, accents and punctuation away, single spaces."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def group_words(label: str, code: str) -> list[str]:
    """What a group may be called in a file."""
    return [_plain(label), _plain(code)]


def _header(table: DataFrame, expected: Expected) -> tuple[int, dict[str, int]]:
    """Where the header stands, below any title lines, and which column is which."""
    for at in range(min(len(table), 12)):
        words = [_plain(str(cell)) for cell in table.iloc[at]]
        personal = next((i for i, word in enumerate(words) if word in PERSONAL), None)
        if personal is not None:
            raise Unreadable(
                _(
                    "This file has a column “%(column)s”. Send counts for groups, never rows "
                    "about people. Nothing of this file was kept."
                )
                % {"column": str(table.iat[at, personal]).strip()[:40]},
                personal=True,
            )
        columns: dict[str, int] = {}
        for i, word in enumerate(words):
            if word in ALIASES:
                columns.setdefault(ALIASES[word], i)
        if "month" in columns and len([w for w in words if w]) > 1:
            return at, _whole_header(columns, words, expected)
    raise Unreadable(
        _(
            "The first row must name the columns: month, group, numerator, denominator. "
            "The template has them."
        )
    )


def _whole_header(columns: dict[str, int], words: list[str], expected: Expected) -> dict[str, int]:
    needed = ["group", "numerator"] + (["denominator"] if expected.needs_denominator else [])
    lacking = [name for name in needed if name not in columns]
    if lacking:
        message = _("There is no column “%(column)s”.") % {"column": lacking[0]}
        if sum(word in expected.groups for word in words) > 1:
            message += " " + _("This file has one column for each group; use one row instead.")
        raise Unreadable(message + " " + _("The template has the columns that are needed."))
    columns["width"] = max(i for i, word in enumerate(words) if word) + 1
    return columns


def _data_rows(table: DataFrame, header_at: int) -> Iterator[tuple[int, list[str]]]:
    """(row number as in the spreadsheet, cells), without blank rows."""
    for at, cells in enumerate(table.itertuples(index=False, name=None), start=1):
        texts = [str(cell).strip().replace("\u00a0", " ") for cell in cells]
        if at > header_at + 1 and any(texts):
            yield at, texts


def _refuse_personal_rows(table: DataFrame, header_at: int, columns: dict[str, int]) -> None:
    """Whole rows about people, recognised by their values or by their shape."""
    ones, rows, repeated = 0, 0, 0
    seen: set[tuple[str, str]] = set()
    for _number, cells in _data_rows(table, header_at):
        rows += 1
        if any(SOCIAL_SECURITY.search(cell) or EMAIL.search(cell) for cell in cells):
            raise Unreadable(
                _(
                    "This file holds what looks like social security numbers or email "
                    "addresses. Send counts for groups. Nothing of this file was kept."
                ),
                personal=True,
            )
        key = (_at(cells, columns, "month"), _at(cells, columns, "group"))
        repeated += key in seen
        seen.add(key)
        ones += _at(cells, columns, "denominator") in ("1", "") and _at(
            cells, columns, "numerator"
        ) in ("0", "1")
    if rows >= 20 and ones > 0.9 * rows and repeated > 0.5 * rows:
        raise Unreadable(
            _(
                "This file looks like one row for each patient. Send one row for each month and "
                "group, with counts. Nothing of this file was kept."
            ),
            personal=True,
        )


# --- one row -------------------------------------------------------------------------------------


class _Problems(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def _at(cells: list[str], columns: dict[str, int], name: str) -> str:
    return cells[columns[name]] if name in columns else ""


def _row(
    number: int,
    cells: list[str],
    columns: dict[str, int],
    expected: Expected,
    european: bool,
) -> Row:
    if any(cells[columns["width"] :]):
        text = _("As many values as the header has. Write 1,204 as 1204.")
        raise _Problems([Problem(number, "", ", ".join(c for c in cells if c)[:80], text)])
    problems: list[Problem] = []

    def cell(name: str, read: object) -> object:
        try:
            return read(_at(cells, columns, name))  # type: ignore[operator]
        except Wrong as wrong:
            problems.append(Problem(number, name, _at(cells, columns, name)[:80], str(wrong)))
            return None

    month = cell("month", lambda text: read_month(text, expected.latest_month))
    group = cell("group", lambda text: _group(text, expected))
    numerator = cell(
        "numerator", lambda t: read_number(t, whole=expected.counts, european=european)
    )
    denominator = cell(
        "denominator", lambda t: read_number(t, whole=expected.counts, european=european)
    )
    if not problems:
        for column, wrong in together(numerator, denominator, expected):  # type: ignore[arg-type]
            problems.append(Problem(number, column, _at(cells, columns, column)[:80], wrong))
        problems += _rate_agrees(number, _at(cells, columns, "rate"), numerator, denominator)  # type: ignore[arg-type]
    if problems:
        raise _Problems(problems)
    return Row(number, group, month, numerator, denominator)  # type: ignore[arg-type]


def together(
    numerator: float | None, denominator: float | None, expected: Expected
) -> Iterable[tuple[str, str]]:
    """(column, what is expected) where the two numbers do not fit each other."""
    if not expected.needs_denominator:
        return
    if numerator is not None and denominator is None:
        yield "denominator", _("A number, because the numerator has one.")
    elif numerator is None and denominator is not None:
        yield "numerator", _("A number, because the denominator has one.")
    elif numerator is not None and denominator is not None:
        if expected.counts and numerator > denominator:
            yield (
                "numerator",
                _("No more than the denominator, %(number)s.") % {"number": f"{denominator:g}"},
            )
        elif denominator == 0 and numerator:
            yield "denominator", _("More than 0.")


def _rate_agrees(
    number: int, text: str, numerator: float | None, denominator: float | None
) -> list[Problem]:
    """A column with the rate is not needed; where it is given, it must be the same rate."""
    if not text or numerator is None or not denominator:
        return []
    try:
        given = read_number(text.rstrip("% "), whole=False, european="," in text)
    except Wrong as wrong:
        return [Problem(number, "rate", text[:80], str(wrong))]
    true = numerator / denominator
    if given is None or abs(given - 100 * true) <= 1 or abs(given - true) <= 0.01:
        return []
    return [
        Problem(
            number,
            "rate",
            text[:80],
            _("%(rate)s%%, as the two counts give.") % {"rate": f"{100 * true:.1f}"},
        )
    ]


def _group(text: str, expected: Expected) -> str:
    word = _plain(text)
    if word in expected.groups:
        return expected.groups[word]
    if word in EVERYBODY and "" in expected.groups.values():
        return ""
    raise Wrong(_("One of: %(groups)s.") % {"groups": ", ".join(expected.labels)})


def read_number(text: str, *, whole: bool, european: bool = False) -> float | None:
    """A number as people write it; None for what was not collected. Raises Wrong."""
    text = text.strip().replace("\u2212", "-")
    if text.casefold() in NOT_COLLECTED:
        return None
    wanted = _("A whole number, such as 1204.") if whole else _("A number, such as 12.5.")
    if "%" in text:
        raise Wrong(_("A count of people, not a share."))
    compact = re.sub(r"(?<=\d)[\s\u2009\u202f'’](?=\d{3}(?!\d))", "", text)
    if european and re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d+", compact):
        compact = compact.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", compact):
        compact = compact.replace(",", "")
    elif not whole and re.fullmatch(r"-?\d+,\d{1,2}", compact):
        compact = compact.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", compact) or len(compact) > 15:
        raise Wrong(wanted)
    number = float(compact)
    if number < 0:
        raise Wrong(_("0 or more."))
    if whole and number != int(number):
        raise Wrong(wanted)
    return number


def read_month(text: str, latest: date) -> date:
    """The first day of the month that is meant. Raises Wrong.

    Dates with slashes are read month first. One whose day is neither the first nor the last of
    its month is refused, since it may be written day first.
    """
    wanted = _("A month, such as 2026-01 or Jan 2026.")
    month = _month(_plain(text), text.strip())
    if month is None or month.year < EARLIEST_YEAR:
        raise Wrong(wanted)
    if month > latest:
        raise Wrong(_("A month that has begun."))
    return month


def _month(plain: str, text: str) -> date | None:
    parts = plain.split()
    if len(parts) == 2 and any(part in MONTHS for part in parts):
        name = next(part for part in parts if part in MONTHS)
        year = parts[1 - parts.index(name)]
        return _date(_year(year), MONTHS[name])
    if len(parts) == 3 and parts[1] in MONTHS:  # 01-Jan-2026
        return _date(_year(parts[2]), MONTHS[parts[1]])
    if len(parts) == 3 and parts[0] in MONTHS:  # Jan 1, 2026
        return _date(_year(parts[2]), MONTHS[parts[0]])
    numbers = [int(part) for part in parts if part.isdigit() and len(part) <= 4]
    if re.fullmatch(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}([ T]00:00(:00(\.0+)?)?)?)?", text):
        return _date(numbers[0], numbers[1])
    if re.fullmatch(r"\d{1,2}[-/.]\d{4}", text):
        return _date(numbers[1], numbers[0])
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text):  # day first, by its dots
        return _date(_year(parts[2]), numbers[1]) if numbers[0] == 1 else None
    if re.fullmatch(r"\d{1,2}[-/]\d{1,2}[-/](\d{4}|\d{2})", text):
        number, day, in_year = numbers[0], numbers[1], _year(parts[2])
        month = _date(in_year, number)
        whole = month and day in (1, monthrange(in_year, number)[1])
        return month if whole else None
    return None


def _year(text: str) -> int:
    if not text.isdigit() or len(text) not in (2, 4):
        return 0
    return int(text) + 2000 if len(text) == 2 else int(text)


def _date(year: int, month: int) -> date | None:
    return date(year, month, 1) if 1 <= month <= 12 and 1 <= year <= 9999 else None
