"""A list of applications that staff come back to, by its address."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from applications.models.conflicts import Anybody
from tenancy.models import HostManager, HostModel


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, person: User | Anybody) -> SavedViewQuerySet:
        """One's own, and what colleagues share."""
        return self.filter(models.Q(made_by_id=person.pk) | models.Q(is_shared=True))

    def of_person(self, person: User) -> SavedViewQuerySet:
        return self.filter(made_by_id=person.pk)

    def of(self, cohort_slug: str) -> SavedViewQuerySet:
        return self.filter(cohort__slug=cohort_slug).select_related("made_by").order_by("name")


class SavedView(HostModel):
    """Filters, order and columns under a name. It holds no rows: who opens it sees their own."""

    cohort = models.ForeignKey("collaboratives.Cohort", models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=1000)  # as `ListQuery.but` writes it
    is_shared = models.BooleanField(default=False)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = HostManager.from_queryset(SavedViewQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "cohort", "made_by", "name", name="saved_view_has_its_own_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
