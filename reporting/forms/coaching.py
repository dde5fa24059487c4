"""What a coach writes about a report, and what is written below it, as clean values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from questionnaires.hands.together import Clash
from reporting.feedback_form import VERDICT, answers_of, box_of
from reporting.models import Feedback
from reporting.queries import Part
from reporting.states import Verdict

LONGEST = 6000


class FeedbackForm(PlainForm):
    """One box for each part of the report. feedback: what stands; None before the first word.

    revisions: by box, as a page sent them; else those of what stands.
    """

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
        self,
        data: QueryDict | None,
        *,
        parts: Sequence[Part],
        feedback: Feedback | None,
        revisions: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(data, initial=answers_of(feedback) if feedback else {})
        self.parts = parts
        response = feedback.response if feedback else None
        standing = response.revisions if response else {}
        self.revisions = dict(standing if revisions is None else revisions)
        self.fields["verdict"].required = data is None or self.is_sharing
        for part in parts:
            self.fields[box_of(part.code)] = forms.CharField(
                label=_("Your feedback: %(part)s") % {"part": part.label},
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            )
        self.order_fields([*(box_of(part.code) for part in parts), VERDICT])

    @property
    def rows(self) -> list[tuple[Part, forms.BoundField, int]]:
        """Each part with its box and the revision of what stands in it."""
        boxes = [(part, box_of(part.code)) for part in self.parts]
        return [(part, self[box], self.revisions.get(box, 0)) for part, box in boxes]

    @property
    def verdict_revision(self) -> int:
        return self.revisions.get(VERDICT, 0)

    @property
    def is_sharing(self) -> bool:
        return self.data.get("act") == "share"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asks = cleaned.get(VERDICT) == Verdict.CHANGES
        words = [cleaned.get(box_of(part.code)) for part in self.parts]
        if self.is_sharing and asks and not self.errors and not any(words):
            self.add_error(VERDICT, _("Say at least in one box what you ask for."))
        return cleaned

    def show_beside(self, found: Sequence[Clash]) -> None:
        """Somebody saved meanwhile: their words beside one's own. Saving again is a choice."""
        told = _("%(name)s saved here meanwhile: “%(text)s”. In the box is what you typed.")
        for one in found:
            text = one.theirs or _("nothing")
            self.add_error(one.field, told % {"name": one.name, "text": text})
            self.revisions[one.field] = one.revision


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
