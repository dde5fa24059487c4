"""Changes that a team tested, as its charts number them. A higher room keeps them and tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from collaboratives.models import Team


@dataclass(frozen=True)
class NumberedChange:
    """measure: the slug of the one it is about, else it stands on every chart of the team."""

    number: int
    title: str
    text: str
    started_on: date
    act: str
    measure: str | None

    def is_about(self, slug: str) -> bool:
        return self.measure in (None, slug)


_SOURCES: list[Callable[[Team], list[NumberedChange]]] = []


def tell_changes(source: Callable[[Team], list[NumberedChange]]) -> None:
    """Register who knows the changes of a team, oldest first."""
    _SOURCES.append(source)


def changes_tested(team: Team) -> list[NumberedChange]:
    return [change for source in _SOURCES for change in source(team)]
