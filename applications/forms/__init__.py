"""Strings to clean values."""

from applications.forms.applying import (
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
    NoteForm,
)

__all__ = [
    "AskForm",
    "DecisionForm",
    "DeclineSeatForm",
    "FileLetterForm",
    "LetterForm",
    "LetterJudgementForm",
    "LetterRequestForm",
    "NoteForm",
    "StartForm",
    "SubmitForm",
    "VideoForm",
    "WithdrawForm",
]
