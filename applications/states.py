"""Where an application and its letters can stand, and how they move."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.machine import Machine


class Status(TextChoices):
    """The labels are the words of the staff; applicants read `shown_to_applicant`."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Needs first read")
    INFO_ASKED = "info_asked", _("Waiting on applicant")
    IN_REVIEW = "in_review", _("In review")
    DECIDED = "decided", _("Decided, not released")
    RELEASED = "released", _("Released")
    OFFER_ACCEPTED = "offer_accepted", _("Seat taken")
    OFFER_DECLINED = "offer_declined", _("Seat declined")
    OFFER_EXPIRED = "offer_expired", _("Offer ran out")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Outcome(TextChoices):
    """What was decided: beside the state, because it stays true while the state moves on."""

    ADMIT = "admit", _("Admit")
    WAITLIST = "waitlist", _("Waitlist")
    DECLINE = "decline", _("Decline with feedback")
    OFFER_OTHER = "offer_other", _("Offer another program")


class Source(TextChoices):
    WEB = "web", _("Online form")
    EMAIL = "email", _("Email")


class PersonRole(TextChoices):
    """What a person may do in one application."""

    LEAD = "lead", _("Lead applicant")
    EDITOR = "editor", _("Can edit")
    VIEWER = "viewer", _("Can read")


class LetterState(TextChoices):
    MISSING = "missing", pgettext_lazy("letter", "Not uploaded")
    REQUESTED = "requested", pgettext_lazy("letter", "Requested")
    RECEIVED = "received", pgettext_lazy("letter", "Received")
    ACCEPTED = "accepted", pgettext_lazy("letter", "Accepted")
    RETURNED = "returned", pgettext_lazy("letter", "Returned")


class ReceivedHow(TextChoices):
    UPLOAD = "upload", _("Uploaded by the applicant")
    EMAIL = "email", _("Filed from an email")
    LINK = "link", _("Uploaded by the signer")
    TYPED = "typed", _("Signed by typing the name")
    AGAIN = "again", _("Used from another application")


class Stance(TextChoices):
    """What a reader says before an application opens to them."""

    CLEAR = "clear", _("No conflict of interest")
    CONFLICT = "conflict", _("Conflict of interest")


class MailingState(TextChoices):
    """Where a text to many applicants can stand."""

    PLANNED = "planned", _("Planned")
    SENT = "sent", _("Sent")
    TAKEN_BACK = "taken_back", _("Taken back")


class Turn(TextChoices):
    APPLICANT = "applicant", _("Applicant")
    STAFF = "staff", _("Program staff")
    NOBODY = "nobody", _("Nobody")


OFFERS = frozenset({Outcome.ADMIT, Outcome.OFFER_OTHER})  # the applicant answers by a day
OPEN = frozenset({Status.SUBMITTED, Status.INFO_ASKED, Status.IN_REVIEW})
CHANGEABLE = frozenset({Status.SUBMITTED, Status.IN_REVIEW})  # by its applicants, until the close
RECEIVED = frozenset(Status) - {Status.DRAFT, Status.WITHDRAWN}
DECIDED = frozenset(
    {
        Status.DECIDED,
        Status.RELEASED,
        Status.OFFER_ACCEPTED,
        Status.OFFER_DECLINED,
        Status.OFFER_EXPIRED,
    }
)
RELEASED = DECIDED - {Status.DECIDED}
MANAGEABLE = OPEN | {Status.DRAFT, Status.DECIDED, Status.RELEASED}  # people come and go
ANSWERED = frozenset({Status.OFFER_ACCEPTED, Status.OFFER_DECLINED})

machine = Machine(
    {
        "submit": (frozenset({Status.DRAFT}), Status.SUBMITTED),
        "begin_review": (frozenset({Status.SUBMITTED}), Status.IN_REVIEW),
        "ask": (frozenset({Status.SUBMITTED, Status.IN_REVIEW}), Status.INFO_ASKED),
        "answer": (frozenset({Status.INFO_ASKED}), Status.IN_REVIEW),
        "decide": (OPEN | {Status.DECIDED}, Status.DECIDED),
        "undo_decision": (frozenset({Status.DECIDED}), Status.IN_REVIEW),
        "release": (frozenset({Status.DECIDED}), Status.RELEASED),
        "accept_seat": (frozenset({Status.RELEASED}), Status.OFFER_ACCEPTED),
        "decline_seat": (frozenset({Status.RELEASED}), Status.OFFER_DECLINED),
        "expire_offer": (frozenset({Status.RELEASED}), Status.OFFER_EXPIRED),
        "offer_again": (
            frozenset({Status.RELEASED, Status.OFFER_DECLINED, Status.OFFER_EXPIRED}),
            Status.RELEASED,
        ),
        "withdraw": (OPEN | {Status.DRAFT, Status.DECIDED, Status.RELEASED}, Status.WITHDRAWN),
        "restore_draft": (frozenset({Status.WITHDRAWN}), Status.DRAFT),
        "restore_submitted": (frozenset({Status.WITHDRAWN}), Status.SUBMITTED),
        "restore_released": (frozenset({Status.WITHDRAWN}), Status.RELEASED),
    }
)

letter_machine = Machine(
    {
        "request": (
            frozenset({LetterState.MISSING, LetterState.REQUESTED, LetterState.RETURNED}),
            LetterState.REQUESTED,
        ),
        "receive": (frozenset(LetterState) - {LetterState.ACCEPTED}, LetterState.RECEIVED),
        "remove": (frozenset({LetterState.RECEIVED, LetterState.RETURNED}), LetterState.MISSING),
        "accept": (frozenset({LetterState.RECEIVED, LetterState.RETURNED}), LetterState.ACCEPTED),
        "return": (frozenset({LetterState.RECEIVED, LetterState.ACCEPTED}), LetterState.RETURNED),
    }
)

_TURN = {
    Status.DRAFT: Turn.APPLICANT,
    Status.SUBMITTED: Turn.STAFF,
    Status.INFO_ASKED: Turn.APPLICANT,
    Status.IN_REVIEW: Turn.STAFF,
    Status.DECIDED: Turn.STAFF,
    Status.RELEASED: Turn.NOBODY,
    Status.OFFER_ACCEPTED: Turn.NOBODY,
    Status.OFFER_DECLINED: Turn.NOBODY,
    Status.OFFER_EXPIRED: Turn.NOBODY,
    Status.WITHDRAWN: Turn.NOBODY,
}


def whose_turn(status: str, outcome: str = "") -> Turn:
    """Who must act next. After the release, only an offer waits for somebody."""
    if status == Status.RELEASED and outcome in OFFERS:
        return Turn.APPLICANT
    return _TURN[Status(status)]


_APPLICANTS_WORDS = {
    Status.DRAFT: _("Not sent yet"),
    Status.SUBMITTED: _("Received"),
    Status.INFO_ASKED: _("We asked you a question"),
    Status.IN_REVIEW: _("We are reading it"),
    Status.DECIDED: _("We are reading it"),  # decided quietly: nobody hears before the release
    Status.OFFER_ACCEPTED: _("You took your place"),
    Status.OFFER_DECLINED: _("You said no to the place"),
    Status.OFFER_EXPIRED: _("The offer has ended"),
    Status.WITHDRAWN: _("Withdrawn"),
}
_OUTCOME_WORDS = {
    Outcome.ADMIT: _("You are invited to join"),
    Outcome.WAITLIST: _("You are on the waitlist"),
    Outcome.DECLINE: _("Not this time"),
    Outcome.OFFER_OTHER: _("We offer you another program"),
}


def shown_to_applicant(status: str, outcome: str = "") -> str | Promise:
    """The state in plain words. Before the release it never hints at the outcome."""
    if status == Status.RELEASED:
        return _OUTCOME_WORDS[Outcome(outcome)]
    return _APPLICANTS_WORDS[Status(status)]


mailing_machine = Machine(
    {
        "send": (frozenset({MailingState.PLANNED}), MailingState.SENT),
        "take_back": (frozenset({MailingState.PLANNED}), MailingState.TAKEN_BACK),
    }
)
