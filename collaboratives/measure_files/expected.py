"""What a file of counts must hold, and the kinds of trouble it can be in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

MOST_PROBLEMS = 200

COLUMNS = {
    "month": [
        "month", "period", "date", "month start", "period start", "mes", "quarter", "trimestre",
    ],
    "group": ["group", "stratum", "population", "race ethnicity", "race", "language", "grupo"],
    "numerator": ["numerator", "num", "count", "cases", "value", "numerador"],
    "denominator": ["denominator", "denom", "den", "total", "eligible", "denominador"],
    "rate": ["rate", "percent", "percentage", "share", "tasa", "porcentaje"],
    "site": [
        "site", "unit", "clinic", "location", "facility", "department", "practice", "hospital",
        "sitio", "clinica", "sede",
    ],
}  # fmt: skip
ALIASES = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}


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
    quarterly: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing to mend. row counts as the spreadsheet program does, the header included."""

    row: int
    column: str
    value: str
    expected: str


@dataclass(frozen=True)
class Row:
    """One good row. site: one of several places whose counts are added up; else empty."""

    row: int
    group: str
    month: date
    numerator: float | None
    denominator: float | None
    site: str = ""


@dataclass
class Checked:
    """What a check found. refused: why the whole file can't be used; nothing of it may be kept
    when `personal`.

    rows: the good ones, where nobody else took them. problems: the first of them, problem_count
    all. spoiled: (group, month) of sums that lack a bad row. lost: a bad row whose group or
    month can't be read, so no sum of sites is sure. has_gaps: some numbers were not collected.
    """

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    refused: str = ""
    personal: bool = False
    rows_read: int = 0
    spoiled: set[tuple[str, date]] = field(default_factory=set)
    lost: bool = False
    has_sites: bool = False
    has_gaps: bool = False

    def note(self, found: list[Problem]) -> None:
        self.problem_count += len(found)
        self.problems += found[: max(0, MOST_PROBLEMS - len(self.problems))]


class Unreadable(Exception):
    """The file as a whole can't be used. `personal`: it holds rows about people."""

    def __init__(self, message: str, *, personal: bool = False) -> None:
        super().__init__(message)
        self.personal = personal


class Wrong(Exception):
    """One cell is not what is expected; the message says what is."""


class Problems(Exception):
    """What is wrong in one row."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def plain(text: str) -> str:
    """Lower case, accents and punctuation away, single spaces."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def group_words(label: str, code: str) -> list[str]:
    """What a group may be called in a file."""
    return [plain(label), plain(code)]
