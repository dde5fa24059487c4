"""Strings to clean values."""

from applications.forms.applying import (
    JoinForm,
    StartForm,
    SubmitForm,
    VideoForm,
    WithdrawForm,
)
from applications.forms.deciding import (
    AskForm,
    DecisionForm,
    DeclineSeatForm,
    LateForm,
    MoveForm,
    NoteForm,
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

__all__ = [
    "AskForm",
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
    "PlanReleaseForm",
    "SignLetterForm",
    "StartForm",
    "SubjectForm",
    "SubmitForm",
    "UseAgainForm",
    "VideoForm",
    "WithdrawForm",
    "WriteForm",
]
