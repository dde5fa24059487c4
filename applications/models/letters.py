"""Letters, files and videos of an application."""

from __future__ import annotations

from collections.abc import Mapping
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
        return self.select_related("file", "received_by", "judged_by").order_by("position", "pk")

    def open_of(self, application: Application) -> LetterQuerySet:
        """Those of one application that may still come in."""
        return self.filter(application=application).exclude(state=LetterState.ACCEPTED).for_list()

    def for_link(self) -> LetterQuerySet:
        return self.select_related("application__cohort", "application__lead", "file")


class Letter(HostModel):
    """What one upload question of the form asks for. points: what staff found it covers."""

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="letters"
    )
    field = models.CharField(max_length=60)  # the code of the question
    label = models.JSONField()  # what the question calls it, in each language
    slot = models.CharField(max_length=20)  # letter, evidence: what kind of file it takes
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=LetterState, default=LetterState.MISSING, editable=False
    )
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", editable=False
    )
    received_how = models.CharField(max_length=10, choices=ReceivedHow, blank=True, editable=False)
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    subject_line = models.CharField(max_length=300, blank=True)  # of the email it came with
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
                    file__isnull=False,
                    received_at__isnull=False,
                )
                & ~Q(received_how="")
                | Q(
                    state__in=[LetterState.MISSING, LetterState.REQUESTED],
                    file=None,
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


class Video(HostModel):
    """A team's video: a link to where it is."""

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="videos"
    )
    field = models.CharField(max_length=60)  # the code of the question
    link = models.URLField(max_length=500)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "field", name="one_video_per_question")
        ]

    def __str__(self) -> str:
        return self.link
