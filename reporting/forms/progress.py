"""A score with what shows it, as clean values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from reporting.models import ProgressScore
from reporting.progress import LEVELS, level_of
from reporting.queries.progress import Rung, Suggestion


class ScoreForm(PlainForm):
    """Any level may be chosen; more than the facts suggest needs words."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("Where does the team stand?"),
        coerce=Decimal,
        widget=forms.RadioSelect,
        choices=[(str(level.value), level.name) for level in LEVELS],
        error_messages={"required": gettext_lazy("Choose a level.")},
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows it?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy(
            "A number, a test, what people told you. Answer the question beside your level. No "
            "names of patients."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        suggestion: Suggestion,
        own: ProgressScore | None,
        seen: str,
    ) -> None:
        initial: dict[str, Any] = {"seen": seen}
        if own is not None:
            initial |= {"level": str(own.level), "evidence": own.evidence}
        super().__init__(data.copy() if data else None, initial=initial)
        self.suggestion = suggestion

    @property
    def rows(self) -> list[tuple[Rung, Any]]:
        """Each level with its choice."""
        return list(zip(self.suggestion.rungs, self["level"], strict=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        level, words = cleaned.get("level"), cleaned.get("evidence", "").strip()
        if level is not None and level > self.suggestion.level.value and not words:
            self.add_error(
                "evidence", _("That is more than the facts here suggest. Say what shows it.")
            )
        return cleaned

    def show_beside(self, other: ProgressScore, seen: str) -> None:
        """A colleague scored meanwhile: their score beside one's own. Saving again is a choice."""
        self.data["seen"] = seen
        told = _("%(name)s gave %(level)s meanwhile: “%(text)s”. What you chose is still here.")
        self.add_error(
            "level",
            told
            % {
                "name": other.given_by.name,
                "level": f"{other.level} {level_of(other.level).name}",
                "text": other.evidence,
            },
        )
