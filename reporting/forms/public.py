"""What people type about public pages, where they told of their work, and calls with staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from collaboratives.models import Team
from reporting.forms.periods import DayField
from reporting.forms.work import PieceForm
from reporting.models import ChangeTested, FeedbackCall
from reporting.states import Permitted, ToldAs


class AskForm(PlainForm):
    checked = forms.BooleanField(
        label=gettext_lazy("I read it: no names of patients, no count under 11."),
        error_messages={"required": gettext_lazy("Read it first, then tick this box.")},
    )


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Why not? The team reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DisseminationForm(PieceForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("How did you tell it?"), choices=ToldAs, widget=forms.RadioSelect
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    told_on = DayField(label=gettext_lazy("When?"))
    link = forms.URLField(
        label=gettext_lazy("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Where others can read or see it."),
    )
    change = forms.ModelChoiceField(
        label=gettext_lazy("Change it tells about"),
        queryset=ChangeTested.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    permission = forms.ChoiceField(
        label=gettext_lazy("Permission of those it is about"),
        choices=Permitted,
        widget=forms.RadioSelect,
    )
    permission_by = forms.CharField(
        label=gettext_lazy("Who gave it?"), max_length=160, required=False
    )

    def choose(self, team: Team) -> None:
        own = ChangeTested.objects.filter(team=team).for_list()
        self.fields["change"].queryset = own  # type: ignore[attr-defined]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Enter a web address that begins with https://."))
        return link

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("permission") == Permitted.GIVEN and not cleaned.get("permission_by"):
            self.add_error("permission_by", _("Enter who gave the permission."))
        return cleaned


class FeedbackCallForm(PieceForm):
    held_on = DayField(label=gettext_lazy("When?"))
    people = forms.CharField(
        label=gettext_lazy("Who took part?"),
        max_length=300,
        help_text=gettext_lazy("Of the team and of staff."),
    )
    notes = forms.CharField(
        label=gettext_lazy("What the team said"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The team reads these notes too."),
    )

    def __init__(self, *args: Any, team: Team, piece: FeedbackCall | None = None) -> None:
        super().__init__(*args, team=team, piece=piece)
        self.others = FeedbackCall.objects.filter(team=team)
        if piece is not None:
            self.others = self.others.exclude(pk=piece.pk)

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        if day and self.others.filter(held_on=day).exists():
            raise forms.ValidationError(_("A call on this day is noted already."))
        return day
