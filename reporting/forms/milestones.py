"""What a team says of one milestone, as clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from reporting.models import MilestoneRating
from reporting.states import Reach


class MilestoneForm(PlainForm):
    """Reached needs words; nobody confirms it."""

    reach = forms.ChoiceField(
        label=gettext_lazy("Where are you?"),
        choices=Reach,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where you are.")},
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows it?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("What you did, saw or heard. No names of patients."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, data: QueryDict | None, *, code: str, rating: MilestoneRating | None, seen: str
    ) -> None:
        initial = {"seen": seen}
        if rating is not None:
            initial |= {"reach": rating.reach, "evidence": rating.evidence}
        super().__init__(data.copy() if data else None, initial=initial, prefix=code)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reach") == Reach.REACHED and not cleaned.get("evidence", "").strip():
            self.add_error("evidence", _("Say in a sentence what shows it."))
        return cleaned

    def show_beside(self, other: MilestoneRating, seen: str) -> None:
        """A colleague rated meanwhile: their words beside one's own. Saving again is a choice."""
        self.data[self.add_prefix("seen")] = seen
        told = _("%(name)s saved “%(reach)s: %(text)s” meanwhile. What you typed is still here.")
        words = {
            "name": other.rated_by.name,
            "reach": other.get_reach_display(),
            "text": other.evidence,
        }
        self.add_error("reach", told % words)
