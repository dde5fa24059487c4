"""A person's own answer about a study. Read inside this package only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import User


class Choice(TextChoices):
    CONSENT = "consent", _("I have read it and I consent")
    NO = "no", _("I do not consent")
    WITHDRAWN = "withdrawn", _("I take my consent back")


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):
    def visible_to(self, person: User) -> ConsentRecordQuerySet:
        """One's own, and nobody else's: not for a colleague, not for staff."""
        return self.filter(person_id=person.pk).order_by("-at", "-pk")


class ConsentRecord(HostModel):
    """One answer, added and never changed; the newest counts.

    document, version, sha256: the sheet as it was shown. read and choice are two facts.
    """

    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    cohort = models.ForeignKey("collaboratives.Cohort", models.PROTECT, related_name="+")
    application = models.ForeignKey(
        "applications.Application", models.PROTECT, null=True, related_name="+"
    )
    document = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    read = models.BooleanField()
    choice = models.CharField(max_length=10, choices=Choice)
    at = models.DateTimeField()

    objects = HostManager.from_queryset(ConsentRecordQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="consent_names_its_sheet", condition=~Q(sha256="") & ~Q(version="")
            ),
            models.CheckConstraint(
                name="consent_was_read", condition=Q(read=True) | ~Q(choice="consent")
            ),
        ]
        indexes = [
            models.Index(fields=["host", "person", "cohort", "-at"], name="consent_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
