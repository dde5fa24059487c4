"""Forms as data, and the answers given on one version of a form."""

from __future__ import annotations

from django.db import models

from tenancy.models import HostModel


class Questionnaire(HostModel):
    """A form of a host. Its versions hold what is asked."""

    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=160)

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "key", name="questionnaire_key_of_host")]

    def __str__(self) -> str:
        return self.name


class Version(HostModel):
    """What was asked from its publication on; never changed afterwards."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.JSONField()
    published_at = models.DateTimeField(null=True)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "questionnaire", "number", name="version_number")
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.number}"


class Response(HostModel):
    """The answers on one version: `answers[code]`, and `revisions[code]`, which counts."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="responses")
    answers = models.JSONField(default=dict)
    revisions = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(null=True)


class AnswerChange(HostModel):
    """One answer as it was once, kept to be read and restored."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    kept = models.BooleanField(default=True)  # false: lost to another person's newer answer
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta(HostModel.Meta):
        indexes = [
            models.Index(fields=["host", "response", "field", "revision"], name="answer_history")
        ]
