"""Files that people brought or we made, and the background jobs that make them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts.models import Membership, User
from documents.states import OPEN, FileState, JobState, UploadState
from tenancy.models import HostManager, HostModel

SHOWN = ("video/mp4", "video/quicktime", "video/webm", "text/vtt")


class StoredFile(HostModel):
    """One file, kept under its uuid. Who may have it is the owning row's rule, never ours.

    original_name is for display only. content_type, size and sha256 are of what is stored,
    by our own check, whatever the sender said.
    """

    uuid = models.UUIDField(default=uuid4, editable=False)
    slot = models.CharField(max_length=20)
    original_name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=FileState, default=FileState.CLEAN)
    reason = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )  # null: by a link without an account, or by us
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "uuid", name="file_uuid_of_host"),
            models.CheckConstraint(
                name="file_state_is_known", condition=Q(state__in=FileState.values)
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / str(self.host_id) / str(self.uuid)

    @property
    def is_clean(self) -> bool:
        return self.state == FileState.CLEAN

    @property
    def is_image(self) -> bool:
        return self.content_type in ("image/png", "image/jpeg")

    @property
    def has_pages(self) -> bool:
        """Whether pages of it can be drawn; of a Word file they can't."""
        return self.content_type == "application/pdf"

    @property
    def may_be_shown(self) -> bool:
        """In a page, where nothing of it can run."""
        return self.is_image or self.content_type in SHOWN


class UploadQuerySet(models.QuerySet[Any]):
    def open_for(self, purpose: str, person: User) -> UploadQuerySet:
        """A person's unfinished uploads for one thing, the newest first."""
        return self.filter(
            purpose=purpose, uploaded_by=person, state=UploadState.RECEIVING
        ).order_by("-created_at", "-pk")

    def left_since(self, moment: datetime) -> UploadQuerySet:
        """Unfinished, and nothing came since that moment."""
        return self.filter(state=UploadState.RECEIVING, touched_at__lt=moment)


class Upload(HostModel):
    """A large file that comes in pieces, and goes on where it stopped. received: its first bytes.

    purpose: which thing it is for, in the words of the room that asked for it. Who may go on is
    asked of that thing with every piece.
    """

    uuid = models.UUIDField(default=uuid4, editable=False)
    slot = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    purpose = models.CharField(max_length=200)
    length = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=UploadState, default=UploadState.RECEIVING, editable=False
    )
    reason = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    objects = HostManager.from_queryset(UploadQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "uuid", name="upload_uuid_of_host"),
            models.CheckConstraint(
                name="upload_is_within_its_length",
                condition=Q(received__lte=models.F("length"), length__gt=0),
            ),
            models.CheckConstraint(
                name="upload_file_fits_state",
                condition=Q(state=UploadState.CLEAN, file__isnull=False)
                | ~Q(state=UploadState.CLEAN) & Q(file=None),
            ),
        ]
        indexes = [models.Index(fields=["host", "purpose"], name="uploads_of_a_thing")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / str(self.host_id) / f"{self.uuid}.part"

    @property
    def left(self) -> int:
        return self.length - self.received


class PagePicture(HostModel):
    """One page of a PDF as a picture, so that it can be read beside something else."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="page_pictures")
    number = models.PositiveSmallIntegerField()
    picture = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "file", "number", name="one_picture_per_page")
        ]


class JobQuerySet(models.QuerySet[Any]):
    def claimable(self, now: datetime) -> JobQuerySet:
        """Due, or left behind by a worker that died; the oldest first."""
        return self.filter(
            Q(state=JobState.QUEUED, next_attempt_at__lte=now)
            | Q(state=JobState.RUNNING, lease_until__lt=now)
        ).order_by("next_attempt_at", "pk")

    def waited_for_first(self, copies: Iterable[str]) -> JobQuerySet:
        """What somebody waits for, the oldest first; then copies made for later, the newest
        first, because that is the one which is opened next."""
        is_copy = Q(kind__in=list(copies))
        return self.order_by(
            Case(When(is_copy, then=1), default=0),
            Case(When(is_copy, then=F("pk") * -1), default=0),
            "next_attempt_at",
            "pk",
        )

    def of_kinds(self, kinds: Iterable[str]) -> JobQuerySet:
        """Only what this worker knows how to do; a newer one knows more."""
        return self.filter(kind__in=list(kinds))

    def held_by(self, job: Job) -> JobQuerySet:
        """The row, as long as the lease under which it was claimed still stands."""
        return self.filter(
            pk=job.pk, state=JobState.RUNNING, locked_by=job.locked_by, lease_no=job.lease_no
        )

    def visible_to(self, user: User, *, membership: Membership | None = None) -> JobQuerySet:
        """One's own; to staff of the host all."""
        return self if membership else self.filter(requested_by=user)


class Job(HostModel):
    """Work that takes longer than a page may. The row is the truth; Celery only hints."""

    uuid = models.UUIDField(default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200)
    input = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    result = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    page = models.CharField(max_length=300, blank=True)  # where its result is to be had
    error = models.CharField(max_length=300, blank=True)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=100, blank=True)
    lease_no = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = HostManager.from_queryset(JobQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "dedupe_key", name="job_once_per_key"),
            models.UniqueConstraint("host", "uuid", name="job_uuid_of_host"),
            models.CheckConstraint(name="job_progress_is_a_share", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="job_state_is_whole",
                condition=Q(
                    Q(state=JobState.RUNNING, lease_until__isnull=False, finished_at=None)
                    & ~Q(locked_by=""),
                )
                | Q(state=JobState.QUEUED, lease_until=None, locked_by="", finished_at=None)
                | Q(
                    state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED],
                    lease_until=None,
                    locked_by="",
                    finished_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state__in=OPEN), name="job_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
