"""What a team commits to, who signed it, and each version as it was signed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from charters.states import CommitmentStatus, SignatureStatus, Status
from collaboratives.models import Team
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class CharterQuerySet(models.QuerySet["Charter"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> CharterQuerySet:
        return self.filter(team__in=Team.objects.visible_to(person, membership))

    def for_list(self) -> CharterQuerySet:
        return self.select_related("team__organization", "team__cohort__program").order_by(
            "team__name", "pk"
        )


class Charter(HostModel):
    """The one charter of a team. What is here is being written; versions are what was."""

    team = models.ForeignKey("collaboratives.Team", models.PROTECT, related_name="charters")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    sections = models.JSONField(default=dict)  # text by section code of the program
    domains = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HostManager.from_queryset(CharterQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "team", name="one_charter_per_team")]

    def __str__(self) -> str:
        return f"Charter of {self.team}"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def for_list(self) -> CommitmentQuerySet:
        return self.select_related("measure").order_by("position", "pk")


class Commitment(HostModel):
    """A promise: for which domain, who, until when, seen in which measure."""

    charter = models.ForeignKey(Charter, models.CASCADE, related_name="commitments")
    domain = models.CharField(max_length=40)
    text = models.CharField(max_length=600)
    opportunity = models.CharField(max_length=600, blank=True)
    owner_name = models.CharField(max_length=160)
    due_on = models.DateField()
    measure = models.ForeignKey(
        "collaboratives.Measure", models.SET_NULL, null=True, related_name="+"
    )
    measure_words = models.CharField(max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=CommitmentStatus, default=CommitmentStatus.OPEN
    )
    status_reason = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = HostManager.from_queryset(CommitmentQuerySet)()

    def __str__(self) -> str:
        return self.text[:80]

    def is_due(self, today: date) -> bool:
        return self.status == CommitmentStatus.OPEN and self.due_on <= today


class VersionQuerySet(models.QuerySet["Version"]):
    def newest_first(self) -> VersionQuerySet:
        return self.order_by("-number")


class Version(HostModel):
    """A charter as it was put up for signing: its words as canonical JSON, and their hash."""

    charter = models.ForeignKey(Charter, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # declined or taken back
    closed_reason = models.TextField(blank=True)
    pdf_job = models.ForeignKey("documents.Job", models.SET_NULL, null=True, related_name="+")

    objects = HostManager.from_queryset(VersionQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "charter", "number", name="charter_version_number"),
            models.UniqueConstraint(
                "host",
                "charter",
                condition=Q(signed_at=None, closed_at=None),
                name="one_version_waits_for_signatures",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(closed_at=None),
                name="signed_version_is_not_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charter}, version {self.number}"


class SignatureQuerySet(models.QuerySet["Signature"]):
    def for_list(self) -> SignatureQuerySet:
        return self.select_related("member").order_by("position", "pk")


class Signature(HostModel):
    """One person asked to sign one version, by a link of their own."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="signatures")
    member = models.ForeignKey("collaboratives.TeamMember", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=10, choices=SignatureStatus, default=SignatureStatus.WAITING, editable=False
    )
    typed_name = models.CharField(max_length=160, blank=True)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = HostManager.from_queryset(SignatureQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "version", "member", name="asked_to_sign_once"),
            models.CheckConstraint(
                condition=Q(status=SignatureStatus.SIGNED, answered_at__isnull=False)
                & ~Q(typed_name="")
                | Q(status=SignatureStatus.DECLINED, answered_at__isnull=False) & ~Q(reason="")
                | Q(status__in=[SignatureStatus.WAITING, SignatureStatus.WITHDRAWN]),
                name="signature_status_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}"
