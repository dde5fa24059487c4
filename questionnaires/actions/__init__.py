"""Every change to forms and answers."""

from questionnaires.actions.publishing import add_questionnaire, draw_blank, keep_published, publish
from questionnaires.actions.responses import (
    Moved,
    copy_response,
    hide_move,
    move_to,
    start_response,
)
from questionnaires.actions.saving import Conflict, Saved, cleaned, save

__all__ = [
    "Conflict",
    "Moved",
    "Saved",
    "add_questionnaire",
    "cleaned",
    "copy_response",
    "draw_blank",
    "hide_move",
    "keep_published",
    "move_to",
    "publish",
    "save",
    "start_response",
]
