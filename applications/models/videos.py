"""The team's video: a file that is kept here, or a link to where it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from documents.states import UploadState
from tenancy.models import HostManager, HostModel


class VideoQuerySet(models.QuerySet["Video"]):
    def for_list(self) -> VideoQuerySet:
        return self.select_related("file", "captions", "upload").order_by("pk")


class Video(HostModel):
    """One answer to a question for a video. upload: the newest file, while it is checked and
    when it was refused; what was there before stays until it is ready."""

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="videos"
    )
    field = models.CharField(max_length=60)  # the code of the question
    link = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+")
    upload = models.ForeignKey("documents.Upload", models.PROTECT, null=True, related_name="+")
    captions = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    captions_language = models.CharField(max_length=5, blank=True)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(VideoQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "field", name="one_video_per_question"),
            models.CheckConstraint(
                name="video_is_somewhere",
                condition=~Q(link="") & Q(file=None)
                | Q(link="", file__isnull=False)
                | Q(link="", file=None, upload__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.link or self.field

    @property
    def state(self) -> str:
        """In the words of a task: complete, checking or problem."""
        if self.link or self.file_id:
            return "complete"
        checking = self.upload is not None and self.upload.state == UploadState.CHECKING
        return "checking" if checking else "problem"

    @property
    def is_here(self) -> bool:
        """A file that is being checked counts: nobody waits for a worker to submit."""
        return self.state != "problem"

    @property
    def name(self) -> str:
        if self.file is not None:
            return str(self.file.original_name)
        return self.link or (self.upload.name if self.upload else "")
