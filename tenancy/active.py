"""Every host-owned row is read through an active host, or not at all.

Two walls: the manager puts the host into each WHERE (`HostManager`), and Postgres does it
again by row-level security, from the setting that `open_host` makes for one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

_EVERY = "every host"
_active: ContextVar[UUID | str | None] = ContextVar("active_host", default=None)


class HostNotActive(RuntimeError):
    """A host-owned table was queried outside `open_host`."""


def current_host_id() -> UUID | None:
    """The id of the active host; None outside `open_host` and inside `all_hosts`."""
    active = _active.get()
    return active if isinstance(active, UUID) else None


def every_host_is_open() -> bool:
    return _active.get() == _EVERY


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


@contextmanager
def open_host(host_id: UUID) -> Iterator[None]:
    """Hold one host active, in one transaction. Nests; gives the outer host back at the end.

    The setting is local to the transaction, so that no pooled connection can carry it on. It
    is put back by hand because a savepoint that is released keeps it.
    """
    before = _active.get()
    token = _active.set(host_id)
    try:
        with transaction.atomic():
            _set("app.host_id", str(host_id))
            yield
            if before != host_id and connection.savepoint_ids and not connection.needs_rollback:
                _set("app.host_id", str(before) if isinstance(before, UUID) else "")
    finally:
        _active.reset(token)


@contextmanager
def as_if_open(host_id: UUID) -> Iterator[None]:
    """For SQL that is written now and asked later: nothing is asked of the database here."""
    token = _active.set(host_id)
    try:
        yield
    finally:
        _active.reset(token)


@contextmanager
def open_person(user_id: int) -> Iterator[None]:
    """Let the database show this person's own memberships, in whatever hosts they are."""
    with transaction.atomic():
        _set("app.user_id", str(user_id))
        yield
        if connection.savepoint_ids and not connection.needs_rollback:
            _set("app.user_id", "")


@contextmanager
def all_hosts() -> Iterator[None]:
    """Open the code's wall only; Postgres still shows a role what its policies allow.

    For claiming due mail and jobs as `app_worker`. Each use carries its reason.
    """
    token = _active.set(_EVERY)
    try:
        yield
    finally:
        _active.reset(token)
