"""Strings to clean values."""

from applications.forms.applying import (
    AskToJoinForm,
    JoinForm,
    StartForm,
    SubmitForm,
    WithdrawForm,
)
from applications.forms.deciding import (
    AskForm,
    DecisionForm,
    DeclineSeatForm,
    LateForm,
    MoveForm,
    NoteForm,
    OfferAgainForm,
    PlanReleaseForm,
)
from applications.forms.filled import BringForm, EnterForm
from applications.forms.letters import (
    FileLetterForm,
    LetterForm,
    LetterJudgementForm,
    LetterRequestForm,
    SignLetterForm,
    SubjectForm,
    UseAgainForm,
)
from applications.forms.listing import SaveViewForm
from applications.forms.reviewing import (
    BlackOutForm,
    DeclareForm,
    ExpertiseForm,
    NoteConflictForm,
    ReaderForm,
    ReviewsShownForm,
    ScreenForm,
    ShareForm,
    posted_scores,
)
from applications.forms.together import (
    AskForTimeForm,
    CommentForm,
    DeadlineForm,
    InviteForm,
    MoveLeadForm,
    PersonForm,
)
from applications.forms.videos import CaptionsForm, VideoFileForm, VideoForm
from applications.forms.writing import WordingForm, WriteForm

__all__ = [
    "AskForTimeForm",
    "AskForm",
    "AskToJoinForm",
    "BlackOutForm",
    "BringForm",
    "CaptionsForm",
    "CommentForm",
    "DeadlineForm",
    "DecisionForm",
    "DeclareForm",
    "DeclineSeatForm",
    "EnterForm",
    "ExpertiseForm",
    "FileLetterForm",
    "InviteForm",
    "JoinForm",
    "LateForm",
    "LetterForm",
    "LetterJudgementForm",
    "LetterRequestForm",
    "MoveForm",
    "MoveLeadForm",
    "NoteConflictForm",
    "NoteForm",
    "OfferAgainForm",
    "PersonForm",
    "PlanReleaseForm",
    "ReaderForm",
    "ReviewsShownForm",
    "SaveViewForm",
    "ScreenForm",
    "ShareForm",
    "SignLetterForm",
    "StartForm",
    "SubjectForm",
    "SubmitForm",
    "UseAgainForm",
    "VideoFileForm",
    "VideoForm",
    "WithdrawForm",
    "WordingForm",
    "WriteForm",
    "posted_scores",
]
