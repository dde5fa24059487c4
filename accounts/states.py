"""Where an invitation can stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.machine import Machine


class InvitationState(TextChoices):
    OPEN = "open", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Withdrawn")


_OPEN = frozenset({InvitationState.OPEN})

invitation = Machine(
    {
        "accept": (_OPEN, InvitationState.ACCEPTED),
        "resend": (_OPEN, InvitationState.OPEN),
        "revoke": (_OPEN, InvitationState.REVOKED),
    }
)
