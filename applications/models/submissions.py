"""Each time that an application was sent in."""

from __future__ import annotations

from django.db import models

from tenancy.models import HostManager, HostModel


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def drawn(self) -> SubmissionQuerySet:
        """With the job that draws each, the newest first."""
        return self.select_related("job__result").defer("document").order_by("-number")

    def for_list(self) -> SubmissionQuerySet:
        people = self.select_related("submitted_by", "response__version", "job__result")
        return people.defer("document").order_by("-number")


class Submission(HostModel):
    """One version of an application, with the answers that were sent. They don't change.

    in_grace: it came after the close, within the silent grace. document: canonical JSON of what
    readers see of it, whose sha256 stands in the PDF. job: draws that PDF for applicants and
    readers alike; sending in never waits for it.
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
    document = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey("documents.Job", models.PROTECT, null=True, related_name="+")

    objects = HostManager.from_queryset(SubmissionQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "application", "number", name="submission_number_of_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.application_id}"
