from time import time

from celery import shared_task
from django.core.cache import caches
from django.utils import timezone

from messaging import delivery, reminders


def note_worker_seen() -> None:
    """Tell /readyz that a worker is alive. Nothing rests on it."""
    try:
        caches["fast"].set("worker_seen", time(), timeout=None)
    except Exception:  # the cache may be away; mail must go out all the same
        return


@shared_task(acks_late=True)
def deliver_due() -> int:
    """Send what is due, by leases in Postgres. Returns how many left."""
    note_worker_seen()
    return delivery.deliver_due(now=timezone.now())


@shared_task(acks_late=True)
def plan_reminders() -> int:
    """Ask each host what is due. Returns how many reminders were sent."""
    note_worker_seen()
    return reminders.plan_reminders(now=timezone.now())
