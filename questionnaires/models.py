"""Forms as data, and the answers given on one version of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import HostModel

if TYPE_CHECKING:
    from accounts.models import User


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


class ChangeSource(models.TextChoices):
    """Where an answer came from, when it was not typed on the page."""

    FILLED = "filled", _("From a filled form")


class AnswerChange(HostModel):
    """One answer as it was once, kept to be read and restored."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    kept = models.BooleanField(default=True)  # false: lost to another person's newer answer
    source = models.CharField(max_length=10, choices=ChangeSource, blank=True)
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    changed_as = models.CharField(max_length=200, blank=True)  # by a link, without an account
    changed_at = models.DateTimeField()

    class Meta(HostModel.Meta):
        indexes = [
            models.Index(fields=["host", "response", "field", "revision"], name="answer_history")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(changed_by__isnull=False, changed_as="")
                | models.Q(changed_by=None) & ~models.Q(changed_as=""),
                name="answer_change_has_one_author",
            )
        ]

    @property
    def author(self) -> str:
        return self.changed_as or str(self.changed_by)

    def is_by(self, person: User | str) -> bool:
        if isinstance(person, str):
            return self.changed_as == person
        return self.changed_by_id == person.pk


class FormMove(HostModel):
    """A draft went on to another version of its form. Told to its people until they put it away.

    changes: code, change, label in both languages, whether a section; as compare.differences
    found them. answered: the questions whose answers left the form or were cut.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="moves")
    from_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    to_version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    changes = models.JSONField()
    answered = models.JSONField(default=list)
    moved_at = models.DateTimeField()
    read_by = ArrayField(models.BigIntegerField(), default=list)


class WorkingCopy(HostModel):
    """The form as staff are changing it, beside the version it came from.

    content: as `Form`, but words may still lack one language. revision: counts the edits.
    """

    based_on = models.ForeignKey(Version, models.CASCADE, related_name="+")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "based_on", name="one_working_copy")]


class FormEdit(HostModel):
    """One edit of a working copy: the form as it was before, so that it can be undone.

    label: in both languages, of what was edited. undoes: this edit took another one back.
    """

    working_copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()  # that the edit began from
    before = models.JSONField()
    verb = models.CharField(max_length=20)
    label = models.JSONField(default=dict)
    undoes = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)
    edited_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "working_copy", "revision", name="one_edit_from_a_revision"
            )
        ]


class Trial(HostModel):
    """What one member of staff typed to try a working copy out. Never an application."""

    working_copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "working_copy", "person", name="one_trial_each")
        ]


class SaveKey(HostModel):
    """A save that was taken, by the key its sender gave it: the same one again changes nothing.

    lost: the questions whose words went to history only, because somebody else's stood.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)  # with the person it is from
    lost = ArrayField(models.CharField(max_length=60), default=list)
    saved_at = models.DateTimeField()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "response", "key", name="one_save_per_key")]

    def __str__(self) -> str:
        return self.key
