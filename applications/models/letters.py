"""Letters and files of an application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from applications.states import LetterState, ReceivedHow
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from applications.models.applications import Application

MATERIAL_MISSING = [LetterState.MISSING, LetterState.REQUESTED, LetterState.RETURNED]


def in_words(label: Mapping[str, str]) -> str:
    """A label kept in each language, in the active one."""
    language = (get_language() or "en")[:2]
    return label.get(language) or label["en"]


class LetterQuerySet(models.QuerySet["Letter"]):
    def for_list(self) -> LetterQuerySet:
        return self.select_related(
            "file", "received_by", "judged_by", "signature__file", "taken_from__application__cohort"
        ).order_by("position", "pk")

    def open_of(self, application: Application) -> LetterQuerySet:
        """Those of one application that may still come in."""
        return self.filter(application=application).exclude(state=LetterState.ACCEPTED).for_list()

    def incomplete(self) -> LetterQuerySet:
        """Not here; or a name that the program asks for is under none of the letters."""
        return self.filter(~Q(lacks=[]) | Q(signatories=[], state__in=MATERIAL_MISSING))

    def to_check(self) -> LetterQuerySet:
        """Received, and nobody of the staff has said yet whether they are good."""
        return self.filter(state=LetterState.RECEIVED)

    def asked_before(self, moment: datetime) -> LetterQuerySet:
        """Asked of their signers before that moment, and still awaited."""
        return (
            self.filter(state=LetterState.REQUESTED, requested_at__lte=moment)
            .select_related("application__cohort", "application__lead")
            .order_by("pk")
        )

    def accepted_elsewhere(self, application: Application) -> LetterQuerySet:
        """Signed letters of the same organization that staff accepted for another program."""
        return (
            self.filter(
                application__organization=application.organization_id,
                slot="letter",
                state=LetterState.ACCEPTED,
            )
            .exclude(application=application)
            .exclude(signed_by=[])
            .select_related("application__cohort", "file", "signature")
            .order_by("-judged_at", "-pk")
        )

    def usable_for(self, letter: Letter) -> LetterQuerySet:
        """Those that carry every name which `letter` asks for."""
        return self.accepted_elsewhere(letter.application).filter(
            signed_by__contains=letter.signatories
        )

    def for_link(self) -> LetterQuerySet:
        return self.select_related(
            "application__cohort__program", "application__lead", "file", "signature"
        )


class TypedSignature(HostModel):
    """A letter signed by typing a name. text: its words as they were shown, sealed by sha256.

    file: the PDF of it, made by a worker.
    """

    letter = models.ForeignKey("applications.Letter", models.CASCADE, related_name="signatures")
    name = models.CharField(max_length=160)
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=5)
    text = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="typed_signature_is_whole", condition=~Q(name="") & ~Q(title="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"


class Letter(HostModel):
    """What one upload question of the form asks for. points: what staff found it covers.

    signatories: who must sign, by the codes of the program's `terms`. signed_by: whose names are
    under what came. lacks: the signatories whom no letter of this application has yet; so one
    letter with two names completes two questions.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="letters"
    )
    field = models.CharField(max_length=60)  # the code of the question
    label = models.JSONField()  # what the question calls it, in each language
    slot = models.CharField(max_length=20)  # letter, evidence: what kind of file it takes
    terms = models.CharField(max_length=60, blank=True)  # the program's letter, by its code
    signatories = ArrayField(models.CharField(max_length=60), default=list)
    signed_by = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    lacks = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=LetterState, default=LetterState.MISSING, editable=False
    )
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", editable=False
    )
    signature = models.ForeignKey(
        TypedSignature, models.PROTECT, null=True, related_name="+", editable=False
    )  # instead of a file until a worker has made it
    taken_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="used_again", editable=False
    )  # the letter of another application that serves this one too
    received_how = models.CharField(max_length=10, choices=ReceivedHow, blank=True, editable=False)
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    subject_line = models.CharField(max_length=300, blank=True)  # of the email it came with
    requested_name = models.CharField(max_length=160, blank=True, editable=False)
    requested_from = models.EmailField(blank=True, editable=False)
    requested_at = models.DateTimeField(null=True, editable=False)
    points = ArrayField(models.CharField(max_length=60), default=list)
    judged_at = models.DateTimeField(null=True, editable=False)
    judged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    returned_reason = models.TextField(blank=True, editable=False)

    objects = HostManager.from_queryset(LetterQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "field", name="one_letter_per_question"),
            models.CheckConstraint(
                name="letter_file_fits_state",
                condition=Q(
                    state__in=[LetterState.RECEIVED, LetterState.ACCEPTED, LetterState.RETURNED],
                    received_at__isnull=False,
                )
                & (Q(file__isnull=False) | Q(signature__isnull=False))
                & ~Q(received_how="")
                | Q(
                    state__in=[LetterState.MISSING, LetterState.REQUESTED],
                    file=None,
                    signature=None,
                    received_at=None,
                ),
            ),
            models.CheckConstraint(
                name="letter_judgement_is_whole",
                condition=Q(
                    state__in=[LetterState.ACCEPTED, LetterState.RETURNED],
                    judged_at__isnull=False,
                    judged_by__isnull=False,
                )
                | Q(
                    state__in=[LetterState.MISSING, LetterState.REQUESTED, LetterState.RECEIVED],
                    judged_at=None,
                    judged_by=None,
                ),
            ),
            models.CheckConstraint(
                name="letter_return_has_reason",
                condition=~Q(state=LetterState.RETURNED) | ~Q(returned_reason=""),
            ),
            models.CheckConstraint(
                name="letter_request_names_somebody",
                condition=~Q(state=LetterState.REQUESTED)
                | Q(requested_at__isnull=False) & ~Q(requested_from=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.application_id}"

    @property
    def name(self) -> str:
        return in_words(self.label)

    @property
    def is_here(self) -> bool:
        return self.state in (LetterState.RECEIVED, LetterState.ACCEPTED)

    @property
    def is_complete(self) -> bool:
        """Here; and where signatories are named, each is under this letter or another one."""
        return not self.lacks if self.signatories else self.is_here

    @property
    def can_be_typed(self) -> bool:
        """A letter of one name can be signed by typing it; for two names it takes paper."""
        return self.slot == "letter" and len(self.signatories) == 1
