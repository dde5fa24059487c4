"""What a coach writes about a report, and what is written below it, as clean values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from reporting.models import Feedback
from reporting.queries import Part
from reporting.states import Verdict

LONGEST = 6000


class FeedbackForm(PlainForm):
    """One box for each part of the report. feedback: what stands; None before the first word."""

    saves = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    verdict = forms.ChoiceField(
        label=gettext_lazy("What do you say of the report as a whole?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one before you share it.")},
        choices=[
            (Verdict.ACCEPTED, gettext_lazy("Accept it: nothing more is needed")),
            (Verdict.CHANGES, gettext_lazy("Ask for changes")),
        ],
        help_text=gettext_lazy(
            "The report stays readable either way, and the next one opens on its day."
        ),
    )

    def __init__(
        self, data: QueryDict | None, *, parts: Sequence[Part], feedback: Feedback | None
    ) -> None:
        draft = feedback.draft if feedback else {}
        initial = {self.name_of(part): draft.get(part.code, "") for part in parts}
        initial |= {
            "saves": feedback.saves if feedback else 0,
            "verdict": feedback.draft_verdict if feedback else "",
        }
        super().__init__(data.copy() if data else None, initial=initial)
        self.parts = parts
        self.fields["verdict"].required = data is None or self.is_sharing
        for part in parts:
            self.fields[self.name_of(part)] = forms.CharField(
                label=_("Your feedback: %(part)s") % {"part": part.label},
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            )
        self.order_fields([*(self.name_of(part) for part in parts), "verdict", "saves"])

    @staticmethod
    def name_of(part: Part) -> str:
        return f"on_{part.code}"

    @property
    def rows(self) -> list[tuple[Part, forms.BoundField]]:
        return [(part, self[self.name_of(part)]) for part in self.parts]

    @property
    def is_sharing(self) -> bool:
        return self.data.get("act") == "share"

    @property
    def words(self) -> dict[str, str]:
        return {part.code: self.cleaned_data[self.name_of(part)] for part in self.parts}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asks = cleaned.get("verdict") == Verdict.CHANGES
        if self.is_sharing and asks and not self.errors and not any(self.words.values()):
            self.add_error("verdict", _("Say at least in one box what you ask for."))
        return cleaned

    def show_beside(self, other: Feedback) -> None:
        """Somebody saved meanwhile: their words beside one's own. Saving again is a choice."""
        self.data["saves"] = str(other.saves)
        told = _("%(name)s saved here meanwhile: “%(text)s”. In the box is what you typed.")
        mine, verdict = self.words, self.cleaned_data["verdict"]
        for part in self.parts:
            theirs = other.draft.get(part.code, "")
            if theirs != mine[part.code].strip():
                text = theirs or _("nothing")
                self.add_error(
                    self.name_of(part), told % {"name": other.saved_by.name, "text": text}
                )
        if other.draft_verdict != verdict:
            text = other.get_draft_verdict_display() or _("nothing")
            self.add_error("verdict", told % {"name": other.saved_by.name, "text": text})


class AnswerForm(PlainForm):
    """needs_words: False where reading alone can be told."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write your answer.")},
    )

    def __init__(self, data: QueryDict | None = None, *, needs_words: bool = True) -> None:
        super().__init__(data, prefix="answer")
        self.fields["text"].required = needs_words


class NoteForm(PlainForm):
    text = forms.CharField(
        label=gettext_lazy("New note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write a note first.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="note")
