"""A person's own answer about a study. Read inside this package only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import User
    from collaboratives.models import Cohort


class Choice(TextChoices):
    CONSENT = "consent", _("I have read it and I consent")
    NO = "no", _("I do not consent")
    WITHDRAWN = "withdrawn", _("I take my consent back")


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):
    def visible_to(self, person: User) -> ConsentRecordQuerySet:
        """One's own, and nobody else's: not for a colleague, not for staff."""
        return self.filter(person_id=person.pk).order_by("-at", "-pk")

    def newest_each(self, cohort: Cohort) -> ConsentRecordQuerySet:
        """The answer that counts, of every person. For the register of counts and the research
        export, and for nothing else."""
        return self.filter(cohort=cohort).order_by("person_id", "-at", "-pk").distinct("person_id")


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
    network = models.CharField(max_length=50, blank=True)  # the address, cut to its network
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


class ResearchKey(HostModel):
    """What a host's pseudonyms are made with. It never leaves the database, so they stay the
    same from export to export and can't be made again from names."""

    secret = models.CharField(max_length=64, editable=False)

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", name="one_research_key_per_host")]

    def __str__(self) -> str:
        return "key"


class ResearchExportQuerySet(models.QuerySet["ResearchExport"]):
    def for_list(self) -> ResearchExportQuerySet:
        return self.select_related("file", "job", "asked_by").order_by("-asked_at", "-pk")

    def kept(self) -> ResearchExportQuerySet:
        return self.filter(file__isnull=False, ended_at=None).select_related("file")


class ResearchExport(HostModel):
    """One export for the study: who asked, and the file while it may be taken."""

    uuid = models.UUIDField(default=uuid4, editable=False)
    cohort = models.ForeignKey("collaboratives.Cohort", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job = models.ForeignKey("documents.Job", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # the file is gone

    objects = HostManager.from_queryset(ResearchExportQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "uuid", name="research_export_uuid_of_host"),
            models.CheckConstraint(
                name="research_export_is_whole",
                condition=Q(file=None, made_at=None) | Q(file__isnull=False, made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
