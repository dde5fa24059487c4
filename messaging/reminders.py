"""Reminders are asked for anew on every run, so that a moved date moves them.

A room registers a function that says what is due, now or within `HORIZON`:

    @reminders.register("session-soon")
    def session_soon(now): yield Reminder("session-soon", session, "-1d", due_at, send)

What it no longer says is cancelled; what it says with another time is moved; what is due is
sent by `send`, which calls the room's own `emails`. Rows make it once per key, also with two
clocks at work.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from messaging.models import ReminderOccurrence
from messaging.states import Planned
from tenancy.active import open_host
from tenancy.models import Host

log = logging.getLogger(__name__)

HORIZON = timedelta(hours=48)  # how far ahead a plan shows
LATE = timedelta(hours=24)  # after this a reminder is missed, not sent


@dataclass(frozen=True)
class Reminder:
    """One reminder about one row.

    offset_label: "-7d", "+2h": says which of several; never an instant. round: raise it when
    a moved date should be reminded of again (a session's SEQUENCE). until: when it is too
    late to be of use; by default a day after it was due.
    """

    name: str
    subject: models.Model
    offset_label: str
    due_at: datetime
    send: Callable[[], object]
    round: int = 0
    until: datetime | None = None

    @property
    def key(self) -> str:
        subject = f"{self.subject._meta.label_lower}:{self.subject.pk}"
        return f"{self.name}:{subject}:{self.round}:{self.offset_label}"

    def is_missed(self, now: datetime) -> bool:
        return now > (self.until or self.due_at + LATE)


Due = Callable[[datetime], Iterable[Reminder]]
_registered: dict[str, Due] = {}


def register(name: str) -> Callable[[Due], Due]:
    """Register what says which reminders called `name` are due; the host is open."""

    def keep(due: Due) -> Due:
        _registered[name] = due
        return due

    return keep


def plan_reminders(*, now: datetime) -> int:
    """Plan, move, cancel and send, host by host. Returns how many were sent."""
    sent = 0
    for host_id in Host.objects.order_by("pk").values_list("pk", flat=True):
        for name, due in list(_registered.items()):
            try:
                sent += _plan(host_id, name, due, now=now)
            except Exception:  # one room's fault must not silence the others
                log.exception("reminders %s of host %s", name, host_id)
    return sent


def _plan(host_id: UUID, name: str, due: Due, *, now: datetime) -> int:
    with open_host(host_id):
        asked = {r.key: r for r in due(now) if r.due_at <= now + HORIZON}
        _write_down(host_id, name, asked, now=now)
        ready = (
            ReminderOccurrence.objects.filter(name=name, state=Planned.PLANNED, due_at__lte=now)
            .order_by("due_at", "pk")
            .values_list("key", flat=True)
        )
        reminders = [asked[key] for key in ready if key in asked]
    return sum(_send(host_id, reminder, now=now) for reminder in reminders)


def _write_down(host_id: UUID, name: str, asked: dict[str, Reminder], *, now: datetime) -> None:
    """Make the rows say what was asked for: add, move, cancel."""
    known = {o.key: o for o in ReminderOccurrence.objects.filter(name=name, key__in=asked)}
    ReminderOccurrence.objects.bulk_create(
        [
            ReminderOccurrence(
                host_id=host_id,
                key=key,
                name=name,
                about_type=reminder.subject._meta.label_lower,
                about_id=str(reminder.subject.pk),
                due_at=reminder.due_at,
            )
            for key, reminder in asked.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )
    for key, occurrence in known.items():
        again = occurrence.state == Planned.CANCELLED
        moved = occurrence.state == Planned.PLANNED and occurrence.due_at != asked[key].due_at
        if again or moved:
            ReminderOccurrence.objects.filter(pk=occurrence.pk, state=occurrence.state).update(
                state=Planned.PLANNED, settled_at=None, due_at=asked[key].due_at
            )
    ReminderOccurrence.objects.filter(name=name, state=Planned.PLANNED).exclude(
        key__in=asked
    ).update(state=Planned.CANCELLED, settled_at=now)


def _send(host_id: UUID, reminder: Reminder, *, now: datetime) -> int:
    """Settle one that is due, under its row's lock: whoever comes second finds it settled."""
    try:
        with open_host(host_id):
            occurrence = (
                ReminderOccurrence.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(key=reminder.key, state=Planned.PLANNED)
                .first()
            )
            if occurrence is None:
                return 0
            missed = reminder.is_missed(now)
            occurrence.state = Planned.MISSED if missed else Planned.SENT
            occurrence.settled_at = now
            occurrence.save(update_fields=["state", "settled_at"])
            if not missed:
                reminder.send()
            return int(not missed)
    except Exception:  # it stays planned and is tried on the next run
        log.exception("reminder %s", reminder.key)
        return 0
