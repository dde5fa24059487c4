"""A filled form, read: what stands in its boxes, as answers to the questions of its version.

The boxes have the names of the web page, so a page's reader reads them too. What it can't make
sense of is listed in words and never lost silently.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from documents.checks import Refused
from documents.checks.alone import checked
from questionnaires.answers import clean, clean_other
from questionnaires.forms.posted import submitted
from questionnaires.paper import SIGNED_NAME, SIGNED_TITLE, STAMP, TICKED
from questionnaires.rules import Problem, say
from questionnaires.schema import OTHER, Field, Form, Kind

UNREADABLE = {"misshapen", "not_option", "not_date", "not_number"}


class NotOurForm(ValueError):
    """The file has no boxes, or not those of a form of ours. Its words are for the person."""


@dataclass(frozen=True)
class Stamp:
    host: str
    key: str
    number: int
    language: str


@dataclass(frozen=True)
class Filled:
    """boxes: everything that was filled in, by name. saved_at: when, as far as the file says."""

    stamp: Stamp
    boxes: dict[str, str]
    saved_at: datetime | None

    @property
    def signed_name(self) -> str:
        return self.boxes.get(SIGNED_NAME, "")[:160]

    @property
    def signed_title(self) -> str:
        return self.boxes.get(SIGNED_TITLE, "")[:160]


@dataclass(frozen=True)
class Unread:
    """Something filled in that could not be taken as an answer. label: of the question or box."""

    label: str
    text: str
    why: str


@dataclass(frozen=True)
class Reading:
    """values: clean, by answer code, for those that were filled in and could be read."""

    values: dict[str, Any]
    unread: tuple[Unread, ...]


def open_filled(path: Path) -> Filled:
    """The boxes of a file that has passed the way in, read in a process of their own.

    Raises NotOurForm.
    """
    try:
        found = json.loads(checked("boxes")(path) or b"{}")
    except Refused:
        raise NotOurForm(_("We could not read this file. Save the form again.")) from None
    if "values" not in found:
        raise NotOurForm(
            _(
                "This file has no boxes that we can read. They get lost when a form is printed, "
                "scanned, or saved with LibreOffice. Fill in the form with a PDF reader or a "
                "browser, save it there, and upload that file."
            )
        )
    stamp = _stamp(found["values"].pop(STAMP, "") or found["mark"])
    saved_at = datetime.fromisoformat(found["saved_at"]) if found["saved_at"] else None
    return Filled(stamp, found["values"], saved_at)


def _stamp(text: str) -> Stamp:
    match = re.fullmatch(r"([\w-]+)/([\w-]+)/(\d{1,6})/(en|es)", text)
    if match is None:
        raise NotOurForm(_("This is not an application form that was downloaded here."))
    return Stamp(match[1], match[2], int(match[3]), match[4])


def read(form: Form, filled: Filled) -> Reading:
    """The filled boxes as answers to this version of the form."""
    data, strangers = _as_posted(form, filled.boxes)
    values: dict[str, Any] = {}
    unread: list[Unread] = []
    for section in form.sections:
        for one in section.fields:
            data.appendlist(f"_rev.{one.code}", "0")
        raw = submitted(section, data).values
        for key, value in raw.items():
            one = form.by_answer[key]
            cleaned = (
                clean_other(value)
                if key != one.code
                else clean(one, value, language=filled.stamp.language)
            )
            wrong = [issue for issue in cleaned.issues if issue.reason in UNREADABLE]
            for issue in wrong:
                problem = Problem(section.code, one.code, *issue)
                unread.append(Unread(str(one.label), _at(value, issue.at), say(problem)))
            if cleaned.value is not None and not (wrong and not issue_inside(one)):
                values[key] = cleaned.value
    unread += [
        Unread(name, text, _("This box is not one of the form."))
        for name, text in strangers.items()
    ]
    return Reading(values, tuple(unread))


def issue_inside(one: Field) -> bool:
    """Whether the rest of the answer is good although a part of it can't be read."""
    return one.kind in (Kind.TABLE, Kind.GRID, Kind.CONTACT, Kind.MULTIPLE)


def _at(value: Any, at: tuple[str | int, ...]) -> str:
    for step in at:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
    return str(value)[:500]


def _as_posted(form: Form, filled: dict[str, str]) -> tuple[QueryDict, dict[str, str]]:
    """What the web page would have sent, and the boxes that no question of the form has."""
    data, strangers = QueryDict(mutable=True), {}
    for name, text in filled.items():
        if name in (SIGNED_NAME, SIGNED_TITLE) or name.startswith("_signed"):
            continue
        box, ticked, option = name.partition(TICKED)
        field = _field_of(form, box)
        if field is None:
            strangers[name[:100]] = text[:200]
        elif ticked:
            data.appendlist(box, option if field.kind == Kind.MULTIPLE else "yes")
        elif field.kind in (Kind.SINGLE, Kind.YES_NO) and not box.endswith(OTHER):
            data.appendlist(box, _code_of(field, text))
        else:
            data.appendlist(box, text)
    return data, strangers


def _field_of(form: Form, box: str) -> Field | None:
    """The question, or the column of a table or grid, that a box belongs to."""
    code, *inside = box.split("-")
    one = form.by_answer.get(code)
    if one is None or (inside and one.kind not in (Kind.CONTACT, Kind.TABLE, Kind.GRID)):
        return None
    if one.kind not in (Kind.TABLE, Kind.GRID):
        return one
    last = inside[-1] if inside else ""
    columns = {key: column for column in one.fields for key in column.answer_codes}
    return columns.get(last)


def _code_of(field: Field, text: str) -> str:
    """Some programs write the words of an option instead of its code."""
    if text in field.option_codes:
        return text
    said = text.strip().casefold()
    for option in field.choices:
        if said in (option.label.en.casefold(), option.label.es.casefold()):
            return option.code
    return text
