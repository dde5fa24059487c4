"""What is done to a measure's numbers: typed in, or read from a file by a worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from collaboratives.actions import measure_loading
from collaboratives.measure_files import MOST_PROBLEMS, Checked
from collaboratives.models import DataPoint, DataUpload, Measure, Stratum
from collaboratives.models.measures import UploadState
from documents import intake, jobs
from documents.models import Job, StoredFile
from documents.states import FileState, job_machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed

CHECK_FILE = "measure_csv"


@dataclass(frozen=True)
class Point:
    """group: the stratum's code. Both numbers None: not collected."""

    group: str
    month: date
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Kept:
    """How many points are new, how many have other numbers than before."""

    added: int
    changed: int


@transaction.atomic
def save_points(*, measure: Measure, points: Iterable[Point], by: User) -> Kept:
    """Keep these numbers; those that are there already stay untouched.

    Points without numbers clear what was there, and add nothing where nothing was. The audit
    event says how many changed, never the numbers: it is read by people who see them masked.
    """
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    strata = {stratum.code: stratum for stratum in Stratum.objects.filter(measure=measure)}
    there = {
        (point.stratum_id, point.period_start): point
        for point in DataPoint.objects.filter(stratum__measure=measure)
    }
    new, changed = [], []
    for point in points:
        stratum = strata[point.group]
        old = there.get((stratum.pk, point.month))
        numbers = (point.numerator, point.denominator)
        if old is None and numbers != (None, None):
            new.append(
                DataPoint(
                    host_id=measure.host_id,
                    stratum=stratum,
                    period_start=point.month,
                    numerator=point.numerator,
                    denominator=point.denominator,
                    entered_by=by,
                )
            )
        elif old is not None and (old.numerator, old.denominator) != numbers:
            old.numerator, old.denominator = numbers
            old.entered_by = by
            changed.append(old)
    DataPoint.objects.bulk_create(new)
    DataPoint.objects.bulk_update(changed, ["numerator", "denominator", "entered_by"])
    kept = Kept(len(new), len(changed))
    _record_entry(measure, kept, by=by)
    return kept


@transaction.atomic
def receive_file(*, measure: Measure, file: UploadedFile, by: User) -> DataUpload:
    """Store a file of numbers and have a worker check it. Raises `intake.Refused`."""
    stored = intake.store(file, slot="data", by=by, host_id=measure.host_id)
    upload = DataUpload.objects.create(
        host_id=measure.host_id,
        measure=measure,
        file=stored,
        file_name=(file.name or "")[-160:],
        uploaded_by=by,
    )
    jobs.request(
        CHECK_FILE,
        host_id=measure.host_id,
        input={"upload": upload.pk},
        dedupe_key=f"{CHECK_FILE}:{upload.pk}",
        by=by,
    )
    audit.record("uploaded data", measure, by=by, after={"file": upload.file_name})
    return upload


def job_of(upload: DataUpload) -> Job | None:
    """The job that checks this file."""
    return Job.objects.filter(dedupe_key=f"{CHECK_FILE}:{upload.pk}").first()


@transaction.atomic
def cancel_upload(*, upload: DataUpload, by: User, now: datetime) -> DataUpload:
    """Stop a file that is being checked; nothing of it is saved.

    Raises TransitionNotAllowed once the check has ended.
    """
    upload = DataUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.WAITING:
        raise TransitionNotAllowed(f"cannot stop from {upload.state}")
    job = job_of(upload)
    if job is not None and job_machine.allows("cancel", job.state):
        jobs.cancel(job=job, now=now)
    upload.state = UploadState.CANCELLED
    upload.save(update_fields=["state"])
    audit.record("stopped upload", upload.measure, by=by)
    return upload


@transaction.atomic
def note_check(
    *, upload: DataUpload, checked: Checked, spool: measure_loading.Spool, now: datetime
) -> DataUpload:
    """Keep what the check found, and load the file, in one transaction.

    A file without problems is saved at once, others wait for the person with their good numbers;
    one with rows about people is thrown away. Nothing happens to a file that was stopped.
    """
    upload = DataUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.WAITING:
        return upload
    if not checked.refused:
        measure_loading.fill(spool)
    upload.rows_read, upload.refusal = checked.rows_read, checked.refused
    upload.problem_count = checked.problem_count
    upload.problems = [vars(problem) for problem in checked.problems[:MOST_PROBLEMS]]
    if checked.refused:
        return _refuse(upload=upload, checked=checked)
    upload.warnings = measure_loading.warnings(checked)
    if checked.problem_count or not checked.rows_read:
        upload.rows = measure_loading.good_numbers(checked)
        upload.state = UploadState.PROBLEMS if upload.rows else UploadState.REFUSED
        upload.save()
        return upload
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=upload.measure_id)
    kept = Kept(*measure_loading.save(measure=measure, by=upload.uploaded_by))
    _record_entry(measure, kept, by=upload.uploaded_by)
    return _saved(upload=upload, kept=kept, by=upload.uploaded_by, now=now)


def _refuse(*, upload: DataUpload, checked: Checked) -> DataUpload:
    upload.state = UploadState.REFUSED
    stored = upload.file
    if checked.personal:
        upload.file, upload.file_name = None, "removed"
    upload.save()
    if checked.personal and stored is not None:
        _throw_away(stored)
        audit.record("refused data", upload.measure, by=upload.uploaded_by, reason=checked.refused)
    return upload


def _saved(*, upload: DataUpload, kept: Kept, by: User, now: datetime) -> DataUpload:
    upload.state, upload.saved_at, upload.saved_by = UploadState.SAVED, now, by
    upload.added, upload.changed = kept.added, kept.changed
    upload.save()
    return upload


def _record_entry(measure: Measure, kept: Kept, *, by: User) -> None:
    """How many changed, never which or what: staff read this, who see numbers masked."""
    if kept.added or kept.changed:
        after = {"added": kept.added, "changed": kept.changed}
        audit.record("entered data", measure, by=by, after=after)


def _throw_away(stored: StoredFile) -> None:
    """The row stays and says so; the bytes go once this is committed."""
    path = stored.path
    stored.state, stored.original_name = FileState.REMOVED, "removed"
    stored.save(update_fields=["state", "original_name"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def save_upload(*, upload: DataUpload, by: User, now: datetime) -> DataUpload:
    """Save the good numbers of a checked file.

    Raises TransitionNotAllowed if they were saved already, or the file was refused.
    """
    upload = DataUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.PROBLEMS:
        raise TransitionNotAllowed(f"cannot save from {upload.state}")
    points = [
        Point(group, date.fromisoformat(month), numerator, denominator)
        for group, month, numerator, denominator in upload.rows
    ]
    kept = save_points(measure=upload.measure, points=points, by=by)
    return _saved(upload=upload, kept=kept, by=by, now=now)
