"""What others do in an application while one works on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from applications import presence
from applications.models import Application, ApplicationPerson, TeamComment
from questionnaires.models import AnswerChange
from questionnaires.queries import form_of
from questionnaires.schema import Kind, Section

JUST_NOW = timedelta(seconds=60)


def people_of(application: Application) -> list[ApplicationPerson]:
    return list(ApplicationPerson.objects.present().for_list().filter(application=application))


def others_here(
    application: Application, people: Iterable[ApplicationPerson], *, but: int
) -> list[dict[str, str]]:
    """Name and section of each of the others who are here, for the presence line."""
    people = list(people)
    sections = presence.sections_of(application, people, but=but)
    return [
        {"name": str(one.user), "section": sections[one.user_id]}
        for one in people
        if one.user_id in sections
    ]


def add_presence(
    people: Iterable[Any], others: list[dict[str, str]], titles: Mapping[str, str]
) -> None:
    """Marks each person: `here`, and the title of the section `here_in`."""
    sections = {one["name"]: one["section"] for one in others}
    for one in people:
        one.here = str(one.user) in sections
        one.here_in = titles.get(sections.get(str(one.user), ""), "")


def typing(
    application: Application, section: Section, *, but: int, now: datetime
) -> dict[str, str]:
    """By question of this section with a long text: who of the others changed it just now."""
    long = [field.code for field in section.fields if field.kind == Kind.LONG_TEXT]
    if not long:
        return {}
    changes = (
        AnswerChange.objects.filter(
            response=application.working,
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


def comment_counts(application: Application, section: Section) -> dict[str, int]:
    codes = [field.code for field in section.fields]
    counts: dict[str, int] = {}
    found = TeamComment.objects.filter(application=application, field__in=codes)
    for code in found.values_list("field", flat=True).order_by("pk"):
        counts[code] = counts.get(code, 0) + 1
    return counts


def here_now(
    application: Application, person_pk: int, section: Section, now: datetime
) -> dict[str, Any]:
    """What the presence line of a page asks for every 20 seconds."""
    return {
        "people": others_here(application, people_of(application), but=person_pk),
        "typing": [
            {"field": code, "name": name}
            for code, name in (
                typing(application, section, but=person_pk, now=now) if section else {}
            ).items()
        ],
    }


def section_titles(application: Application) -> dict[str, str]:
    form = form_of(application.working.version)
    return {section.code: str(section.title) for section in form.sections}
