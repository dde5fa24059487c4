"""Strings to clean values."""

from applications.forms.applying import (
    JoinForm,
    LetterForm,
    LetterRequestForm,
    StartForm,
    SubmitForm,
    VideoForm,
    WithdrawForm,
)
from applications.forms.deciding import (
    AskForm,
    DecisionForm,
    DeclineSeatForm,
    FileLetterForm,
    LateForm,
    LetterJudgementForm,
    MoveForm,
    NoteForm,
    PlanReleaseForm,
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
    "StartForm",
    "SubmitForm",
    "VideoForm",
    "WithdrawForm",
]
