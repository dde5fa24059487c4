from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules import allowed_outcomes, feedback_needed
from applications.states import Outcome
from collaboratives.blueprints.schema import Refusal
from collaboratives.models import Cohort


class DecisionForm(forms.Form):
    """Offers only what the program's policy knows, and asks for the feedback that it wants."""

    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    offered_cohort = forms.ModelChoiceField(
        label=_("Program to offer"), queryset=Cohort.objects.none(), required=False
    )
    feedback = forms.CharField(
        label=_("Feedback to the applicant"),
        help_text=_("They read it word for word once you release the decision."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, refusal: Refusal, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal = refusal
        allowed = allowed_outcomes(refusal)
        self.fields["outcome"].choices = [(one.value, one.label) for one in allowed]
        if Outcome.OFFER_OTHER in allowed:
            self.fields["offered_cohort"].queryset = Cohort.objects.offered_by(refusal.offer, now)
        else:
            del self.fields["offered_cohort"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome", "")
        if outcome != Outcome.OFFER_OTHER:
            cleaned["offered_cohort"] = None
        elif not cleaned.get("offered_cohort"):
            self.add_error("offered_cohort", _("Name the program that you offer."))
        if feedback_needed(self.refusal, outcome) and not cleaned.get("feedback"):
            self.add_error("feedback", _("Write the feedback that goes with this answer."))
        return cleaned


class PlanReleaseForm(forms.Form):
    """A moment in the program's zone. `moment`: the instant, once it is valid."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter a date.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": _("Enter the time."), "invalid": _("Enter a time.")},
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @property
    def moment(self) -> datetime:
        return datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=self.zone
        )


class OfferAgainForm(forms.Form):
    respond_by = forms.DateField(
        label=_("Last day to answer"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Enter the last day."), "invalid": _("Enter a date.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For staff. The applicant does not read it."),
        max_length=500,
        error_messages={"required": _("Say why you give more time.")},
    )


class LateForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the answer late?"),
        max_length=1000,
        error_messages={"required": _("Say why the answer is late.")},
    )


class MoveForm(forms.Form):
    place = forms.IntegerField(
        label=_("New place"),
        min_value=1,
        error_messages={
            "required": _("Enter the new place as a number."),
            "invalid": _("Enter the new place as a number."),
            "min_value": _("The first place is 1."),
        },
    )
    reason = forms.CharField(
        label=_("Why does this team move?"),
        max_length=500,
        error_messages={"required": _("Say why this team moves.")},
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for staff"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )


class AskForm(forms.Form):
    """A question about the whole, and up to three about single questions of the form."""

    PLACES = (1, 2, 3)

    question = forms.CharField(
        label=_("What do you need from the applicant?"),
        help_text=_("We email this to them and open the form again."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, questions: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in self.PLACES:
            self.fields[f"about_{place}"] = forms.ChoiceField(
                label=_("About this question"),
                choices=[("", "---"), *questions],
                required=False,
                error_messages={"invalid_choice": _("This question is not in the form.")},
            )
            self.fields[f"text_{place}"] = forms.CharField(
                label=_("What is missing there?"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in self.PLACES:
            code, text = cleaned.get(f"about_{place}"), cleaned.get(f"text_{place}")
            if bool(code) != bool(text):
                self.add_error(
                    f"text_{place}", _("Choose a question and write what is missing there.")
                )
        if not self.errors and not cleaned.get("question") and not self.about:
            self.add_error("question", _("Write what you need."))
        return cleaned

    @property
    def about(self) -> list[tuple[str, str]]:
        found = [(f"about_{place}", f"text_{place}") for place in self.PLACES]
        pairs = [(self.cleaned_data.get(a), self.cleaned_data.get(t)) for a, t in found]
        return [(code, text) for code, text in pairs if code and text]


class DeclineSeatForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
