"""The record of who did what. Called from actions, in their transaction."""

from typing import Any, Protocol

from django.db import models

from tenancy.models import AuditEvent


class Actor(Protocol):
    pk: Any
    name: str


def record(
    verb: str,
    thing: models.Model,
    *,
    by: Actor | str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Add one event about `thing`, a host-owned row.

    by: the person; or words for who it was without an account ("Senior leader by link",
    "Closer" for what the clock did). before, after: only the fields that changed, as JSON.
    """
    named = isinstance(by, str)
    event: AuditEvent = AuditEvent.objects.create(
        host_id=thing.host_id,  # type: ignore[attr-defined]
        actor_id=None if named else by.pk,  # type: ignore[union-attr]
        actor_name=(by if named else by.name or "Somebody")[:200],  # type: ignore[union-attr,index]
        verb=verb,
        object_type=thing._meta.label_lower,
        object_id=str(thing.pk),
        object_name=str(thing)[:200],
        before=before,
        after=after,
        reason=reason,
    )
    return event
