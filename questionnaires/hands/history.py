"""What was answered to each question before: who, when, and what lost against another's words.

changes: those of one form's answers, which may stand in several responses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from questionnaires.models import AnswerChange, Response
from questionnaires.queries import form_of
from questionnaires.schema import Field
from questionnaires.summary import plain

MOST_SHOWN = 50
ONE_SITTING = timedelta(minutes=2)


@dataclass(frozen=True)
class Version:
    """One answer as it once was. stands: it is the present one. lost: somebody else's stood.
    source: where it came from, when it was not typed on the page.
    """

    pk: int
    words: str
    who: str
    at: datetime
    stands: bool
    lost: bool
    source: str


def versions(changes: QuerySet[AnswerChange], response: Response, field: Field) -> list[Version]:
    """The newest 50 answers to one question, newest first.

    A page saves itself while one types; of words that only grew within one sitting, the last
    stay.
    """
    form, present = form_of(response.version), response.answers
    found = changes.filter(field=field.code).select_related("changed_by").order_by("-pk")
    shown: list[Version] = []
    for change in _sittings(found[: MOST_SHOWN * 6]):
        words = plain(field, change.value, form=form)
        stands = not shown and change.kept and change.value == present.get(field.code)
        shown.append(
            Version(
                change.pk,
                words,
                change.author,
                change.changed_at,
                stands,
                not change.kept,
                change.get_source_display(),
            )
        )
    return shown[:MOST_SHOWN]


def _sittings(changes: Iterable[AnswerChange]) -> Iterable[AnswerChange]:
    """Newest first, without those that the next one by the same person only went on with."""
    newer: AnswerChange | None = None
    for change in changes:
        if newer is None or not _went_on(change, newer):
            yield change
        newer = change


def _went_on(change: AnswerChange, newer: AnswerChange) -> bool:
    return (
        change.kept
        and newer.kept
        and change.changed_by_id == newer.changed_by_id
        and newer.changed_at - change.changed_at < ONE_SITTING
        and isinstance(change.value, str)
        and isinstance(newer.value, str)
        and newer.value.startswith(change.value)
    )


@dataclass(frozen=True)
class ChangedField:
    """One question, how often it was changed, and who did so last."""

    code: str
    label: str
    section: str
    times: int
    who: str
    at: datetime


def changed_fields(changes: QuerySet[AnswerChange], response: Response) -> list[ChangedField]:
    """In the order of the form. Two queries."""
    form = form_of(response.version)
    times = dict(changes.order_by().values_list("field").annotate(times=Count("pk")))
    newest = changes.select_related("changed_by").order_by("field", "-pk").distinct("field")
    last = {change.field: change for change in newest}
    return [
        ChangedField(
            field.code,
            str(field.label),
            str(section.title),
            times[field.code],
            last[field.code].author,
            last[field.code].changed_at,
        )
        for section in form.sections
        for field in section.fields
        if field.code in last
    ]
