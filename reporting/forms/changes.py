"""What people type about tested changes, as clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaboratives.models import Measure, Team
from reporting.actions.changes import ChangeFields
from reporting.models import ChangeTested, Project
from reporting.queries import driver_names, group_names
from reporting.states import Act

DATE = {"type": "date"}


class ChangeForm(forms.Form):
    """Plan, do, study, act; only the title and the start are needed at first."""

    title = forms.CharField(label=gettext_lazy("What you changed"), max_length=160)
    started_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text=gettext_lazy("It becomes a numbered mark on your charts."),
    )
    measure = forms.ModelChoiceField(
        label=gettext_lazy("Measure it should move"),
        queryset=Measure.objects.none(),
        required=False,
        empty_label=gettext_lazy("All measures"),
    )
    driver = forms.CharField(
        label=gettext_lazy("Part of your aim it works on"), max_length=160, required=False
    )
    for_whom = forms.CharField(
        label=gettext_lazy("Group it is meant to help"), max_length=120, required=False
    )
    project = forms.ModelChoiceField(
        label=gettext_lazy("Project it belongs to"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=gettext_lazy("No project"),
    )
    plan = forms.CharField(
        label=gettext_lazy("Plan: what, where, with whom"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    prediction = forms.CharField(
        label=gettext_lazy("What you expect"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    do = forms.CharField(
        label=gettext_lazy("Do: what happened"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    study = forms.CharField(
        label=gettext_lazy("Study: what you learned"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    act = forms.ChoiceField(label=gettext_lazy("Act"), choices=Act, required=False)
    ended_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
    )
    follows = forms.ModelChoiceField(
        label=gettext_lazy("Builds on"),
        queryset=ChangeTested.objects.none(),
        required=False,
        empty_label=gettext_lazy("No earlier change"),
    )

    def __init__(
        self, data: QueryDict | None, *, team: Team, change: ChangeTested | None = None
    ) -> None:
        initial = {name: getattr(change, name) for name in self.base_fields} if change else None
        super().__init__(data, initial=initial)
        drivers = driver_names(team)
        if drivers:
            kept = [change.driver] if change and change.driver else []
            said = list(dict.fromkeys([*drivers, *kept]))
            self.fields["driver"] = forms.ChoiceField(
                label=self.fields["driver"].label,
                choices=[("", _("None")), *((one, one) for one in said)],
                required=False,
            )
        groups = group_names(team)
        if groups:
            kept = [change.for_whom] if change and change.for_whom else []
            self.fields["for_whom"] = forms.ChoiceField(
                label=self.fields["for_whom"].label,
                choices=[
                    ("", _("Everybody")),
                    *((one, one) for one in dict.fromkeys([*groups, *kept])),
                ],
                required=False,
            )
        projects = Project.objects.filter(team=team).for_list()
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        measures = Measure.objects.filter(team=team).for_list()
        earlier = ChangeTested.objects.filter(team=team).for_list()
        self.fields["measure"].queryset = measures  # type: ignore[attr-defined]
        self.fields["follows"].queryset = (  # type: ignore[attr-defined]
            earlier.exclude(pk=change.pk) if change else earlier
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("started_on"), cleaned.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", _("Enter a day on or after the first day."))
        return cleaned

    def as_fields(self) -> ChangeFields:
        return ChangeFields(**self.cleaned_data)
