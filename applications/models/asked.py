"""What staff asked the applicants for, question by question, and where the answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from applications.models.applications import Application


class AskedQuerySet(models.QuerySet["Asked"]):
    def of(self, application: Application) -> AskedQuerySet:
        return self.filter(application=application).order_by("asked_at", "pk")

    def open_of(self, application: Application) -> AskedQuerySet:
        """What waits for an answer now."""
        return self.of(application).filter(answered_at=None)


class Asked(HostModel):
    """One thing that was asked. field: the code of the question it is about; empty for the whole.

    before, after: the numbers of the submissions that it was asked about and that answered it.
    """

    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="+")
    field = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = HostManager.from_queryset(AskedQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="asked_answer_is_whole",
                condition=Q(after=None, answered_at=None)
                | Q(after__isnull=False, answered_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["host", "application"], name="asked_of_application")]

    def __str__(self) -> str:
        return self.text[:60]
