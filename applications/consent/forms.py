from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.consent.models import Choice


class ConsentForm(forms.Form):
    """Two facts kept apart: whether the sheet was read, and what the person chose."""

    read = forms.BooleanField(required=False, label=_("I have read the information sheet"))
    choice = forms.ChoiceField(
        label=_("Your choice"),
        choices=[
            (Choice.CONSENT.value, _("I consent")),
            (Choice.NO.value, _("I do not consent")),
            ("later", _("I will decide later")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("choice") == Choice.CONSENT and not cleaned.get("read"):
            self.add_error("read", _("Read the sheet first, or choose to decide later."))
        return cleaned
