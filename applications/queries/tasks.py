"""The task list of an application, and what is still missing from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, ApplicationPerson, Letter, Video
from applications.queries.answers import (
    ready_codes,
    size_fits,
    team_hints,
    team_problems,
    team_rows,
)
from applications.states import LetterState
from collaboratives.blueprints import Blueprint
from questionnaires.forms import place_words, target
from questionnaires.queries import form_of
from questionnaires.rules import SectionState, problems, progress, say
from questionnaires.schema import KEPT_ELSEWHERE, Field, Form, Kind

LETTER_TASKS = {
    LetterState.MISSING: "not_started",
    LetterState.REQUESTED: "requested",
    LetterState.RECEIVED: "complete",
    LetterState.ACCEPTED: "complete",
    LetterState.RETURNED: "problem",
}


@dataclass
class Task:
    """One row. kind: section, letter or video, which says where it leads."""

    kind: str
    code: str
    label: str
    state: str
    hint: str = ""
    owner: str = ""
    here: bool = False  # somebody else is in it now
    optional: bool = False


@dataclass
class Part:
    code: str
    title: str
    note: str = ""
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class TaskList:
    parts: list[Part]
    has_study: bool

    @property
    def tasks(self) -> list[Task]:
        return [task for part in self.parts for task in part.tasks]

    @property
    def counted(self) -> list[Task]:
        """Those that must be done before submitting."""
        return [task for task in self.tasks if not task.optional]

    @property
    def states(self) -> list[str]:
        return [task.state for task in self.counted]

    @property
    def done(self) -> int:
        return sum(_is_done(task) for task in self.counted)

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def next(self) -> Task | None:
        """What to go on with: the first that is not complete."""
        return next((task for task in self.counted if not _is_done(task)), None)

    @property
    def open_hint(self) -> str:
        left = self.total - self.done
        return ngettext(
            "Complete the %(n)s remaining section first.",
            "Complete the %(n)s remaining sections first.",
            left,
        ) % {"n": left}


def _is_done(task: Task) -> bool:
    return task.state in ("complete", "requested", "checking")


def task_list(
    application: Application,
    blueprint: Blueprint,
    *,
    letters: Sequence[Letter],
    videos: Sequence[Video],
    people: Iterable[ApplicationPerson],
    here: Iterable[Mapping[str, str]] = (),
) -> TaskList:
    """Rows in the order of the form, under the parts of the application.

    A section whose questions are all files has no row of its own: each file has one.
    here: name and section of the others who are here.
    """
    form, answers = form_of(application.working.version), application.working.answers
    owners = {code: one.user.name for one in people for code in one.sections}
    visitors: dict[str, list[str]] = {}
    for visitor in here:
        visitors.setdefault(visitor["section"], []).append(visitor["name"])
    parts = {part.code: Part(part.code, str(part.title)) for part in blueprint.parts}
    first = next(iter(parts))
    uploads = {field.code for field in form.fields() if field.kind in KEPT_ELSEWHERE}
    minutes: dict[str, int] = {}
    files = {letter.field: letter for letter in letters}
    filmed = {video.field: video for video in videos}
    for one in progress(form, answers, uploads):
        part = parts.get(one.section.part or first, parts[first])
        if any(field.kind not in KEPT_ELSEWHERE | {Kind.INFO} for field in one.section.fields):
            task = _section(one, blueprint, answers)
            task.owner = owners.get(one.section.code, "")
            _add_people(task, visitors.get(one.section.code, []))
            if one.section.code in application.not_finished and task.state == "complete":
                task.state, task.hint = "in_progress", _("You want to come back to it")
            part.tasks.append(task)
            minutes[part.code] = minutes.get(part.code, 0) + (one.section.minutes or 0)
        for asked in one.section.fields:
            if asked.kind == Kind.UPLOAD and asked.code in files:
                part.tasks.append(_letter(files[asked.code], application.cohort.zone))
            elif asked.kind == Kind.VIDEO:
                part.tasks.append(_video(asked, filmed.get(asked.code)))
    for code, part in parts.items():
        part.note = _part_note(part, minutes.get(code, 0))
    return TaskList(
        [part for part in parts.values() if part.tasks], has_study=blueprint.consent is not None
    )


def _section(one: SectionState, blueprint: Blueprint, answers: dict) -> Task:
    task = Task("section", one.section.code, str(one.section.title), one.state)
    task.optional = not any(asked.required for asked in one.section.fields)
    left = len({problem.field for problem in one.problems})
    if one.state == "in_progress" and left:
        task.hint = ngettext("%(n)s question left", "%(n)s questions left", left) % {"n": left}
    elif task.optional and one.state == "not_started":
        task.hint = _("Optional")
    if any(asked.code == "team" for asked in one.section.fields) and team_rows(answers):
        task.hint = " ".join(team_hints(blueprint.team, answers))
        if not size_fits(blueprint.team, answers) and not answers.get("team_size_reason"):
            task.state = "in_progress"
    return task


def _add_people(task: Task, visitors: list[str]) -> None:
    if visitors:
        names = ", ".join(name.split()[0] for name in visitors)
        task.here, task.owner = True, visitors[0]
        task.hint = ngettext(
            "%(names)s is in this section. You can open it too.",
            "%(names)s are in this section. You can open it too.",
            len(visitors),
        ) % {"names": names}
    elif task.owner and task.state == "not_started":
        task.hint = _("Assigned to %(name)s") % {"name": task.owner}


def _letter(letter: Letter, zone: ZoneInfo) -> Task:
    task = Task("letter", letter.field, letter.name, LETTER_TASKS[LetterState(letter.state)])
    task.optional = not letter.required
    if not letter.is_here and letter.is_complete:
        task.state, task.hint = "complete", _("Under the other letter")
    elif letter.is_here and not letter.is_complete:
        task.state, task.hint = "in_progress", _("One signature is still missing")
    elif letter.state == LetterState.REQUESTED:
        task.hint = _("We emailed a link to %(email)s on %(day)s") % {
            "email": letter.requested_from,
            "day": _day(letter.requested_at, zone),
        }
    elif letter.state == LetterState.RETURNED:
        task.hint = letter.returned_reason
    elif letter.is_here and letter.received_by is not None:
        task.hint = _("Uploaded by %(name)s, %(day)s") % {
            "name": letter.received_by.name,
            "day": _day(letter.received_at, zone),
        }
    elif letter.signature is not None:
        task.hint = _("Signed by %(name)s by typing") % {"name": letter.signature.name}
    elif task.optional:
        task.hint = _("Optional")
    return task


def _video(asked: Field, video: Video | None) -> Task:
    task = Task("video", asked.code, str(asked.label), video.state if video else "not_started")
    if task.state == "problem" and video is not None and video.upload is not None:
        task.hint = video.upload.reason
    return task


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "MONTH_DAY_FORMAT") if moment else ""


def _part_note(part: Part, minutes: int) -> str:
    sections = sum(task.kind == "section" for task in part.tasks)
    if not sections:
        return _("PDF or photo") if part.tasks else ""
    words = ngettext("%(n)s section", "%(n)s sections", sections) % {"n": sections}
    if not minutes:
        return words
    return _("%(sections)s, about %(minutes)s minutes in total") % {
        "sections": words,
        "minutes": max(5, round(minutes / 5) * 5),
    }


@dataclass(frozen=True)
class Missing:
    """One thing in the way of submitting. kind and code say which page mends it."""

    kind: str
    code: str
    label: str
    text: str
    anchor: str = ""


def missing(
    application: Application,
    blueprint: Blueprint,
    *,
    letters: Sequence[Letter],
    videos: Sequence[Video],
) -> list[Missing]:
    """All that submission would refuse, each question once, in the order of the form."""
    form, answers = form_of(application.working.version), application.working.answers
    found = [
        Missing("section", _team_section(form), _("Your team"), text, "team")
        for text in team_problems(blueprint.team, form, answers)
    ]
    seen: set[str] = set()
    for problem in problems(form, answers, ready_codes(letters, videos)):
        if problem.field in seen:
            continue
        seen.add(problem.field)
        asked = form.by_code[problem.field]
        kind = {Kind.UPLOAD: "letter", Kind.VIDEO: "video"}.get(asked.kind, "section")
        code = problem.section if kind == "section" else problem.field
        where = ", ".join(place_words(asked, problem, form))
        text = f"{where}: {say(problem)}" if where else say(problem)
        anchor = target(problem).removeprefix("q-")
        found.append(Missing(kind, code, str(asked.label), text, anchor))
    return found


def _team_section(form: Form) -> str:
    section = form.section_of("team")
    return section.code if section else ""
