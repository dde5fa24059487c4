"""Reads about forms and answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from questionnaires import rules
from questionnaires.models import AnswerChange, Response, Version
from questionnaires.rules import SectionState
from questionnaires.schema import Form

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
