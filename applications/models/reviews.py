"""What readers score and say, what they are good at, and what is blacked out for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from applications.models.applications import Application


class ReviewQuerySet(models.QuerySet["Review"]):
    def finished(self) -> ReviewQuerySet:
        return self.filter(finished_at__isnull=False)

    def for_list(self) -> ReviewQuerySet:
        return self.select_related("reviewer").prefetch_related("scores").order_by("begun_at", "pk")

    def of(self, application: Application) -> ReviewQuerySet:
        return self.filter(application=application)


class Review(HostModel):
    """One reader's judgement of one application. `private_note` is for that reader alone.

    read_version: the number of the submission that the scores are about.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="reviews"
    )
    reviewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    private_note = models.TextField(blank=True)
    revisions = models.JSONField(default=dict)  # of the comment, the note and each criterion
    read_version = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = HostManager.from_queryset(ReviewQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "reviewer", name="one_review_per_reader")
        ]
        indexes = [models.Index(fields=["host", "reviewer"], name="reviews_of_reader")]

    def __str__(self) -> str:
        return f"{self.reviewer_id} on {self.application_id}"


class Score(HostModel):
    """The score of one criterion of the program's rubric, and a word on it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "review", "criterion", name="one_score_per_criterion"),
            models.CheckConstraint(
                name="score_is_small", condition=Q(value=None) | Q(value__gte=1, value__lte=9)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class Expertise(HostModel):
    """What a reader knows well: kinds of organizations and clinical areas, by their codes."""

    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    topics = ArrayField(models.CharField(max_length=60), default=list)

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "person", name="one_expertise_per_reader")]

    def __str__(self) -> str:
        return f"{self.person_id}: {', '.join(self.topics)}"


class Redaction(HostModel):
    """Words in an application that show who somebody is. Readers without names don't get them."""

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="redactions"
    )
    words = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "words", name="blacked_out_once")
        ]

    def __str__(self) -> str:
        return f"in {self.application_id}"
