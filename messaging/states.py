"""Where a mail can stand, and which way it moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.machine import Machine


class State(TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    RETRY = "retry", _("Not taken yet, will be tried again")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused by the address")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")
    WITHHELD = "withheld", _("Held back")


OPEN = (State.QUEUED, State.RETRY, State.SENDING)  # what delivery may claim
NOT_DELIVERED = (State.FAILED, State.DEAD, State.WITHHELD)

machine = Machine(
    moves={
        # by delivery; a claim may take over a message whose lease ran out
        "claim": (frozenset(OPEN), State.SENDING),
        "deliver": (frozenset({State.SENDING}), State.SENT),
        "postpone": (frozenset({State.SENDING}), State.RETRY),
        "refuse": (frozenset({State.SENDING}), State.FAILED),
        "give_up": (frozenset({State.SENDING}), State.DEAD),
        "expire": (frozenset({State.SENDING}), State.CANCELLED),
        # by people
        "cancel": (frozenset({State.QUEUED, State.RETRY, State.WITHHELD}), State.CANCELLED),
        "send_again": (frozenset(NOT_DELIVERED), State.QUEUED),
    }
)


class Outcome(TextChoices):
    """What one attempt came to."""

    SENT = "sent", _("Taken by the mail server")
    KEPT_HERE = "kept_here", _("Kept on the outbox page")
    RETRY = "retry", _("Not taken yet")
    FAILED = "failed", _("Refused")
    EXPIRED = "expired", _("Too late to be of use")


class Planned(TextChoices):
    """Where a reminder can stand."""

    PLANNED = "planned", _("Planned")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("No longer needed")
    MISSED = "missed", _("Missed")
