"""A health care institution that takes part or may."""

from __future__ import annotations

from django.db import models

from collaboratives.states import OrganizationType
from tenancy.models import HostManager, HostModel


class OrganizationQuerySet(models.QuerySet["Organization"]):
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
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(OrganizationQuerySet)()

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "name"], name="organization_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.state) if part)
