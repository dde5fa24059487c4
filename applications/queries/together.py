"""What others do in an application while one works on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from applications.models import Application, ApplicationPerson
from questionnaires.hands import together
from questionnaires.queries import form_of


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


def section_titles(application: Application) -> dict[str, str]:
    form = form_of(application.working.version)
    return {section.code: str(section.title) for section in form.sections}
