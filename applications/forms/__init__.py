"""Strings to clean values."""

from applications.forms.applying import (
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
    WriteForm,
)
from applications.forms.letters import (
    FileLetterForm,
    LetterForm,
    LetterJudgementForm,
    LetterRequestForm,
    SignLetterForm,
    SubjectForm,
    UseAgainForm,
)
from applications.forms.videos import CaptionsForm, VideoFileForm, VideoForm

__all__ = [
    "AskForm",
    "CaptionsForm",
    "DecisionForm",
    "DeclineSeatForm",
    "FileLetterForm",
    "JoinForm",
    "LateForm",
    "LetterForm",
    "LetterJudgementForm",
    "LetterRequestForm",
    "MoveForm",
    "NoteForm",
    "OfferAgainForm",
    "PlanReleaseForm",
    "SignLetterForm",
    "StartForm",
    "SubjectForm",
    "SubmitForm",
    "UseAgainForm",
    "VideoFileForm",
    "VideoForm",
    "WithdrawForm",
    "WriteForm",
]
