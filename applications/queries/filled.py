"""A filled form beside the answers on the web: what differs, what is older, what is unreadable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, FilledForm
from applications.queries.history import answer_changes
from questionnaires.answers import clean, clean_other
from questionnaires.models import AnswerChange
from questionnaires.paper.reading import (
    UNREADABLE,
    Filled,
    Reading,
    Stamp,
    Unread,
    read,
)
from questionnaires.queries import form_of
from questionnaires.schema import OTHER, Field, Form, Kind
from questionnaires.summary import Line, answer_line, plain


@dataclass(frozen=True)
class Compared:
    """One question that the file answers otherwise than the web.

    wanted: suggested to be taken, because the web has no answer or an older one.
    """

    code: str
    label: str
    section: str
    web: Line
    file: Line
    revision: int
    wanted: bool
    who: str
    at: datetime | None


@dataclass(frozen=True)
class Comparison:
    """differing: in the order of the form. same: how many answers are alike on both sides.
    number, asked: the versions of the form in the file and on the website.
    """

    differing: list[Compared]
    same: int
    unread: list[Unread]
    number: int
    asked: int

    @property
    def other_version(self) -> bool:
        return self.number != self.asked


def as_filled(form: FilledForm) -> Filled:
    stamp = Stamp("", form.version.questionnaire.key, form.version.number, form.language)
    return Filled(stamp, form.boxes, form.saved_at)


def signer_of(application: Application) -> dict[str, str]:
    """The name and role under the newest filled form; both empty without one."""
    newest = FilledForm.objects.for_page().filter(application=application).first()
    if newest is None:
        return {"signed_name": "", "signed_title": ""}
    filled = as_filled(newest)
    return {"signed_name": filled.signed_name, "signed_title": filled.signed_title}


def readable(filled: FilledForm, form: Form) -> Reading:
    """The answers of a file that this form can hold, by stable codes; the others are unread."""
    asked = form_of(filled.version)
    found = read(asked, as_filled(filled))
    values: dict[str, Any] = {}
    unread = list(found.unread)
    for key, value in found.values.items():
        was = asked.by_answer[key]
        why = _why_not(was, form.by_answer.get(key), key, value, filled.language)
        if why:
            unread.append(Unread(str(was.label), plain(was, value, form=asked), why))
        else:
            values[key] = value
    return Reading(values, tuple(unread))


def _why_not(was: Field, now: Field | None, key: str, value: Any, language: str) -> str:
    """Why an answer to an older version of a question is none to the present one."""
    if now is None:
        return _("This question is not asked any more.")
    if now.kind != was.kind or now.code != was.code:
        return _("This question has changed. Answer it on the website.")
    if now.kind == Kind.ACKNOWLEDGEMENT and now.text != was.text:
        return _("The words to agree to have changed. Read and agree on the website.")
    if key == now.code + OTHER:
        return "" if clean_other(value).value == value else _("We could not read this answer.")
    cleaned = clean(now, value, language=language)
    if cleaned.value != value or any(one.reason in UNREADABLE for one in cleaned.issues):
        return _("This question has changed. Answer it on the website.")
    return ""


def comparison(filled: FilledForm, application: Application) -> Comparison:
    response = application.working
    form, answers = form_of(response.version), response.answers
    reading = readable(filled, form)
    last = _last_changes(application)
    differing, same = [], 0
    for section in form.sections:
        for field in section.fields:
            keys = [key for key in field.answer_codes if key in reading.values]
            if not keys:
                continue
            if all(_alike(answers.get(key), reading.values[key]) for key in keys):
                same += 1
                continue
            change = last.get(field.code)
            differing.append(
                Compared(
                    code=field.code,
                    label=str(field.label),
                    section=str(section.title),
                    web=answer_line(field, form, answers),
                    file=answer_line(field, form, {**answers, **reading.values}),
                    revision=response.revisions.get(field.code, 0),
                    wanted=_is_older(field, answers, change, filled),
                    who=change.author if change else "",
                    at=change.changed_at if change else None,
                )
            )
    number, asked = filled.version.number, response.version.number
    return Comparison(differing, same, list(reading.unread), number, asked)


def _alike(web: Any, file: Any) -> bool:
    """An agreement in one language is the same as in another."""
    if isinstance(web, Mapping) and isinstance(file, Mapping) and "agreed" in file:
        return bool(web.get("agreed"))
    return bool(web == file)


def _beside(field: Field, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: answers[key] for key in field.answer_codes if key in answers}


def _is_older(
    field: Field, answers: Mapping[str, Any], change: AnswerChange | None, filled: FilledForm
) -> bool:
    """No answer on the web, or one from before the file was saved. A file that does not say when
    it was saved, or says it was in the future, is never newer."""
    if not _beside(field, answers):
        return True
    saved = filled.saved_at
    if saved is None or saved > filled.brought_at or change is None:
        return False
    return change.changed_at < saved


def _last_changes(application: Application) -> dict[str, AnswerChange]:
    """The newest change of each question, by the question's code."""
    form = form_of(application.working.version)
    changes = answer_changes(application).filter(response=application.working, kept=True)
    newest = changes.select_related("changed_by").order_by("field", "-pk").distinct("field")
    found: dict[str, AnswerChange] = {}
    for change in newest:
        field = form.by_answer.get(change.field)
        if field is None:
            continue
        known = found.get(field.code)
        if known is None or known.pk < change.pk:
            found[field.code] = change
    return found


def filled_forms_of(application: Application) -> list[FilledForm]:
    return list(FilledForm.objects.for_page().filter(application=application)[:20])
