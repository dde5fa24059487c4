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
    LetterJudgementForm,
    MoveForm,
    NoteForm,
)

__all__ = [
    "AskForm",
    "DecisionForm",
    "DeclineSeatForm",
    "FileLetterForm",
    "JoinForm",
    "LetterForm",
    "LetterJudgementForm",
    "LetterRequestForm",
    "MoveForm",
    "NoteForm",
    "StartForm",
    "SubmitForm",
    "VideoForm",
    "WithdrawForm",
]
