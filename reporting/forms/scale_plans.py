"""The parts of the plan to sustain and scale, as clean values."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from accounts.forms import PlainForm
from reporting.models import ScalePlan
from reporting.queries.scale_plans import PARTS


class PartField(forms.CharField):
    """Wanted, so it is not called optional; but what is empty is kept too."""

    def validate(self, value: str) -> None:
        """Nothing is refused."""


class ScalePlanForm(PlainForm):
    """saves: which state of the plan the person saw."""

    saves = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: QueryDict | None, *, plan: ScalePlan | None) -> None:
        initial = {name: getattr(plan, name) if plan else "" for name in PARTS}
        super().__init__(data, initial={**initial, "saves": plan.saves if plan else 0})
        for name, (label, hint) in PARTS.items():
            self.fields[name] = PartField(
                label=label,
                help_text=hint,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def parts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in PARTS}

    def again(self, plan: ScalePlan) -> ScalePlanForm:
        """The person's own words, to be kept over this newer state if they press once more."""
        data = self.data.copy()
        data["saves"] = str(plan.saves)
        return ScalePlanForm(data, plan=plan)
