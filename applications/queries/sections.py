"""One section of the form, as its page needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.models import Application, Letter, Video
from applications.queries.answers import ready_codes
from applications.queries.own import letter_words
from applications.queries.tasks import LETTER_TASKS
from applications.states import LetterState
from questionnaires.actions import Conflict, Saved
from questionnaires.forms import Place
from questionnaires.queries import form_of
from questionnaires.rules import Problem, section_state, visible
from questionnaires.schema import KEPT_ELSEWHERE, Form, Kind, Section
from questionnaires.summary import plain


@dataclass(frozen=True)
class Neighbours:
    """number: of this section among those that ask something here, from 1."""

    number: int
    total: int
    next: str | None


def _asks_here(section: Section) -> bool:
    return any(field.kind not in KEPT_ELSEWHERE | {Kind.INFO} for field in section.fields)


def shown_section(application: Application, code: str) -> Section | None:
    """The section, unless it is unknown, hidden by a condition or made of files only."""
    form = form_of(application.response.version)
    section = form.section(code)
    shown = section is not None and code in visible(form, application.response.answers)
    return section if section is not None and shown and _asks_here(section) else None


def neighbours(form: Form, answers: Mapping[str, Any], code: str) -> Neighbours:
    codes = [one for one in visible(form, answers) if _asks_here(_known(form, one))]
    here = codes.index(code)
    following = codes[here + 1] if here + 1 < len(codes) else None
    return Neighbours(here + 1, len(codes), following)


def _known(form: Form, code: str) -> Section:
    section = form.section(code)
    assert section is not None
    return section


def _files(application: Application, section: Section) -> tuple[list[Letter], list[Video]]:
    """Read only where the section asks for files."""
    kinds = {field.kind for field in section.fields}
    letters, videos = [], []
    if Kind.UPLOAD in kinds:
        letters = list(Letter.objects.for_list().filter(application=application))
    if Kind.VIDEO in kinds:
        videos = list(Video.objects.for_list().filter(application=application))
    return letters, videos


def section_problems(application: Application, code: str) -> tuple[Problem, ...]:
    form, answers = form_of(application.response.version), application.response.answers
    ready = ready_codes(*_files(application, _known(form, code)))
    state = section_state(form, code, answers, ready)
    return state.problems if state else ()


def places(application: Application, section: Section) -> dict[str, Place]:
    """Where each upload, video and consent of this section is given."""
    names = [application.cohort.host.slug, application.reference]
    letters, videos = _files(application, section)
    found = {
        letter.field: Place(
            reverse("applications:letter", args=[*names, letter.field]),
            LETTER_TASKS[LetterState(letter.state)],
            letter_words(letter) if letter.file else "",
        )
        for letter in letters
    }
    filmed = {video.field: video for video in videos}
    for field in section.fields:
        if field.kind == Kind.VIDEO:
            video = filmed.get(field.code)
            state = video.state if video else "not_started"
            url = reverse("applications:video", args=[*names, field.code])
            found[field.code] = Place(url, state, video.name if video else "")
        elif field.kind == Kind.CONSENT:
            url = reverse("applications:consent", args=names)
            found[field.code] = Place(url, "not_answered", str(field.hint or ""))
    return found


@dataclass(frozen=True)
class Clash:
    """Two versions of one answer, in words."""

    field: str
    label: str
    mine: str
    theirs: str
    name: str
    revision: int


def clashes(application: Application, conflicts: Iterable[Conflict]) -> list[Clash]:
    form = form_of(application.response.version)
    return [
        Clash(
            one.field,
            str(form.by_code[one.field].label),
            plain(form.by_code[one.field], one.mine) if one.key == one.field else str(one.mine),
            plain(form.by_code[one.field], one.theirs)
            if one.key == one.field
            else str(one.theirs or ""),
            one.name,
            one.revision,
        )
        for one in conflicts
        if one.field in form.by_code
    ]


def autosaved(application: Application, saved: Saved, now: datetime) -> dict[str, Any]:
    """What the script of the page is told: revisions, and answers that somebody else changed."""
    return {
        "revisions": saved.revisions,
        "saved_at": date_format(now.astimezone(application.cohort.zone), "P"),
        "conflicts": [
            {
                "field": one.field,
                "theirs": one.theirs,
                "name": one.name or _("Somebody"),
                "revision": one.revision,
            }
            for one in clashes(application, saved.conflicts)
        ],
        "people": [],
    }
