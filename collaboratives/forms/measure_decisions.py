"""A decision about a measure's charts, with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.phases import SHORTEST_BASELINE
from collaboratives.actions.measure_decisions import Decision
from collaboratives.queries.measures import MeasureTable
from collaboratives.states import DecisionKind

ALL = "*"


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[
            (DecisionKind.PHASE, gettext_lazy("Start a new phase here")),
            (DecisionKind.FREEZE, gettext_lazy("Freeze the baseline: it ends here")),
            (DecisionKind.EXCLUSION, gettext_lazy("Leave this one out of the computation")),
        ],
        widget=forms.RadioSelect,
    )
    month = forms.ChoiceField(label=gettext_lazy("Month or quarter"))
    group = forms.ChoiceField(label=gettext_lazy("For which group?"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("It stands beside the chart for all who see it. No small counts."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None, *, table: MeasureTable) -> None:
        super().__init__(data)
        self.table = table
        months = [(f"{month:%Y-%m}", table.label(month)) for month in reversed(table.months)]
        self.fields["month"].choices = months  # type: ignore[attr-defined]
        groups = [(group.code or "all", group.label) for group in table.drawn]
        self.fields["group"].choices = [(ALL, _("All groups")), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("month"):
            return cleaned
        place = self.table.months.index(date.fromisoformat(f"{cleaned['month']}-01"))
        if cleaned.get("kind") == DecisionKind.PHASE and place == 0:
            self.add_error("month", _("The first phase begins here already."))
        if cleaned.get("kind") == DecisionKind.FREEZE and place + 1 < SHORTEST_BASELINE:
            self.add_error("month", _("A baseline needs 6 points or more."))
        return cleaned

    def as_decision(self) -> Decision:
        group = self.cleaned_data["group"] or ALL
        return Decision(
            self.cleaned_data["kind"],
            date.fromisoformat(f"{self.cleaned_data['month']}-01"),
            self.cleaned_data["reason"],
            None if group == ALL else "" if group == "all" else group,
        )
