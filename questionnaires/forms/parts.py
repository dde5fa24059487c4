"""What a page of questions is made of: plain data, for one loop of one template."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

ASKED = frozenset({"input", "textarea", "select", "choices", "scale", "check"})


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    value: str
    label: str
    hint: str = ""
    checked: bool = False
    exclusive: bool = False
    other_name: str = ""  # of the box for other words, when this choice has one
    other_value: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One step of the loop. shape: input, textarea, select, choices, scale, check, place, info,
    about (the way to a question's history and comments), and the brackets group, row, end_row,
    end_group, whose steps lie between them."""

    shape: str
    id: str = ""
    name: str = ""
    code: str = ""  # of the question, on its outermost control
    revision: int = 0
    private: bool = False
    steers: bool = False
    label: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    type: str = "text"
    autocomplete: str = ""
    inputmode: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    max_words: int = 0
    words: int = 0
    rows: int = 3
    text: str = ""
    spoken: str = ""  # the visible words' longer form for a button
    url: str = ""
    state: str = ""
    held_by: str = ""  # who typed here just now: it opens to be read, and may be taken over
    comments: int = 0
    can_add: bool = False
    can_remove: bool = False

    @property
    def is_asked(self) -> bool:
        """Not what only stands around the questions."""
        return self.shape in ASKED

    @property
    def of_question(self) -> SafeString | str:
        """What the page's script reads off the outermost element of a question."""
        if not self.code:
            return ""
        more = (" data-private" if self.private else "") + (" data-shows" if self.steers else "")
        return format_html(
            ' data-field="{}" data-rev="{}"{}', self.code, self.revision, SafeString(more)
        )

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}_hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}_error"] if self.error else parts)


@dataclass(frozen=True)
class Place:
    """Where an upload, a video or a consent is given, and how it stands (section_state's words)."""

    url: str
    state: str = "not_started"
    note: str = ""
