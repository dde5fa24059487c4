"""The host, what a host owns, links without an account, and the record of who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FullResultSet
from django.db import models
from django.db.models import Q

from tenancy import active


class Host(models.Model):
    """A convening institution. Everything it owns carries its id."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    is_public = models.BooleanField(default=True)
    contact_email = models.EmailField()
    time_zone = models.CharField(max_length=64, default="America/Chicago")
    languages = ArrayField(models.CharField(max_length=5), default=list)
    accent = models.CharField(max_length=12, default="lake")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class OfActiveHost(models.Func):
    """`host_id = <active host>`, resolved when the SQL is compiled."""

    arity = 1
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        if active.every_host_is_open():
            raise FullResultSet
        host_id = active.current_host_id()
        if host_id is None:
            raise active.HostNotActive(compiler.query.model.__name__)
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = %s", (*params, host_id)


class HostManager(models.Manager[Any]):
    """The code's wall: narrows every query to the active host and hides nothing else."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(OfActiveHost("host_id"))


class HostModel(models.Model):
    """A row that one host owns."""

    host = models.ForeignKey(Host, models.PROTECT, related_name="+", editable=False)

    objects = HostManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Link(models.Model):
    """A way in without an account. Global, because the host is found by it.

    Only the hash of the token is kept. `kind` and `subject_id` say what it opens.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    host = models.ForeignKey(Host, models.CASCADE, related_name="+", db_column="owner_id")
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["host", "kind", "subject_id"], name="link_of_subject")]

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, thing: models.Model) -> AuditEventQuerySet:
        """What happened to one object, newest first."""
        return self.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk)).order_by(
            "-at", "-pk"
        )


class AuditEvent(HostModel):
    """Who did what, when. Rows are added and never changed: the database refuses."""

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    objects = HostManager.from_queryset(AuditEventQuerySet)()  # type: ignore[misc]

    class Meta(HostModel.Meta):
        indexes = [
            models.Index(fields=["host", "object_type", "object_id"], name="audit_about"),
            models.Index(fields=["host", "-at"], name="audit_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(actor_name=""), name="audit_actor_is_named")
        ]
