"""What others do in an application while one works on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from applications.models import Application, ApplicationPerson, TeamComment
from questionnaires.hands import together
from questionnaires.queries import form_of
from questionnaires.schema import Section


def people_of(application: Application) -> list[ApplicationPerson]:
    return list(ApplicationPerson.objects.present().for_list().filter(application=application))


def others_here(
    application: Application, people: Iterable[ApplicationPerson], *, but: int
) -> list[dict[str, str]]:
    """Name and section of each of the others who are here, for the presence line."""
    return together.others_here(application, [one.user for one in people], but=but)


def add_presence(
    people: Iterable[Any], others: list[dict[str, str]], titles: Mapping[str, str]
) -> None:
    """Marks each person: `here`, and the title of the section `here_in`."""
    sections = {one["name"]: one["section"] for one in others}
    for one in people:
        one.here = str(one.user) in sections
        one.here_in = titles.get(sections.get(str(one.user), ""), "")


def comment_counts(application: Application, section: Section) -> dict[str, int]:
    codes = [field.code for field in section.fields]
    counts: dict[str, int] = {}
    found = TeamComment.objects.filter(application=application, field__in=codes)
    for code in found.values_list("field", flat=True).order_by("pk"):
        counts[code] = counts.get(code, 0) + 1
    return counts


def here_now(
    application: Application, person_pk: int, section: Section | None, now: datetime
) -> dict[str, Any]:
    """What the presence line of a page asks for every 20 seconds."""
    people = [one.user for one in people_of(application)]
    response = application.working
    return together.here_now(application, people, response, section, but=person_pk, now=now)


def section_titles(application: Application) -> dict[str, str]:
    form = form_of(application.working.version)
    return {section.code: str(section.title) for section in form.sections}
