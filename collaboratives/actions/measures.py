"""What is done to measures and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from collaboratives.measure_files import MOST_PROBLEMS, Checked
from collaboratives.models import DataPoint, DataUpload, Measure, Stratum, Team
from collaboratives.models.measures import UploadState
from documents import intake, jobs
from documents.models import StoredFile
from documents.states import FileState
from tenancy import audit
from workflow.machine import TransitionNotAllowed

CHECK_FILE = "measure_csv"


class HasNumbers(Exception):
    """What has data can't be taken away: a group, or the type that its numbers are of."""


@dataclass(frozen=True)
class Group:
    code: str
    label: str
    missing_kind: str = ""


@dataclass(frozen=True)
class Definition:
    """What a measure is. groups: without everybody, who is always there and comes first."""

    name: str
    numerator_words: str
    denominator_words: str = ""
    definition: str = ""
    kind: str = "outcome"
    type: str = "proportion"
    level: str = "project"
    direction: str = "up"
    target: float | None = None
    baseline_points: int | None = None
    axis: str = "race_ethnicity_2024"
    groups_are_exclusive: bool = True
    groups: Sequence[Group] = field(default_factory=tuple)
    everybody: str = "All patients"
    reference: str = ""

    def fields(self) -> dict[str, object]:
        """The measure's own columns."""
        return {
            name: getattr(self, name)
            for name in (
                "name", "numerator_words", "denominator_words", "definition", "kind", "type",
                "level", "direction", "target", "baseline_points", "axis",
                "groups_are_exclusive",
            )
        }  # fmt: skip


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
def add_measure(*, team: Team, definition: Definition, by: User) -> Measure:
    """Define a measure of the team, with its groups and the one the others are compared with."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    measure = Measure.objects.create(
        host_id=team.host_id,
        team=team,
        slug=_free_slug(team=team, name=definition.name),
        position=Measure.objects.filter(team=team).count(),
        **definition.fields(),
    )
    _set_groups(measure=measure, definition=definition)
    audit.record("added", measure, by=by, after={"name": measure.name})
    return measure


@transaction.atomic
def change_measure(*, measure: Measure, definition: Definition, by: User) -> Measure:
    """Change what a measure is. Raises HasNumbers rather than losing or bending data."""
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    counted = DataPoint.objects.filter(stratum__measure=measure)
    if definition.type != measure.type and counted.exists():
        raise HasNumbers
    before = {name: getattr(measure, name) for name in definition.fields()}
    for name, value in definition.fields().items():
        setattr(measure, name, value)
    measure.save(update_fields=list(before))
    _set_groups(measure=measure, definition=definition)
    after = definition.fields()
    changed = [name for name in before if before[name] != after[name]]
    audit.record(
        "changed",
        measure,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return measure


def _free_slug(*, team: Team, name: str) -> str:
    base = slugify(name)[:50].strip("-") or "measure"
    taken = {"add", *Measure.objects.filter(team=team).values_list("slug", flat=True)}
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 1000))
    return next(slug for slug in candidates if slug not in taken)


def _set_groups(*, measure: Measure, definition: Definition) -> None:
    wanted = [Group("", definition.everybody), *definition.groups]
    existing = {stratum.code: stratum for stratum in Stratum.objects.filter(measure=measure)}
    gone = [existing[code].pk for code in existing.keys() - {group.code for group in wanted}]
    if DataPoint.objects.filter(stratum__in=gone).exists():
        raise HasNumbers
    Stratum.objects.filter(pk__in=gone).delete()
    for position, group in enumerate(wanted):
        stratum, _ = Stratum.objects.update_or_create(
            measure=measure,
            code=group.code,
            defaults={
                "label": group.label,
                "missing_kind": group.missing_kind,
                "position": position,
            },
            create_defaults={
                "host_id": measure.host_id,
                "label": group.label,
                "missing_kind": group.missing_kind,
                "position": position,
            },
        )
        existing[group.code] = stratum
    measure.reference = existing.get(definition.reference)
    measure.save(update_fields=["reference"])


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
    if new or changed:
        after = {"added": kept.added, "changed": kept.changed}
        audit.record("entered data", measure, by=by, after=after)
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


@transaction.atomic
def note_check(*, upload: DataUpload, checked: Checked, now: datetime) -> DataUpload:
    """Keep what the check found. A file without problems is saved at once, others wait for
    the person; one with rows about people is thrown away."""
    upload = DataUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.WAITING:
        return upload
    upload.rows_read = checked.rows_read
    upload.problem_count = len(checked.problems)
    upload.problems = [
        {"row": p.row, "column": p.column, "value": p.value, "expected": p.expected}
        for p in checked.problems[:MOST_PROBLEMS]
    ]
    upload.rows = [
        [row.group, row.month.isoformat(), row.numerator, row.denominator] for row in checked.rows
    ]
    upload.refusal = checked.refused
    if checked.refused or not checked.rows:
        upload.state = UploadState.REFUSED
    else:
        upload.state = UploadState.PROBLEMS
    stored = upload.file
    if checked.personal:
        upload.file, upload.file_name = None, "removed"
    upload.save()
    if checked.personal and stored is not None:
        _throw_away(stored)
        audit.record("refused data", upload.measure, by=upload.uploaded_by, reason=checked.refused)
    if upload.state == UploadState.PROBLEMS and not checked.problems:
        return save_upload(upload=upload, by=upload.uploaded_by, now=now)
    return upload


def _throw_away(stored: StoredFile) -> None:
    """The row stays and says so; the bytes go once this is committed."""
    path = stored.path
    stored.state, stored.original_name = FileState.REMOVED, "removed"
    stored.save(update_fields=["state", "original_name"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def save_upload(*, upload: DataUpload, by: User, now: datetime) -> DataUpload:
    """Save the good rows of a checked file.

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
    upload.state, upload.saved_at, upload.saved_by = UploadState.SAVED, now, by
    upload.added, upload.changed = kept.added, kept.changed
    upload.save()
    return upload
