from celery import shared_task
from django.utils import timezone

from messaging import delivery, reminders


@shared_task(acks_late=True)
def deliver_due() -> int:
    """Send what is due, by leases in Postgres. Returns how many left."""
    return delivery.deliver_due(now=timezone.now())


@shared_task(acks_late=True)
def plan_reminders() -> int:
    """Ask each host what is due. Returns how many reminders were sent."""
    return reminders.plan_reminders(now=timezone.now())
