"""What people type about aims, projects and what they were told, as clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PlainForm
from collaboratives.models import Measure, Team
from reporting.forms.periods import DayField
from reporting.models import Aim, Project
from reporting.outlines import MOST_LINES
from reporting.states import Heard, Level, Stage


class PieceForm(PlainForm):
    """One row of the team's: piece is the one that is changed, None for a new one."""

    def __init__(self, data: QueryDict | None, *, team: Team, piece: Any = None) -> None:
        initial = {name: getattr(piece, name) for name in self.base_fields} if piece else None
        super().__init__(data, initial=initial)
        self.choose(team)

    def choose(self, team: Team) -> None:
        """What this team can choose from."""


class AimForm(PieceForm):
    what = forms.CharField(
        label=gettext_lazy("What will be better?"),
        max_length=200,
        help_text=gettext_lazy("Like “blood pressure below 140/90”."),
    )
    for_whom = forms.CharField(
        label=gettext_lazy("For whom?"),
        max_length=200,
        help_text=gettext_lazy("Name the group whose result is worse today."),
    )
    how_much = forms.CharField(
        label=gettext_lazy("How much?"),
        max_length=120,
        help_text=gettext_lazy("A number: like “from 49% to 70%”."),
    )
    by_when = DayField(label=gettext_lazy("By when?"))
    measure = forms.ModelChoiceField(
        label=gettext_lazy("Measure that shows it"),
        queryset=Measure.objects.none(),
        required=False,
        empty_label=gettext_lazy("None yet"),
    )
    outline = forms.CharField(
        label=gettext_lazy("What drives it"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "One driver a line. Begin a line with one dash for a part of the driver above, with "
            "two dashes for an idea to try. We draw the diagram from it."
        ),
    )

    def choose(self, team: Team) -> None:
        own = Measure.objects.filter(team=team).for_list()
        self.fields["measure"].queryset = own  # type: ignore[attr-defined]

    def clean_outline(self) -> str:
        outline = str(self.cleaned_data["outline"])
        if len([line for line in outline.splitlines() if line.strip()]) > MOST_LINES:
            raise forms.ValidationError(
                _("At most %(n)s lines, so that it can be read.") % {"n": MOST_LINES}
            )
        return outline


class ProjectForm(PieceForm):
    title = forms.CharField(label=gettext_lazy("Name of the project"), max_length=160)
    aim = forms.ModelChoiceField(
        label=gettext_lazy("Aim it works on"),
        queryset=Aim.objects.none(),
        required=False,
        empty_label=gettext_lazy("No aim yet"),
    )
    description = forms.CharField(
        label=gettext_lazy("What it is about"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("How far does it reach?"), choices=Level, widget=forms.RadioSelect
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Where does it stand?"), choices=Stage, widget=forms.RadioSelect
    )
    owner_name = forms.CharField(
        label=gettext_lazy("Who looks after it?"), max_length=160, required=False
    )
    started_on = DayField(label=gettext_lazy("First day"))
    ended_on = DayField(label=gettext_lazy("Last day"), required=False)

    def choose(self, team: Team) -> None:
        own = Aim.objects.filter(team=team).for_list()
        self.fields["aim"].queryset = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("started_on"), cleaned.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", _("Enter a day on or after the first day."))
        return cleaned


class EvidenceForm(PieceForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("How did you hear it?"), choices=Heard, widget=forms.RadioSelect
    )
    from_whom = forms.CharField(
        label=gettext_lazy("From whom?"),
        max_length=160,
        help_text=gettext_lazy("Describe them, like “three mothers at a home visit”. No names."),
    )
    text = forms.CharField(
        label=gettext_lazy("What they told you"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("In their words where you can. Nothing that shows who it was."),
    )
    meaning = forms.CharField(
        label=gettext_lazy("What you take from it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    heard_on = DayField(label=gettext_lazy("When?"))
    project = forms.ModelChoiceField(
        label=gettext_lazy("Project it is about"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    in_reports = forms.BooleanField(
        label=gettext_lazy("It may go into our report"),
        required=False,
        help_text=gettext_lazy("Other teams read reports. Ask the people who told you."),
    )

    def choose(self, team: Team) -> None:
        own = Project.objects.filter(team=team).for_list()
        self.fields["project"].queryset = own  # type: ignore[attr-defined]
