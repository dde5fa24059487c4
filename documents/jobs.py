"""Long work in the background, claimed by leases in Postgres.

A room says in its `tasks.py` how a kind of job is done:

    @jobs.kind("charter_pdf")
    def charter_pdf(run: jobs.Run) -> jobs.Made:
        with run.step():                 # the host is open here, in a short transaction
            html = …
        run.progress(40)
        return jobs.Made("charter.pdf", "application/pdf", pdf.render(html), then=keep)

A worker that dies leaves its lease to run out and another one starts again, so the work must
bear to be begun twice; `then(stored)` and the result are written once, in one transaction.
"""

import logging
import os
import socket
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
from django.utils.translation import gettext as _

from accounts.models import User
from documents import files
from documents.models import Job, StoredFile
from documents.states import JobState, job_machine
from tenancy.active import all_hosts, open_host

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
ONE_RUN = 120.0  # seconds after which no further job is begun; the next run goes on
TRIES = 3
AGAIN = timedelta(seconds=30)
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
_kinds: dict[str, Work] = {}


def kind(name: str) -> Callable[[Work], Work]:
    """Register how jobs of this kind are done."""

    def keep(work: Work) -> Work:
        _kinds[name] = work
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


def run_due_jobs(*, now: datetime) -> int:
    """Do what is due. Returns how many were done."""
    started, done = monotonic(), 0
    while (spent := monotonic() - started) < ONE_RUN:
        job = claim(now=now + timedelta(seconds=spent))
        if job is None:
            break
        done += _do(job)
    return done


def claim(*, now: datetime) -> Job | None:
    """Take the oldest due job for this worker."""
    # Every host: which of them has due jobs is known only by looking at all. The policy
    # `claim` shows app_worker open jobs, and only while no host is open.
    with all_hosts(), transaction.atomic():
        job = Job.objects.claimable(now).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.state = job_machine.target("claim", job.state)
        job.attempts += 1
        job.lease_no += 1
        job.locked_by = f"{socket.gethostname()}:{os.getpid()}"[:100]
        job.lease_until = now + LEASE
        Job.objects.filter(pk=job.pk).update(
            state=job.state,
            attempts=job.attempts,
            lease_no=job.lease_no,
            locked_by=job.locked_by,
            lease_until=job.lease_until,
        )
        return job


def _do(job: Job) -> bool:
    if job.attempts > TRIES:  # it takes its worker down each time
        return _fail(job, _("It did not work after several tries."))
    try:
        made = _kinds[job.kind](Run(job))
        return _finish(job, made)
    except LeaseLost:
        log.warning("lease lost on job %s: another worker has it", job.uuid)
    except Failed as error:
        return _fail(job, str(error))
    except Exception:
        log.exception("job %s %s", job.kind, job.uuid)
        if job.attempts >= TRIES:
            return _fail(job, _("It did not work after several tries."))
        _postpone(job)
    return False


def _finish(job: Job, made: Made | None) -> bool:
    """Keep the file and settle the row together; the file is on disk before its row."""
    with open_host(job.host_id):
        held = Job.objects.held_by(job).select_for_update(of=("self",)).first()
        if held is None:
            raise LeaseLost
        stored = None
        if made is not None:
            stored = files.keep(
                made.content, made.name, made.content_type, host_id=job.host_id, slot="made"
            )
            if made.then is not None:
                made.then(stored)
        Job.objects.held_by(job).update(
            state=job_machine.target("finish", job.state),
            progress=100,
            result=stored,
            lease_until=None,
            locked_by="",
            finished_at=timezone.now(),
        )
    return True


def _fail(job: Job, words: str) -> bool:
    with open_host(job.host_id):
        Job.objects.held_by(job).update(
            state=job_machine.target("fail", job.state),
            error=words[:300],
            lease_until=None,
            locked_by="",
            finished_at=timezone.now(),
        )
    return False


def _postpone(job: Job) -> None:
    with open_host(job.host_id):
        Job.objects.held_by(job).update(
            state=job_machine.target("postpone", job.state),
            progress=0,
            lease_until=None,
            locked_by="",
            next_attempt_at=timezone.now() + AGAIN,
        )


def _nudge_after_commit() -> None:
    """Hint once per transaction that a job is due."""
    if not any(hint is _nudge for _sids, hint, *_rest in connection.run_on_commit):
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
