"""Answers without the names of people, for readers who are not to know who applies.

Contacts and the people of a table are numbered; their names, addresses and numbers are taken
out of free text too, with the words that staff have blacked out. No queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from questionnaires.schema import Field, Form, Kind

BLACK = "█████"
WHO = ("name", "email", "phone")
CODED = {Kind.SINGLE, Kind.MULTIPLE, Kind.YES_NO, Kind.SCALE, Kind.NUMBER, Kind.DATE}
ADDRESS = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<!\w)\+?\d[\d ().-]{7,}\d(?!\w)")


def names_in(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """The names of all people that the answers name in places for names."""
    found = []
    for field in form.fields():
        for row in _people(field, answers.get(field.code)):
            name = row.get("name")
            if isinstance(name, str) and name.strip():
                found.append(name.strip())
    return found


def without_names(
    form: Form, answers: Mapping[str, Any], *, names: Iterable[str] = (), words: Iterable[str] = ()
) -> dict[str, Any]:
    """A copy of the answers. names: of people known besides; words: blacked out by staff."""
    hide = _pattern([*names, *names_in(form, answers)], words)
    shown: dict[str, Any] = {}
    for code, value in answers.items():
        field = form.by_answer.get(code)
        if field is None:
            continue
        shown[code] = _clean(field, code, value, hide)
    return shown


def _people(field: Field, value: Any) -> list[Mapping[str, Any]]:
    if field.kind == Kind.CONTACT and isinstance(value, Mapping):
        return [value]
    if field.kind == Kind.TABLE and isinstance(value, list):
        return [row for row in value if isinstance(row, Mapping)]
    return []


def _clean(field: Field, code: str, value: Any, hide: re.Pattern[str]) -> Any:
    if field.kind in (Kind.EMAIL, Kind.PHONE):
        return BLACK
    if field.kind in CODED and code == field.code:
        return value
    if field.kind == Kind.CONTACT and isinstance(value, Mapping):
        return _numbered(value, 0, hide)
    if field.kind == Kind.TABLE and isinstance(value, list):
        return [_numbered(row, number, hide) for number, row in enumerate(value, start=1)]
    return _hidden(value, hide)


def _numbered(row: Mapping[str, Any], number: int, hide: re.Pattern[str]) -> dict[str, Any]:
    who = _("Person %(number)s") % {"number": number} if number else BLACK
    kept = {part: _hidden(value, hide) for part, value in row.items() if part not in WHO}
    return ({"name": who} if "name" in row else {}) | kept


def _hidden(value: Any, hide: re.Pattern[str]) -> Any:
    """The value with all that shows who somebody is blacked out, however deep it lies."""
    if isinstance(value, str):
        return hide.sub(BLACK, PHONE.sub(BLACK, ADDRESS.sub(BLACK, value)))
    if isinstance(value, list):
        return [_hidden(one, hide) for one in value]
    if isinstance(value, Mapping):
        return {part: _hidden(one, hide) for part, one in value.items()}
    return value


def _pattern(names: Iterable[str], words: Iterable[str]) -> re.Pattern[str]:
    """Whole names, and each part of one that is no common short word; longest first."""
    parts = set()
    for name in names:
        parts.add(name)
        parts.update(part for part in re.findall(r"[^\W\d_]+", name) if len(part) > 2)
    parts |= {word for word in words if word.strip()}
    each = "|".join(re.escape(one) for one in sorted(parts, key=lambda one: (-len(one), one)))
    return re.compile(rf"(?<!\w)(?:{each})(?!\w)" if each else r"(?!)", re.IGNORECASE)
