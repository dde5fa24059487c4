"""A form and its answers as JSON, for programs that read us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questionnaires.rules import Answers, visible_answers
from questionnaires.schema import OTHER, Field, Form, Kind, Section
from questionnaires.summary import plain
from questionnaires.walk import items, questions


def form_json(form: Form, *, version: int) -> dict[str, Any]:
    """The whole form, in both languages, as the schema describes it."""
    return {"version": version, **form.model_dump(mode="json", exclude_defaults=True)}


def answers_json(
    form: Form,
    answers: Answers,
    *,
    version: int,
    elsewhere: Mapping[str, str] | None = None,
    private: bool = False,
) -> dict[str, Any]:
    """Every visible question with its answer, as data and in words of the active language.

    elsewhere: words for uploads and videos, by question. Consent is never shown.
    """
    shown, given = visible_answers(form, answers), elsewhere or {}
    sections: dict[str, dict[str, Any]] = {}
    for section, field in questions(form, answers):
        if field.kind in (Kind.INFO, Kind.CONSENT) or (section.private and not private):
            continue
        listed = sections.setdefault(section.code, _section(section))["questions"]
        listed.append(_question(field, form, shown, given.get(field.code)))
    return {"version": version, "sections": list(sections.values())}


def _section(section: Section) -> dict[str, Any]:
    return {"code": section.code, "title": str(section.title), "questions": []}


def _question(field: Field, form: Form, shown: Answers, elsewhere: str | None) -> dict[str, Any]:
    value, other = shown.get(field.code), shown.get(field.code + OTHER)
    if field.kind == Kind.GRID and isinstance(value, dict):
        asked_about = {item.code for item in items(field, form, shown)}
        value = {item: row for item, row in value.items() if item in asked_about}
    asked: dict[str, Any] = {
        "code": field.code,
        "label": str(field.label),
        "kind": str(field.kind),
        "required": field.required,
        "value": value if elsewhere is None else elsewhere,
        "words": plain(field, value, other, form=form) if elsewhere is None else elsewhere,
    }
    return asked | {"other": other} if field.other else asked
