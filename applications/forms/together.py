"""People, comments and time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.states import PersonRole

ROLES = [
    (PersonRole.EDITOR, _("Editor: can write answers")),
    (PersonRole.VIEWER, _("Viewer: can read")),
]


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("We send one link to this address. It works for 7 days."),
        max_length=254,
        error_messages={
            "required": _("Enter the email address."),
            "invalid": _("Enter an email address, like name@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=ROLES,
        initial=PersonRole.EDITOR,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this person may do.")},
    )


class PersonForm(forms.Form):
    role = forms.ChoiceField(choices=ROLES)
    can_submit = forms.BooleanField(required=False)


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        help_text=_("Only the people who work on this application can read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )


class AskForTimeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need more time?"),
        help_text=_("The program team reads this. It does not see your answers."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tell us why you need more time.")},
    )


class MoveLeadForm(forms.Form):
    person = forms.TypedChoiceField(
        label=_("Who leads from now on?"),
        coerce=int,
        error_messages={"required": _("Choose a person.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        error_messages={"required": _("Say why, for the record.")},
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class DeadlineForm(forms.Form):
    """A day and a time in the program's zone, and why."""

    day = forms.DateField(
        label=_("New last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter a date.")},
    )
    at = forms.TimeField(
        label=_("Time of day"),
        initial="17:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Enter the time."),
            "invalid": _("Enter a time, like 17:00."),
        },
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For the record. Applicants do not see it."),
        max_length=500,
        error_messages={"required": _("Say why, for the record.")},
    )

    def until(self, zone: ZoneInfo) -> datetime:
        data = self.cleaned_data
        return datetime.combine(data["day"], data["at"], tzinfo=zone)
