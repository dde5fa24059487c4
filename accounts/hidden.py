"""Rows of which a person must find no trace, wherever things of all kinds are listed.

A room that hides rows registers which; rooms below it, whose lists hold mail or events about
anything, leave those out without knowing what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import CharField
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from accounts.models import User

Finder = Callable[["User"], Mapping[str, Any]]  # model label → queryset of its hidden rows
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Called once by each room, when the application starts."""
    if finder not in _finders:
        _finders.append(finder)


def leave_out(rows: Any, person: User, *, kind: str, pk: str) -> Any:
    """These rows without those about something hidden. kind, pk: the columns that say what a
    row is about, as a model label and as the text of a key."""
    for find in _finders:
        for label, found in find(person).items():
            keys = found.annotate(as_text=Cast("pk", CharField())).values("as_text")
            rows = rows.exclude(**{kind: label, f"{pk}__in": keys})
    return rows


def without_hidden(rows: Any, person: User) -> Any:
    """These rows of one model without the hidden ones."""
    for find in _finders:
        found = find(person).get(rows.model._meta.label_lower)
        if found is not None:
            rows = rows.exclude(pk__in=found.values("pk"))
    return rows
