"""What was asked, and what its answer changed: word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from applications.models import Application, Asked, Submission
from applications.queries.history import differing
from questionnaires.models import Response
from questionnaires.queries import form_of
from questionnaires.schema import ANSWERLESS, OTHER, Form
from questionnaires.summary import plain

Part = tuple[str, str]


@dataclass(frozen=True)
class Open:
    """One thing that its people are to answer. section: where the question is asked."""

    field: str
    label: str
    section: str
    text: str


def open_questions(application: Application) -> list[Open]:
    form = form_of(application.working.version)
    return [_open(one, form) for one in Asked.objects.open_of(application)]


def _open(asked: Asked, form: Form) -> Open:
    field = form.by_code.get(asked.field)
    section = form.section_of(asked.field) if field else None
    label = str(field.label) if field and section else ""
    return Open(asked.field, label, section.code if section else "", asked.text)


@dataclass(frozen=True)
class Change:
    """One answer in two versions. parts: for components/diff.html."""

    code: str
    label: str
    parts: list[Part]


@dataclass(frozen=True)
class Answered:
    """One thing that was asked and answered; changes: what of its question changed."""

    text: str
    label: str
    code: str
    asked_at: datetime
    answered_at: datetime | None
    change: Change | None


@dataclass(frozen=True)
class Round:
    """What was asked at one time and came back together. others: changed without being asked."""

    asked_at: datetime
    answered_at: datetime
    version: int
    answers: list[Answered]
    others: list[Change]


def rounds(application: Application, show: Any = None) -> list[Round]:
    """Answered questions, the newest first. Two queries.

    show: how the answers are shown to this reader, as a function of form and answers.
    """
    asked = [one for one in Asked.objects.of(application) if one.answered_at is not None]
    if not asked:
        return []
    sent = {
        one.number: one.response
        for one in Submission.objects.filter(application=application).for_list()
    }
    found: dict[tuple[datetime, int, int], list[Asked]] = {}
    for one in asked:
        assert one.answered_at is not None and one.after is not None
        found.setdefault((one.answered_at, one.before, one.after), []).append(one)
    return [
        _round(rows, sent.get(before), sent.get(after), show)
        for (_at, before, after), rows in sorted(found.items(), reverse=True)
    ]


def _round(
    rows: Sequence[Asked], before: Response | None, after: Response | None, show: Any
) -> Round:
    changes = {one.code: one for one in changed_words(before, after, show)}
    form = form_of(after.version) if after else None
    answers = []
    for one in rows:
        field = form.by_code.get(one.field) if form else None
        answers.append(
            Answered(
                one.text,
                str(field.label) if field else "",
                one.field,
                one.asked_at,
                one.answered_at,
                changes.get(one.field),
            )
        )
    wanted = {one.field for one in rows}
    first = rows[0]
    assert first.answered_at is not None and first.after is not None
    others = [change for code, change in changes.items() if code not in wanted]
    return Round(first.asked_at, first.answered_at, first.after, answers, others)


def changed_words(
    before: Response | None, after: Response | None, show: Any = None
) -> list[Change]:
    """Every question that the two versions answer differently, word by word."""
    if before is None or after is None or before.pk == after.pk:
        return []
    form = form_of(after.version)
    old, new = before.answers, after.answers
    codes = [code for code, _label in differing(after, before)]
    if show is not None:
        old, new = show(form_of(before.version), old), show(form, new)
    return [
        Change(
            code,
            str(form.by_code[code].label),
            diff(_words(form, old, code), _words(form, new, code)),
        )
        for code in codes
        if form.by_code[code].kind not in ANSWERLESS
    ]


def _words(form: Form, answers: Mapping[str, Any], code: str) -> str:
    return plain(form.by_code[code], answers.get(code), answers.get(code + OTHER), form=form)


def diff(before: str, after: str) -> list[Part]:
    """What stayed, went and came, by whole words."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(new[k:m])))
            continue
        if i < j:
            parts.append(("removed", "".join(old[i:j])))
        if k < m:
            parts.append(("added", "".join(new[k:m])))
    return parts


def questions_to_ask(application: Application) -> list[tuple[str, list[tuple[str, str]]]]:
    """The questions of its form, by section, for a list to choose from."""
    form = form_of(application.response.version)
    return [
        (
            str(section.title),
            [
                (field.code, str(field.label))
                for field in section.fields
                if field.kind not in ANSWERLESS or field.kind in ("upload", "video")
            ],
        )
        for section in form.sections
        if not section.private
    ]


def changed_since_before(application: Application, show: Any = None) -> list[Change]:
    """What the newest submission answers otherwise than the one before; empty for the first."""
    sent = list(Submission.objects.filter(application=application).for_list()[:2])
    return changed_words(sent[1].response, sent[0].response, show) if len(sent) == 2 else []
