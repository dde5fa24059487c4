"""One section of the form, as its page needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse

from applications.models import Application, Letter, Video
from applications.queries.answers import ready_codes
from applications.queries.own import letter_words
from applications.queries.tasks import LETTER_TASKS
from applications.states import LetterState
from questionnaires.forms import Place
from questionnaires.queries import form_of
from questionnaires.rules import Problem, hidden_by, section_state, visible
from questionnaires.schema import KEPT_ELSEWHERE, Form, Kind, Section
from questionnaires.summary import SectionSummary, summary


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
    form = form_of(application.working.version)
    section = form.section(code)
    shown = section is not None and code in visible(form, application.working.answers)
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


class Files(NamedTuple):
    letters: list[Letter]
    videos: list[Video]


def files_of(application: Application, section: Section) -> Files:
    """Read only where the section asks for files."""
    kinds = {field.kind for field in section.fields}
    letters: list[Letter] = []
    videos: list[Video] = []
    if Kind.UPLOAD in kinds:
        letters = list(Letter.objects.for_list().filter(application=application))
    if Kind.VIDEO in kinds:
        videos = list(Video.objects.for_list().filter(application=application))
    return Files(letters, videos)


def section_problems(application: Application, code: str, files: Files) -> tuple[Problem, ...]:
    form, answers = form_of(application.working.version), application.working.answers
    ready = ready_codes(*files)
    state = section_state(form, code, answers, ready)
    return state.problems if state else ()


def places(application: Application, section: Section, files: Files) -> dict[str, Place]:
    """Where each upload, video and consent of this section is given."""
    names = [application.cohort.host.slug, application.reference]
    found = {
        letter.field: Place(
            reverse("applications:letter", args=[*names, letter.field]),
            LETTER_TASKS[LetterState(letter.state)],
            letter_words(letter) if letter.file else "",
        )
        for letter in files.letters
    }
    filmed = {video.field: video for video in files.videos}
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


def section_summary(
    application: Application, section: Section, files: Files
) -> SectionSummary | None:
    """The answers of one section in words, private ones included."""
    response = application.working
    elsewhere = {letter.field: letter_words(letter) for letter in files.letters}
    elsewhere |= {video.field: video.link for video in files.videos}
    parts = summary(form_of(response.version), response.answers, elsewhere=elsewhere, private=True)
    return next((part for part in parts if part.section.code == section.code), None)


def hidden_since(application: Application, before: Mapping[str, Any]) -> list[str]:
    """The labels of answered questions that a save has taken out of sight."""
    response = application.working
    form = form_of(response.version)
    return [str(field.label) for field in hidden_by(form, before, response.answers)]


def links_of(application: Application, section: Section) -> dict[str, str]:
    """The page of each question of a section: its history and comments."""
    names = [application.cohort.host.slug, application.reference]
    return {
        field.code: reverse("applications:question", args=[*names, field.code])
        for field in section.fields
        if field.answer_codes
    }
