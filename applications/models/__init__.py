"""An application, the people on it, its letters, and what staff note about it."""

from applications.models.applications import (
    UNDO_WITHDRAWAL,
    Application,
    ApplicationQuerySet,
    Counter,
)
from applications.models.asked import Asked
from applications.models.conflicts import ANYBODY, Anybody, Declaration, IsAnyOf, Tie
from applications.models.filled import FilledForm
from applications.models.letters import (
    MATERIAL_MISSING,
    Letter,
    LetterQuerySet,
    TypedSignature,
    in_words,
)
from applications.models.mailings import Mailing, MailingQuerySet, Recipient, Wording
from applications.models.people import (
    ApplicationPerson,
    Assignment,
    Note,
    PersonInvitation,
    TeamComment,
)
from applications.models.reviews import Expertise, Redaction, Review, Score
from applications.models.saved_views import SavedView, SavedViewQuerySet
from applications.models.screening import Screening
from applications.models.submissions import Submission
from applications.models.tallies import Tally
from applications.models.videos import Video

__all__ = [
    "ANYBODY",
    "MATERIAL_MISSING",
    "UNDO_WITHDRAWAL",
    "Anybody",
    "Application",
    "ApplicationPerson",
    "ApplicationQuerySet",
    "Asked",
    "Assignment",
    "Counter",
    "Declaration",
    "Expertise",
    "FilledForm",
    "IsAnyOf",
    "Letter",
    "LetterQuerySet",
    "Mailing",
    "MailingQuerySet",
    "Note",
    "PersonInvitation",
    "Recipient",
    "Redaction",
    "Review",
    "SavedView",
    "SavedViewQuerySet",
    "Score",
    "Screening",
    "Submission",
    "Tally",
    "TeamComment",
    "Tie",
    "TypedSignature",
    "Video",
    "Wording",
    "in_words",
]
