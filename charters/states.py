"""How a charter, a signature and a commitment can stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflow.machine import Machine


class Status(TextChoices):
    DRAFT = "draft", _("Being written")
    PROPOSED = "proposed", _("Waiting for signatures")
    SIGNED = "signed", _("Signed")


class SignatureStatus(TextChoices):
    WAITING = "waiting", _("Waiting")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("No longer asked")


class CommitmentStatus(TextChoices):
    OPEN = "open", _("Open")
    KEPT = "kept", _("Kept")
    CHANGED = "changed", _("Changed")
    DROPPED = "dropped", _("Dropped")


machine = Machine(
    {
        "edit": (frozenset({Status.DRAFT}), Status.DRAFT),
        "propose": (frozenset({Status.DRAFT}), Status.PROPOSED),
        "sign": (frozenset({Status.PROPOSED}), Status.PROPOSED),
        "lock": (frozenset({Status.PROPOSED}), Status.SIGNED),
        "decline": (frozenset({Status.PROPOSED}), Status.DRAFT),
        "take_back": (frozenset({Status.PROPOSED}), Status.DRAFT),
        "reopen": (frozenset({Status.SIGNED}), Status.DRAFT),
    }
)

WHOSE_TURN = {Status.DRAFT: "team", Status.PROPOSED: "signatories", Status.SIGNED: "nobody"}
