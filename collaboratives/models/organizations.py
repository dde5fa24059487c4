"""A health care institution that takes part or may."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from collaboratives.states import OrganizationType
from tenancy.models import HostManager, HostModel


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def present(self) -> OrganizationQuerySet:
        """The directory. An entry that was merged into another one is history."""
        return self.filter(merged_into=None)

    def for_list(self) -> OrganizationQuerySet:
        return self.order_by("name", "pk")


class Organization(HostModel):
    """One institution in the host's directory."""

    name = models.CharField(max_length=160)
    type = models.CharField(max_length=20, choices=OrganizationType)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    system_name = models.CharField(max_length=160, blank=True)
    staffed_beds = models.PositiveIntegerField(null=True)
    sites = models.PositiveIntegerField(null=True)
    ccn = models.CharField(max_length=6, blank=True)
    email_domain = models.CharField(max_length=120, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(OrganizationQuerySet)()

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "name"], name="organization_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.state) if part)


UNDO_MERGE = timedelta(days=1)


class MergeQuerySet(models.QuerySet["OrganizationMerge"]):
    def of(self, organization: Organization) -> MergeQuerySet:
        """What was merged into this entry and not taken back, newest first."""
        return (
            self.filter(kept=organization, undone_at=None)
            .select_related("gone", "merged_by")
            .order_by("-merged_at", "-pk")
        )


class OrganizationMerge(HostModel):
    """Two entries that were one institution. The one that is gone stays as a row.

    moved: ids of what hung on it, by model label. filled: facts that the kept one lacked.
    """

    kept = models.ForeignKey(Organization, models.PROTECT, related_name="+", editable=False)
    gone = models.ForeignKey(Organization, models.PROTECT, related_name="+", editable=False)
    moved = models.JSONField(default=dict, editable=False)
    filled = models.JSONField(default=dict, editable=False)
    merged_at = models.DateTimeField(editable=False)
    merged_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = HostManager.from_queryset(MergeQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "gone", condition=Q(undone_at=None), name="merged_away_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
