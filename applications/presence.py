"""Who is in which section of an application just now. A courtesy, kept in Valkey for a minute:
when that is away, nobody is seen, and nothing else changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from django.core.cache import caches

from applications.models import Application, ApplicationPerson

log = logging.getLogger(__name__)

SECONDS = 60
QUIET = 10.0  # seconds without a try after one failed
_no_try_before = 0.0


def _key(application_pk: int, user_pk: int) -> str:
    return f"presence:{application_pk}:{user_pk}"


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


def note(application: Application, user_pk: int, section: str) -> None:
    """This person has the section open; an empty one is the task list."""
    key = _key(application.pk, user_pk)
    _try(lambda cache: cache.set(key, section, timeout=SECONDS))


def sections_of(
    application: Application, people: Iterable[ApplicationPerson], *, but: int
) -> dict[int, str]:
    """By user: the section in which each of the others is."""
    keys = {_key(application.pk, one.user_id): one.user_id for one in people if one.user_id != but}
    found = _try(lambda cache: cache.get_many(list(keys))) if keys else None
    return {keys[key]: section for key, section in (found or {}).items()}
