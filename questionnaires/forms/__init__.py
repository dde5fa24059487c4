"""A section of questions as a page, and what came back from it."""

from questionnaires.forms.page import (
    controls,
    errors,
    place_words,
    target,
    worked_on_together,
)
from questionnaires.forms.parts import Choice, Control, Place
from questionnaires.forms.posted import Submitted, submitted

__all__ = [
    "Choice",
    "Control",
    "Place",
    "Submitted",
    "controls",
    "errors",
    "place_words",
    "submitted",
    "target",
    "worked_on_together",
]
