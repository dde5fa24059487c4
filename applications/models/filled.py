"""Filled forms that somebody brought. Nothing of them counts before a person takes it over."""

from __future__ import annotations

from django.db import models

from tenancy.models import HostManager, HostModel


class FilledFormQuerySet(models.QuerySet["FilledForm"]):
    def for_page(self) -> FilledFormQuerySet:
        return self.select_related(
            "file", "brought_by", "version__questionnaire", "taken_by"
        ).order_by("-brought_at", "-pk")


class FilledForm(HostModel):
    """A file with filled boxes, as it was read once.

    boxes: name and text of each. version, language: of the form that was filled in. saved_at:
    when a program saved it, as far as the file says. taken: codes of the answers taken over.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="filled_forms"
    )
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    version = models.ForeignKey("questionnaires.Version", models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    boxes = models.JSONField()
    saved_at = models.DateTimeField(null=True)
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    taken = models.JSONField(default=list)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = HostManager.from_queryset(FilledFormQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="filled_form_taking_is_whole",
                condition=models.Q(taken_at=None, taken_by=None)
                | models.Q(taken_at__isnull=False, taken_by__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["host", "application"], name="filled_forms_of_application")]

    def __str__(self) -> str:
        return f"filled form for {self.application_id}"
