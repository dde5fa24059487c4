"""Each time that an application was sent in."""

from __future__ import annotations

from django.db import models

from tenancy.models import HostManager, HostModel


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def for_list(self) -> SubmissionQuerySet:
        return self.select_related("submitted_by", "response__version").order_by("-number")


class Submission(HostModel):
    """One version of an application, with the answers that were sent. They don't change.

    in_grace: it came after the close, within the silent grace.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="submissions"
    )
    number = models.PositiveSmallIntegerField()
    response = models.ForeignKey("questionnaires.Response", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=160)
    signed_title = models.CharField(max_length=160, blank=True)
    in_grace = models.BooleanField(default=False)

    objects = HostManager.from_queryset(SubmissionQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "application", "number", name="submission_number_of_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.application_id}"
