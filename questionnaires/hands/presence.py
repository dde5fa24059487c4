"""Who is in which section of a form just now. A courtesy, kept in Valkey for a minute:
when that is away, nobody is seen, and nothing else changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.models import Model
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

SECONDS = 60
QUIET = 10.0  # seconds without a try after one failed
_no_try_before = 0.0


@cache
def _store(location: str) -> Redis:
    return Redis.from_url(
        location,
        decode_responses=True,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 1),
    )


def _key(thing: Model, user_pk: int) -> str:
    return f"presence:{thing._meta.label_lower}:{thing.pk}:{user_pk}"


def _try(act: Callable[[Any], Any]) -> Any:
    global _no_try_before
    if monotonic() < _no_try_before:
        return None
    try:
        with _store(settings.CACHES["fast"]["LOCATION"]).pipeline(transaction=False) as pipe:
            act(pipe)
            return pipe.execute()[-1]
    except Exception as error:  # a store that is away may say so in many ways
        _no_try_before = monotonic() + QUIET
        log.warning("nobody's presence is known: %s", error)
        return None


def note(thing: Model, user_pk: int, section: str) -> None:
    """This person has the section open; an empty one is the page that lists them.

    thing: whose form it is: an application, a report.
    """
    _try(lambda pipe: pipe.set(_key(thing, user_pk), section, ex=SECONDS))


def sections_of(
    thing: Model, user_pks: Iterable[int], *, but: int, note: str | None = None
) -> dict[int, str]:
    """By user: the section in which each of the others is.

    note: the section that this person has open, told in the same round trip.
    """
    keys = {_key(thing, pk): pk for pk in user_pks if pk != but}

    def ask(pipe: Any) -> None:
        if note is not None:
            pipe.set(_key(thing, but), note, ex=SECONDS)
        if keys:
            pipe.mget(list(keys))

    found = _try(ask) if keys or note is not None else None
    if not keys or found is None:
        return {}
    return {pk: where for pk, where in zip(keys.values(), found, strict=True) if where is not None}
