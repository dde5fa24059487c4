"""What those who read applications say about them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.states import Stance


class DeclareForm(forms.Form):
    stance = forms.ChoiceField(
        label=_("Do you have a conflict of interest?"),
        widget=forms.RadioSelect,
        choices=[
            (Stance.CLEAR, _("No, I can read it fairly")),
            (Stance.CONFLICT, _("Yes, somebody else must read it")),
        ],
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    reason = forms.CharField(
        label=_("If yes: what is the conflict?"),
        help_text=_("A few words. The coordinators read it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stance") == Stance.CONFLICT and not cleaned.get("reason"):
            self.add_error("reason", _("Say in a few words what the conflict is."))
        return cleaned
