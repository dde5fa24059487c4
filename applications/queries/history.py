"""What was answered to each question before: who, when, and what lost against another's words."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from applications.models import Application, Submission
from questionnaires.hands import history
from questionnaires.hands.history import ChangedField, Version
from questionnaires.models import AnswerChange, Response
from questionnaires.queries import form_of
from questionnaires.schema import OTHER, Field


def answer_changes(application: Application) -> QuerySet[AnswerChange]:
    """Every change of an application's answers, also of versions that were sent before."""
    sent = Submission.objects.filter(application=application).values("response_id")
    own = [pk for pk in (application.response_id, application.revision_id) if pk]
    responses = Response.objects.filter(Q(pk__in=own) | Q(pk__in=sent))
    return AnswerChange.objects.filter(response__in=responses.values("pk"))


def versions(application: Application, field: Field) -> list[Version]:
    """The newest 50 answers to one question, newest first."""
    return history.versions(answer_changes(application), application.working, field)


def changed_fields(application: Application) -> list[ChangedField]:
    """In the order of the form. Two queries."""
    return history.changed_fields(answer_changes(application), application.working)


def questions_changed_since(application: Application, number: int) -> list[tuple[str, str]]:
    """Of which the newest submission differs from the one with this number."""
    sent = list(Submission.objects.filter(application=application, number__gte=number).for_list())
    return differing(sent[0].response, sent[-1].response) if len(sent) > 1 else []


def differing(now: Response, before: Response) -> list[tuple[str, str]]:
    """Code and label of the questions that two versions answer differently."""
    form = form_of(now.version)
    return [
        (field.code, str(field.label))
        for field in form.fields()
        if any(
            _value(now, code) != _value(before, code) for code in (field.code, field.code + OTHER)
        )
    ]


def _value(response: Response, code: str) -> Any:
    return response.answers.get(code)
