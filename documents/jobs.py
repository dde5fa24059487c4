"""Long work in the background, claimed by leases in Postgres.

A room says in its `tasks.py` how a kind of job is done:

    @jobs.kind("charter_pdf")
    def charter_pdf(run: jobs.Run) -> jobs.Made:
        with run.step():                 # the host is open here, in a short transaction
            html = …
        run.progress(40)
        return jobs.Made("charter.pdf", "application/pdf", pdf.render(html), then=keep)

`documents.work` does them. A worker that dies leaves its lease to run out and another one
starts again, so the work must bear to be begun twice; `then(stored)` and the result are
written once, in one transaction.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from documents.models import Job, StoredFile
from documents.states import JobState, job_machine
from tenancy.active import open_host

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
QUIET = 10.0
IMPATIENT = {"socket_timeout": 1, "max_retries": 1, "interval_start": 0}
_no_hint_before = 0.0


class Failed(Exception):
    """Raised by a kind: trying again would not help. Its words are shown to the person."""


class LeaseLost(Exception):
    """Another worker has the job now; this one stops."""


@dataclass(frozen=True)
class Made:
    """The file that a job made. then: what else to write, in the transaction that keeps it."""

    name: str
    content_type: str
    content: bytes
    then: Callable[[StoredFile], object] | None = None


@dataclass(frozen=True)
class Run:
    """One claimed job, as its kind sees it."""

    job: Job

    @property
    def host_id(self) -> UUID:
        return self.job.host_id

    @property
    def input(self) -> dict[str, Any]:
        return self.job.input

    def step(self) -> AbstractContextManager[None]:
        """Open the host for one database step. Never hold it around the work itself."""
        return open_host(self.job.host_id)

    def progress(self, percent: int) -> None:
        """Show how far it is, and hold the lease on. Raises LeaseLost."""
        with self.step():
            held = Job.objects.held_by(self.job).update(
                progress=percent, lease_until=timezone.now() + LEASE
            )
        if not held:
            raise LeaseLost


Work = Callable[[Run], Made | None]
kinds: dict[str, Work] = {}
copies: set[str] = set()


def kind(name: str, *, copy: bool = False) -> Callable[[Work], Work]:
    """Register how jobs of this kind are done.

    copy: it is made to be there later; nobody waits for it now, so it comes after the others.
    """

    def keep(work: Work) -> Work:
        kinds[name] = work
        if copy:
            copies.add(name)
        return work

    return keep


def request(
    name: str,
    *,
    host_id: UUID,
    input: dict[str, Any],
    dedupe_key: str,
    by: User | None,
    page: str = "",
) -> Job:
    """Ask for a job in the caller's transaction; the one with that key if it was asked before.

    One that failed or was cancelled is started again. page: where its result is to be had.
    """
    Job.objects.bulk_create(
        [
            Job(
                host_id=host_id,
                kind=name,
                dedupe_key=dedupe_key,
                input=input,
                requested_by=by,
                page=page,
            )
        ],
        ignore_conflicts=True,
    )
    job = Job.objects.select_for_update(of=("self",)).get(dedupe_key=dedupe_key)
    if job_machine.allows("ask_again", job.state):
        job.state = job_machine.target("ask_again", job.state)
        job.attempts, job.progress, job.error = 0, 0, ""
        job.finished_at, job.next_attempt_at = None, timezone.now()
        job.save()
    if job.state == JobState.QUEUED:
        _nudge_after_commit()
    return job


def cancel(*, job: Job, now: datetime) -> Job:
    """Give up a job that nobody needs any more; a worker at it finds its lease lost.

    Raises TransitionNotAllowed once it has ended.
    """
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    job.state = job_machine.target("cancel", job.state)
    job.lease_until, job.locked_by, job.finished_at = None, "", now
    job.save(update_fields=["state", "lease_until", "locked_by", "finished_at"])
    return job


def _nudge_after_commit() -> None:
    """Hint once per transaction that a job is due."""
    if not any(hint is _nudge for _savepoints, hint, _robust in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    """A hint, not the truth: when the broker is away, the clock's next run finds the row."""
    global _no_hint_before
    if monotonic() < _no_hint_before:
        return
    try:
        options = {**current_app.conf.broker_transport_options, **IMPATIENT}
        with current_app.connection_for_write(
            connect_timeout=1, transport_options=options
        ) as broker:
            current_app.send_task(
                "documents.tasks.run_due_jobs", connection=broker, retry=False, expires=60
            )
    except Exception as error:
        _no_hint_before = monotonic() + QUIET
        log.warning("no hint that a job is due: %s", error)
