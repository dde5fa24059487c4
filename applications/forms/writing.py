"""A mail to applicants: its words, and when it goes."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Wording


class WriteForm(forms.Form):
    """A mail to the chosen applicants. key: made with the page; the same page sends once."""

    subject = forms.CharField(
        label=_("Subject"),
        help_text=_("Begin with “Action needed:” when they have to do something."),
        max_length=200,
        error_messages={"required": _("Write a subject.")},
    )
    text = forms.CharField(
        label=_("Message"),
        help_text=_("{name}, {organization}, {reference} and {cohort} are filled in for each."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write the message.")},
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"invalid": _("Enter a time.")},
    )
    keep_as = forms.CharField(
        label=_("Name for these words"),
        help_text=_("Colleagues find them under this name."),
        max_length=60,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, zone: ZoneInfo, keeps: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.keeps = zone, keeps

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("day")) != bool(cleaned.get("time")):
            self.add_error("time", _("Give both the day and the time, or none."))
        if self.keeps and not cleaned.get("keep_as"):
            self.add_error("keep_as", _("Give the words a name."))
        return cleaned

    @property
    def moment(self) -> datetime | None:
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        return datetime.combine(day, time, tzinfo=self.zone) if day and time else None


class WordingForm(forms.Form):
    """Which kept words to begin with."""

    wording = forms.ModelChoiceField(
        label=_("Words kept before"),
        queryset=Wording.objects.none(),
        empty_label="---",
        error_messages={
            "required": _("Choose the words first."),
            "invalid_choice": _("Choose the words first."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wording"].queryset = Wording.objects.for_list()
