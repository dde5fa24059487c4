"""What staff and invited people type, as clean values."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from collaboratives.models import TeamGroup
from sessions.states import Answer, Audience, Kind, Modality, Presence


class TimeForm(forms.Form):
    """A day, a local time and a length, in the cohort's zone."""

    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(
        label=_("Starts at"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("In the time zone of the program."),
    )
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=1440)
    use_required_attribute = False

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """Adds `starts_at`; refuses a local time that the change to summer time leaves out."""
        cleaned = super().clean() or {}
        if "day" in cleaned and "at" in cleaned:
            starts_at = datetime.combine(cleaned["day"], cleaned["at"], self.zone)
            round_trip = starts_at.astimezone(ZoneInfo("UTC")).astimezone(self.zone)
            if round_trip.replace(tzinfo=None) != starts_at.replace(tzinfo=None):
                self.add_error("at", _("On that night the clocks skip this time. Choose another."))
            cleaned["starts_at"] = starts_at
        return cleaned


class MoveForm(TimeForm):
    reason = forms.CharField(
        label=_("Why it moves"),
        required=False,
        max_length=300,
        help_text=_("Kept in the history."),
    )


class GroupForm(forms.Form):
    """Which group of the cohort a small call is for."""

    group = forms.ModelChoiceField(
        TeamGroup.objects.none(),
        label=_("Group of teams"),
        empty_label=_("Choose a group"),
        error_messages={"required": _("Choose the group that meets.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups


class SessionForm(TimeForm):
    title = forms.CharField(label=_("Title"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    modality = forms.ChoiceField(label=_("Where"), choices=Modality.choices)
    audience = forms.ChoiceField(label=_("Who is invited"), choices=Audience.choices)
    join_link = forms.URLField(
        label=_("Link to join"), required=False, max_length=500, assume_scheme="https"
    )
    venue = forms.CharField(label=_("Venue"), required=False, max_length=300)
    summary = forms.CharField(
        label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    group = forms.ModelChoiceField(
        TeamGroup.objects.none(),
        label=_("Group of teams"),
        required=False,
        empty_label=_("None"),
        help_text=_("Only for a small group: which one meets."),
    )

    field_order = ("title", "kind", "day", "at", "minutes", "modality", "audience", "group")
    DETAILS = ("title", "kind", "modality", "audience", "group", "join_link", "venue", "summary")

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups

    def clean(self) -> dict[str, Any]:
        """A small group has to be named; for any other audience there is none."""
        cleaned = super().clean()
        if cleaned.get("audience") != Audience.SUBGROUP:
            cleaned["group"] = None
        elif not self.fields["group"].queryset.exists():
            self.add_error("group", _("This cohort has no group of teams yet. Make one first."))
        elif cleaned.get("group") is None and "group" not in self.errors:
            self.add_error("group", _("Choose the group that meets."))
        return cleaned

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.DETAILS}


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why it is cancelled"), max_length=300)
    use_required_attribute = False


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[choice for choice in Answer.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    use_required_attribute = False


def presences(posted: dict[str, str]) -> dict[int, Presence]:
    """`presence-<invitee id>` fields of the attendance page; unknown words are left out."""
    known = {str(value) for value in Presence.values}
    return {
        int(name.removeprefix("presence-")): Presence(value)
        for name, value in posted.items()
        if name.startswith("presence-")
        and name.removeprefix("presence-").isdigit()
        and value in known
    }
