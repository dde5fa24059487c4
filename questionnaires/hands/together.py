"""What others do in a form while one works on it, and two versions of one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from questionnaires.actions import Conflict, Saved
from questionnaires.hands import presence
from questionnaires.models import AnswerChange, Response
from questionnaires.queries import form_of, lost_changes
from questionnaires.rules import Problem
from questionnaires.schema import Kind, Section
from questionnaires.summary import plain

JUST_NOW = timedelta(seconds=60)


def others_here(thing: Model, people: Iterable[User], *, but: int) -> list[dict[str, str]]:
    """Name and section of each of the others who are here, for the presence line."""
    people = list(people)
    sections = presence.sections_of(thing, [one.pk for one in people], but=but)
    return [{"name": str(one), "section": sections[one.pk]} for one in people if one.pk in sections]


def here_now(
    thing: Model,
    people: Iterable[User],
    response: Response | None,
    section: Section | None,
    *,
    but: int,
    now: datetime,
) -> dict[str, Any]:
    """What the presence line of a page asks for every 20 seconds."""
    held = typing(response, section, but=but, now=now) if response and section else {}
    return {
        "people": others_here(thing, people, but=but),
        "typing": [{"field": code, "name": name} for code, name in held.items()],
    }


def typing(response: Response, section: Section, *, but: int, now: datetime) -> dict[str, str]:
    """By question of this section with a long text: who of the others changed it just now."""
    long = [field.code for field in section.fields if field.kind == Kind.LONG_TEXT]
    if not long:
        return {}
    changes = (
        AnswerChange.objects.filter(
            response=response,
            field__in=long,
            kept=True,
            changed_at__gt=now - JUST_NOW,
            changed_at__lte=now,
        )
        .exclude(changed_by_id=but)
        .select_related("changed_by")
        .order_by("pk")
    )
    return {change.field: change.author for change in changes}


@dataclass(frozen=True)
class Clash:
    """Two versions of one answer, in words."""

    field: str
    label: str
    mine: str
    theirs: str
    name: str
    revision: int
    is_text: bool = False


def clashes(response: Response, conflicts: Iterable[Conflict]) -> list[Clash]:
    form = form_of(response.version)
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
            form.by_code[one.field].kind == Kind.LONG_TEXT,
        )
        for one in conflicts
        if one.field in form.by_code
    ]


def autosaved(
    saved: Saved, *, zone: tzinfo, now: datetime, people: list[dict[str, str]]
) -> dict[str, Any]:
    """What the script of the page is told: revisions, and answers that somebody else changed."""
    return {
        "revisions": saved.revisions,
        "saved_at": date_format(now.astimezone(zone), "P"),
        "conflicts": [
            {
                "field": one.field,
                "theirs": one.theirs,
                "name": one.name or _("Somebody"),
                "revision": one.revision,
            }
            for one in clashes(saved.response, saved.conflicts)
        ],
        "people": people,
    }


UNANSWERED = frozenset({"required", "not_uploaded", "no_row_chosen", "too_few_rows"})


def badly_formed(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """What was typed and can't be sent like that; not what is still to come."""
    return tuple(one for one in problems if one.reason not in UNANSWERED)


def answers_to_show(response: Response, together: str | None, *, by: User) -> Mapping[str, Any]:
    """The answers; where somebody wants to edit two versions of a text together, both in it."""
    field = form_of(response.version).by_code.get(together or "")
    if field is None or field.kind != Kind.LONG_TEXT:
        return response.answers
    lost = lost_changes(response, field, by=by)
    theirs, mine = response.answers.get(field.code) or "", lost.get(field.code) or ""
    return {**response.answers, field.code: f"{theirs}\n\n{mine}".strip()}
