from celery import shared_task
from django.utils import timezone

from documents import jobs, preview, work


@shared_task(acks_late=True)
def run_due_jobs() -> int:
    """Do what is due, by leases in Postgres. Returns how many were done."""
    return work.run_due_jobs(now=timezone.now())


@jobs.kind(preview.KIND)
def page_pictures(run: jobs.Run) -> None:
    preview.draw(run)
