"""What a section page sent back."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.http import QueryDict

from questionnaires.schema import OTHER, Field, Kind, Section

ADD, REMOVE = "_add", "_remove"


class Submitted(NamedTuple):
    """values: raw, by key, ready for actions.save. bases: revision of each field on the page.

    add: the table that should show one more empty row. removed: a row was taken out.
    only_changed: the page's script left out what nobody touched.
    """

    values: dict[str, Any]
    bases: dict[str, int]
    add: str | None
    removed: bool
    only_changed: bool = False


def submitted(section: Section, data: QueryDict) -> Submitted:
    """What a section page sent: a whole form, or the changed fields of an autosave.

    Only questions that were on the page are read: each brings its revision along, so one
    without any ticked box is known to be emptied, and a hidden one is left alone.
    """
    changed = set(data.getlist("_changed"))
    values: dict[str, Any] = {}
    bases: dict[str, int] = {}
    table, _dash, row = data.get(REMOVE, "").rpartition("-")
    for one in section.fields:
        sent = data.getlist(f"_rev.{one.code}")
        if not one.answer_codes or not sent or (changed and one.code not in changed):
            continue
        bases[one.code] = max(int(number) if number.isdigit() else 0 for number in sent)
        taken_out = int(row) if table == one.code and row.isdigit() else None
        values[one.code] = _raw(one, one.code, data, taken_out)
        if one.other:
            values[one.code + OTHER] = data.get(one.code + OTHER, "")
    add = data.get(ADD)
    return Submitted(values, bases, add if add in values else None, table in values, bool(changed))


def _raw(one: Field, name: str, data: QueryDict, taken_out: int | None = None) -> Any:
    match one.kind:
        case Kind.MULTIPLE:
            return data.getlist(name)
        case Kind.CONTACT:
            return {part: data.get(f"{name}-{part}", "") for part in one.parts}
        case Kind.TABLE:
            numbers = _numbers(name, data)
            return [_raw_row(one, f"{name}-{n}", n, data) for n in numbers if n != taken_out]
        case Kind.GRID:
            pattern = re.compile(rf"{name}-([a-z0-9_]+)-[a-z0-9_]+")
            found = [match[1] for key in data if (match := pattern.fullmatch(key))]
            return {item: _raw_row(one, f"{name}-{item}", None, data) for item in found}
    return data.get(name, "")


def _numbers(name: str, data: QueryDict) -> list[int]:
    pattern = re.compile(rf"{name}-(\d{{1,3}})-[a-z0-9_]+")
    return sorted({int(match[1]) for key in data if (match := pattern.fullmatch(key))})


def _raw_row(one: Field, name: str, number: int | None, data: QueryDict) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for sub in one.fields:
        if sub.kind == Kind.CHOSEN_ROW:
            row[sub.code] = data.get(f"{one.code}-{sub.code}") == str(number)
        else:
            row[sub.code] = _raw(sub, f"{name}-{sub.code}", data)
        if sub.other:
            row[sub.code + OTHER] = data.get(f"{name}-{sub.code}{OTHER}", "")
    return row
