"""What staff type about periods, as clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainForm
from collaboratives.models import Cohort, Team
from reporting.actions.periods import Plan
from reporting.models import Period

SAY_WHY = {"required": _("Say why.")}


class DayField(forms.DateField):
    """One day, by the date box of the browser."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": _("Enter the day."), "invalid": _("Enter a date.")},
            **kwargs,
        )


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Why?"), max_length=300, error_messages=SAY_WHY, **kwargs)


class PlanForm(PlainForm):
    """How the periods lie, before they are made."""

    quarters = forms.ChoiceField(
        label=_("Which quarters?"),
        choices=[
            ("cohort", _("Quarters of this cohort, from its first month")),
            ("calendar", _("Quarters of the year: January, April, July, October")),
        ],
        widget=forms.RadioSelect,
    )
    opens_before_end = forms.IntegerField(
        label=_("Days a report opens before its period ends"), min_value=0, max_value=90
    )
    due_after_end = forms.IntegerField(
        label=_("Days a report is due after its period ended"), min_value=1, max_value=120
    )

    def __init__(self, data: QueryDict | None, *, plan: Plan, every: str) -> None:
        initial = {
            "quarters": "calendar" if plan.by_calendar else "cohort",
            "opens_before_end": plan.opens_before_end,
            "due_after_end": plan.due_after_end,
        }
        super().__init__(data, initial=initial)
        if every != "quarter":
            del self.fields["quarters"]

    def plan(self) -> Plan:
        data = self.cleaned_data
        by_calendar = data.get("quarters") == "calendar"
        return Plan(by_calendar, data["opens_before_end"], data["due_after_end"])


class WindowForm(PlainForm):
    """When a period's report opens and is due, for all teams."""

    opens_on = DayField(label=_("Opens on"))
    due_on = DayField(label=_("Due on"), help_text=_("Until the end of that day."))
    reason = ReasonField(help_text=_("Teams that still write get a mail with it."))

    def __init__(self, data: QueryDict | None, *, period: Period) -> None:
        zone = period.cohort.zone
        days = {
            "opens_on": period.opens_at.astimezone(zone).date(),
            "due_on": period.due_at.astimezone(zone).date(),
        }
        super().__init__(data, initial=days)


class ExtraForm(PlainForm):
    """One report more than the program's plan has."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("Like “Summer report” or “Final report”."),
        error_messages={"required": _("Give it a name.")},
    )
    team = forms.ModelChoiceField(
        label=_("Who writes it?"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=_("All teams"),
    )
    first = DayField(label=_("First day it covers"))
    last = DayField(label=_("Last day it covers"))
    opens_on = DayField(label=_("Opens on"))
    due_on = DayField(label=_("Due on"), help_text=_("Until the end of that day."))

    def __init__(self, data: QueryDict | None, *, cohort: Cohort) -> None:
        super().__init__(data)
        running = Team.objects.filter(cohort=cohort, ended_at=None)
        self.fields["team"].queryset = running.order_by("name", "pk")  # type: ignore[attr-defined]


class GiveForm(PlainForm):
    """More time, no report, or all as before: for one team."""

    MORE_TIME, SKIP, TAKE_BACK = "more_time", "skip", "take_back"

    what = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    due_on = DayField(label=_("New due day"), help_text=_("With more time only."), required=False)
    reason = ReasonField(help_text=_("The team sees it."))

    def __init__(self, data: QueryDict | None, *, given: bool) -> None:
        super().__init__(data)
        choices = [
            (self.MORE_TIME, _("More time for this team")),
            (self.SKIP, _("No report from this team for this period")),
        ]
        if given:
            choices.append((self.TAKE_BACK, _("Take back what was given")))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("what") == self.MORE_TIME and not cleaned.get("due_on"):
            self.add_error("due_on", str(_("Enter the day.")))
        return cleaned
