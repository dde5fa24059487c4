"""Reads about forms and answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from questionnaires import rules
from questionnaires.models import AnswerChange, FormMove, Response, Version
from questionnaires.rules import SectionState
from questionnaires.schema import Field, Form, Section

MOST_FORMS = 200
_forms: dict[tuple[int, datetime], Form] = {}


def form_of(version: Version) -> Form:
    """The form of a version. A published one never changes, so it is read and checked once."""
    if version.published_at is None:
        return Form.model_validate(version.schema)
    key = (version.pk, version.published_at)
    if key not in _forms:
        if len(_forms) >= MOST_FORMS:
            _forms.clear()
        _forms[key] = Form.model_validate(version.schema)
    return _forms[key]


def section_state(
    version: Version, answers: Mapping[str, Any], section: str, ready: Collection[str] = ()
) -> SectionState | None:
    """How far one section is; None while a condition hides it."""
    return rules.section_state(form_of(version), section, answers, ready)


def history(response: Response, field: str) -> QuerySet[AnswerChange]:
    """What was answered to one question, newest first; `kept` is false for a lost conflict."""
    return (
        AnswerChange.objects.filter(response=response, field=field)
        .select_related("changed_by")
        .order_by("-pk")
    )


def gone_field(response: Response, key: str) -> Field | None:
    """The question of an earlier version of this response's form that kept answers under `key`."""
    for form in earlier_forms(response):
        if key in form.by_answer:
            return form.by_answer[key]
    return None


def earlier_forms(response: Response) -> list[Form]:
    """The forms that this response was answered on before, the last one first."""
    moves = FormMove.objects.filter(response=response).select_related("from_version")
    return [form_of(move.from_version) for move in moves.order_by("-pk")]


def as_it_was_sent(response: Response, section: str, sent: Collection[str]) -> Section | None:
    """The section whose page sent these questions, also if its version is gone meanwhile.

    None when no version of this response has it. Without a move, it costs nothing.
    """
    form = form_of(response.version)
    here = form.section(section)
    missing = set(sent) - ({one.code for one in here.fields} if here else set())
    if here is not None and not missing:
        return here
    fields = [form.by_code[code] for code in missing if code in form.by_code]
    for earlier in earlier_forms(response):
        here = here or earlier.section(section)
        known = {one.code for one in fields}
        old = earlier.section(section)
        listed = old.fields if old else ()
        fields += [one for one in listed if one.code in missing - known]
    if here is None:
        return None
    own = {one.code for one in here.fields}
    return here.model_copy(
        update={"fields": (*here.fields, *(one for one in fields if one.code not in own))}
    )


def unread_moves(response: Response, person: int) -> list[FormMove]:
    """What changed in the form of this draft and this person has not put away. Newest first."""
    moves = FormMove.objects.filter(response=response).exclude(read_by__contains=[person])
    return list(moves.select_related("from_version", "to_version").order_by("-pk"))


def lost_changes(response: Response, field: Field, *, by: User) -> dict[str, Any]:
    """By key of the answers: this person's newest words that did not stand against another's."""
    lost = AnswerChange.objects.filter(
        response=response, field__in=field.answer_codes, kept=False, changed_by=by
    )
    newest = lost.order_by("field", "-pk").distinct("field")
    return dict(newest.values_list("field", "value"))
