from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class BringForm(forms.Form):
    file = forms.FileField(
        label=_("The form that you filled in"),
        help_text=_("The PDF as you saved it, at most 15 MB. Nothing changes before you confirm."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose it again."),
        },
        allow_empty_file=True,
    )


class EnterForm(forms.Form):
    """What staff know of an application that came by email, before they type it in."""

    organization_name = forms.CharField(
        label=_("Name of the organization"), min_length=2, max_length=160
    )
    email = forms.EmailField(
        label=_("Email address of the applicant"),
        help_text=_("They get a mail with a way in to take the application over."),
        max_length=254,
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    emailed_on = forms.DateField(
        label=_("Day on which the email came"),
        help_text=_("This day and time count for the deadline and for the answer that you owe."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    emailed_time = forms.TimeField(
        label=_("Time at which it came"), widget=forms.TimeInput(attrs={"type": "time"})
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.pop("emailed_on", None), cleaned.pop("emailed_time", None)
        if day and time:
            cleaned["emailed_at"] = datetime.combine(day, time, tzinfo=self.zone)
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """organization_name, email, language, emailed_at of a valid form."""
        return dict(self.cleaned_data)
