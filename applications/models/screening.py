"""What a member of staff judged about one criterion of the program."""

from __future__ import annotations

from django.db import models

from tenancy.models import HostManager, HostModel


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def for_list(self) -> ScreeningQuerySet:
        return self.select_related("judged_by").order_by("judged_at", "pk")


class Screening(HostModel):
    """Whether a criterion is met, as a person says; it counts instead of what was found.

    found: what the rules said then: met, not met, or nothing.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="screenings"
    )
    criterion = models.CharField(max_length=60)
    met = models.BooleanField()
    found = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(ScreeningQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "application", "criterion", name="one_judgement_per_criterion"
            ),
            models.CheckConstraint(
                name="an_override_says_why",
                condition=models.Q(found=None)
                | models.Q(found=models.F("met"))
                | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.application_id}: {self.met}"
