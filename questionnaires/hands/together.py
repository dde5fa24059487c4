"""What others do in a form while one works on it, and two versions of one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
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


class Hand(NamedTuple):
    """Somebody who works on a form, as far as the others are told."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


def others_here(
    thing: Model, people: Iterable[User | Hand], *, but: int, note: str | None = None
) -> list[dict[str, str]]:
    """Name and section of each of the others who are here, for the presence line.

    note: the section that the reader has open, for the others to see.
    """
    people = list(people)
    sections = presence.sections_of(thing, [one.pk for one in people], but=but, note=note)
    return [{"name": str(one), "section": sections[one.pk]} for one in people if one.pk in sections]


def here_now(people: list[dict[str, str]], held: Mapping[str, str]) -> dict[str, Any]:
    """What the presence line of a page asks for every 20 seconds."""
    typing = [{"field": code, "name": name} for code, name in held.items()]
    return {"people": people, "typing": typing}


def typing(response: Response, section: Section, *, but: int, now: datetime) -> dict[str, str]:
    """By question of this section with a long text: who of the others changed it just now."""
    if not _long_texts(section):
        return {}
    return held(section, changed_lately(response.pk, but=but, since=now - JUST_NOW, now=now))


def changed_lately(response: Any, *, but: Any, since: Any, now: Any) -> QuerySet[AnswerChange, Any]:
    """What others than `but` changed in a response between two moments, for `held`."""
    changes = AnswerChange.objects.filter(
        response_id=response, kept=True, changed_at__gt=since, changed_at__lte=now
    ).exclude(changed_by_id=but)
    name = Coalesce(
        NullIf("changed_as", Value("")), NullIf("changed_by__name", Value("")), "changed_by__email"
    )
    return changes.order_by("pk").values_list(JSONObject(field="field", name=name), flat=True)


def held(section: Section, changes: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """By question of this section with a long text: who changed it last."""
    long = _long_texts(section)
    return {one["field"]: one["name"] for one in changes if one["field"] in long}


def _long_texts(section: Section) -> set[str]:
    return {field.code for field in section.fields if field.kind == Kind.LONG_TEXT}


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
