"""Finding the header: below title lines, in long form or with columns for each group."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from collaboratives.measure_files.expected import ALIASES, Expected, Unreadable, plain
from collaboratives.measure_files.people import refuse_columns
from collaboratives.measure_files.values import EVERYBODY

PARTS = {alias: part for alias, part in ALIASES.items() if part in ("numerator", "denominator")}
PARTS |= {"n": "numerator", "d": "denominator"}


@dataclass(frozen=True)
class Long:
    """One row for each month and group. columns: name to place; width: columns in use."""

    at: int
    columns: dict[str, int]
    width: int


@dataclass(frozen=True)
class Pair:
    """The two columns of one group, with what stands above them."""

    group: str
    numerator: int
    numerator_name: str
    denominator: int | None
    denominator_name: str


@dataclass(frozen=True)
class Wide:
    """One row for each month, columns for each group."""

    at: int
    month: int
    pairs: tuple[Pair, ...]
    width: int


def find_header(head: list[list[str]], expected: Expected) -> Long | Wide:
    """Where the header stands and what it means. Raises Unreadable with what is missing."""
    for at, cells in enumerate(head[:12]):
        refuse_columns(cells)
        words = [plain(cell) for cell in cells]
        columns: dict[str, int] = {}
        for place, word in enumerate(words):
            if word in ALIASES:
                columns.setdefault(ALIASES[word], place)
        if "month" not in columns or len([w for w in words if w]) <= 1:
            continue
        if "group" in columns:
            return _long(at, columns, words, expected)
        below = [plain(cell) for cell in head[at + 1]] if at + 1 < len(head) else []
        if len([w for w in below if w]) > 1 and all(w in PARTS for w in below if w):
            at += 1  # groups above, numerator and denominator below
        wide = _wide(at, head, columns["month"], expected)
        return wide or _long(at, columns, words, expected)
    raise Unreadable(
        _(
            "The first row must name the columns: month, group, numerator, denominator. "
            "The template has them."
        )
    )


def _long(at: int, columns: dict[str, int], words: list[str], expected: Expected) -> Long:
    needed = ["group", "numerator"] + (["denominator"] if expected.needs_denominator else [])
    lacking = [name for name in needed if name not in columns]
    if lacking:
        message = _("There is no column “%(column)s”.") % {"column": lacking[0]}
        if sum(word in expected.groups for word in words) > 1:
            message += " " + _("Each group needs two columns: its numerator and its denominator.")
        raise Unreadable(message + " " + _("The template has the columns that are needed."))
    width = max(place for place, word in enumerate(words) if word) + 1
    return Long(at, columns, width)


def _wide(at: int, head: list[list[str]], month: int, expected: Expected) -> Wide | None:
    """Columns named "Asian numerator", "Asian denominator", or a row of groups above or below a
    row of numerator and denominator. None when the columns are no groups."""
    here = [plain(cell) for cell in head[at]]
    above = _carried(head[at - 1], len(here)) if at else []
    found: dict[str, dict[str, int]] = {}
    for place, word in enumerate(here):
        if place == month or not word:
            continue
        name, part = _group_and_part(word, above[place] if place < len(above) else "", expected)
        if name is None:
            return None
        found.setdefault(name, {}).setdefault(part, place)
    pairs = []
    for group, places in found.items():
        if "numerator" not in places or (
            expected.needs_denominator and "denominator" not in places
        ):
            return None
        den = places.get("denominator")
        pairs.append(
            Pair(
                group,
                places["numerator"],
                _name(head, at, places["numerator"]),
                den,
                _name(head, at, den) if den is not None else "",
            )
        )
    if not pairs:
        return None
    return Wide(at, month, tuple(pairs), len(here))


def _carried(cells: list[str], width: int) -> list[str]:
    """A row of groups: each name holds until the next one, as merged cells do."""
    carried, last = [], ""
    for cell in [*cells, *[""] * width][:width]:
        last = plain(cell) or last
        carried.append(last)
    return carried


def _group_and_part(word: str, above: str, expected: Expected) -> tuple[str | None, str]:
    if word in PARTS:
        return _group(above, expected), PARTS[word]
    first, _space, last = word.rpartition(" ")
    if last in PARTS:
        return _group(first, expected), PARTS[last]
    return (None if expected.needs_denominator else _group(word, expected)), "numerator"


def _group(word: str, expected: Expected) -> str | None:
    if word in expected.groups:
        return expected.groups[word]
    return "" if word and word in EVERYBODY else None


def _name(head: list[list[str]], at: int, place: int) -> str:
    """What a person reads above the column."""
    here = head[at][place].strip()
    if plain(here) in PARTS and at:
        above = next((c for c in reversed(head[at - 1][: place + 1]) if c.strip()), "")
        return f"{above.strip()} {here}".strip()[:80]
    return here[:80]
