"""Who is in which section of a form just now. A courtesy, kept in Valkey for a minute:
when that is away, nobody is seen, and nothing else changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from django.core.cache import caches
from django.db.models import Model

log = logging.getLogger(__name__)

SECONDS = 60
QUIET = 10.0  # seconds without a try after one failed
_no_try_before = 0.0


def _key(thing: Model, user_pk: int) -> str:
    return f"presence:{thing._meta.label_lower}:{thing.pk}:{user_pk}"


def _try(act: Callable[[Any], Any]) -> Any:
    global _no_try_before
    if monotonic() < _no_try_before:
        return None
    try:
        return act(caches["fast"])
    except Exception as error:  # a cache that is away may say so in many ways
        _no_try_before = monotonic() + QUIET
        log.warning("nobody's presence is known: %s", error)
        return None


def note(thing: Model, user_pk: int, section: str) -> None:
    """This person has the section open; an empty one is the page that lists them.

    thing: whose form it is: an application, a report.
    """
    key = _key(thing, user_pk)
    _try(lambda cache: cache.set(key, section, timeout=SECONDS))


def sections_of(thing: Model, user_pks: Iterable[int], *, but: int) -> dict[int, str]:
    """By user: the section in which each of the others is."""
    keys = {_key(thing, pk): pk for pk in user_pks if pk != but}
    found = _try(lambda cache: cache.get_many(list(keys))) if keys else None
    return {keys[key]: section for key, section in (found or {}).items()}
