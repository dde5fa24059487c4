"""Doing jobs: claim one by a lease, do it outside any transaction, then settle it."""

import logging
import os
import socket
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import files, jobs
from documents.jobs import LEASE, Failed, LeaseLost, Made, Run
from documents.models import Job, StoredFile
from documents.states import job_machine
from tenancy.active import all_hosts, open_host

log = logging.getLogger(__name__)

ONE_RUN = 60.0  # seconds after which no further job is begun; the next run goes on
TRIES = 3
AGAIN = timedelta(seconds=30)


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
    """Take the next due job for this worker."""
    # Every host: which of them has due jobs is known only by looking at all. The policy
    # `claim` shows app_worker open jobs, and only while no host is open.
    with all_hosts(), transaction.atomic():
        job = (
            Job.objects.claimable(now)
            .of_kinds(jobs.kinds)
            .waited_for_first(jobs.copies)
            .select_for_update(skip_locked=True)
            .first()
        )
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
        made = jobs.kinds[job.kind](Run(job))
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
    kept: list[StoredFile] = []
    try:
        with open_host(job.host_id):
            if not Job.objects.held_by(job).select_for_update(of=("self",)).exists():
                raise LeaseLost
            if made is not None:
                kept.append(_keep(job, made))
            Job.objects.held_by(job).update(
                state=job_machine.target("finish", job.state),
                progress=100,
                result=kept[0] if kept else None,
                lease_until=None,
                locked_by="",
                finished_at=timezone.now(),
            )
    except BaseException:
        for stored in kept:
            stored.path.unlink(missing_ok=True)
        raise
    return True


def _keep(job: Job, made: Made) -> StoredFile:
    stored = files.keep(
        made.content, made.name, made.content_type, host_id=job.host_id, slot="made"
    )
    try:
        if made.then is not None:
            made.then(stored)
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored


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
