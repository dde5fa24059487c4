"""What a team notes about its leader's commitments."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from collaboratives.models import Team
from reporting.models import LeaderCommitment


class FollowForm(forms.Form):
    """One commitment: done, not done after all, or another day."""

    commitment = forms.ModelChoiceField(queryset=LeaderCommitment.objects.none())
    act = forms.ChoiceField(choices=[("done", ""), ("open", ""), ("day", "")])
    due_on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict, *, team: Team) -> None:
        super().__init__(data)
        commitments = LeaderCommitment.objects.filter(team=team).for_list()
        self.fields["commitment"].queryset = commitments  # type: ignore[attr-defined]
