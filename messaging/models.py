"""Mail as rows: what will be sent, what was, each attempt, and what is planned."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from messaging.states import NOT_DELIVERED, OPEN, Outcome, Planned, State
from tenancy.models import HostManager, HostModel


class MessageQuerySet(models.QuerySet[Any]):
    def claimable(self, now: datetime) -> MessageQuerySet:
        """Due, or left behind by a worker that died; the most urgent first."""
        return self.filter(
            Q(state__in=[State.QUEUED, State.RETRY], next_attempt_at__lte=now)
            | Q(state=State.SENDING, lease_until__lt=now)
        ).order_by("priority", "next_attempt_at", "pk")

    def held_by(self, message: Message) -> MessageQuerySet:
        """The row, as long as the lease under which it was claimed still stands."""
        return self.filter(
            pk=message.pk,
            state=State.SENDING,
            locked_by=message.locked_by,
            lease_no=message.lease_no,
        )


class Message(models.Model):
    """One mail to one address, rendered. `body` is sealed: see `messaging.sealing`."""

    objects: ClassVar[Any]

    guid = models.UUIDField(default=uuid4, editable=False)
    to = models.EmailField(max_length=254)
    sender_name = models.CharField(max_length=160, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=300)
    template = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5, default="en")
    body = models.BinaryField()
    is_blanked = models.BooleanField(default=False)  # its private links are gone from the body
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED, editable=False)
    priority = models.PositiveSmallIntegerField(default=5)
    not_before = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=100, blank=True)
    lease_no = models.PositiveIntegerField(default=0)
    message_id = models.CharField(max_length=255)
    sent_at = models.DateTimeField(null=True)
    last_code = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject


def _state_is_whole(name: str) -> list[models.CheckConstraint]:
    """A message being sent has a lease, a sent one the time; the others have neither."""
    leased = Q(lease_until__isnull=False) & ~Q(locked_by="")
    free = Q(lease_until=None, locked_by="")
    return [
        models.CheckConstraint(
            name=f"{name}_state_is_whole",
            condition=(Q(state=State.SENDING, sent_at=None) & leased)
            | (Q(state=State.SENT, sent_at__isnull=False) & free)
            | (~Q(state__in=[State.SENDING, State.SENT]) & Q(sent_at=None) & free),
        ),
        models.CheckConstraint(name=f"{name}_state_is_known", condition=Q(state__in=State.values)),
    ]


def _open_index(name: str) -> models.Index:
    return models.Index(
        fields=["priority", "next_attempt_at"], condition=Q(state__in=OPEN), name=name
    )


class OutboundMessageQuerySet(MessageQuerySet):
    def about(self, thing: models.Model) -> OutboundMessageQuerySet:
        """The mails about one row, newest first."""
        return self.filter(
            about_type=thing._meta.label_lower, about_id=str(thing.pk), is_private=False
        ).order_by("-created_at", "-pk")

    def for_staff(self) -> OutboundMessageQuerySet:
        """Newest first, without what is between the program and one person (consent)."""
        return self.filter(is_private=False).order_by("-created_at", "-pk")

    def of_cohort(self, cohort_slug: str) -> OutboundMessageQuerySet:
        """Mail of one cohort, and mail that belongs to none."""
        return self.filter(cohort_slug__in=[cohort_slug, ""])

    def matching(self, words: str) -> OutboundMessageQuerySet:
        return self.filter(Q(to__icontains=words) | Q(subject__icontains=words))

    def waiting(self) -> OutboundMessageQuerySet:
        return self.filter(state__in=OPEN)

    def sent(self) -> OutboundMessageQuerySet:
        return self.filter(state=State.SENT)

    def not_delivered(self) -> OutboundMessageQuerySet:
        return self.filter(state__in=NOT_DELIVERED)


class OutboundMessage(HostModel, Message):
    """A mail of a host. One for each dedupe key, however often its cause is repeated."""

    dedupe_key = models.CharField(max_length=200)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    cohort_slug = models.SlugField(max_length=60, blank=True)
    is_private = models.BooleanField(default=False)

    objects = HostManager.from_queryset(OutboundMessageQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "dedupe_key", name="message_once_per_key"),
            models.UniqueConstraint("host", "guid", name="message_guid_of_host"),
            *_state_is_whole("message"),
        ]
        indexes = [
            _open_index("message_open"),
            models.Index(fields=["host", "about_type", "about_id"], name="message_about"),
            models.Index(fields=["host", "-created_at"], name="message_newest"),
        ]


class GlobalMessage(Message):
    """Mail without a host: sign-in codes and whatever else uses Django's mail API.

    No page shows it, and its body is emptied once sent.
    """

    objects = models.Manager.from_queryset(MessageQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint("guid", name="global_message_guid"),
            *_state_is_whole("global_message"),
        ]
        indexes = [
            _open_index("global_message_open"),
            models.Index(fields=["-created_at"], name="global_message_newest"),
        ]


class DeliveryAttempt(HostModel):
    """One try to hand a message to the mail server. Rows are only added."""

    message = models.ForeignKey(OutboundMessage, models.CASCADE, related_name="attempts_made")
    lease_no = models.PositiveIntegerField()
    worker = models.CharField(max_length=100)
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    code = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "message", "lease_no", name="one_attempt_per_lease")
        ]


class Suppression(HostModel):
    """An address that refused mail for good. Kept as a hash; a staff resend lifts it."""

    address_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "address_sha256", name="suppressed_once_per_address")
        ]


class ReminderOccurrence(HostModel):
    """One planned reminder. Its key never holds a time, so that a moved date is not a new one."""

    key = models.CharField(max_length=200)
    name = models.CharField(max_length=60)
    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Planned, default=Planned.PLANNED)
    settled_at = models.DateTimeField(null=True)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "key", name="reminder_once_per_key"),
            models.CheckConstraint(
                name="reminder_state_is_whole",
                condition=Q(state=Planned.PLANNED, settled_at=None)
                | (~Q(state=Planned.PLANNED) & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["host", "about_type", "about_id"], name="reminder_about")]
