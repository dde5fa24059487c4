"""What staff and leads say about a team as a whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainForm
from accounts.models import User
from collaboratives.models import Team, TeamGroup


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlansForm(PlainForm):
    """What the program asks a team to plan or to have done; only that is shown."""

    prework_done_on = forms.DateField(
        label=_("Done on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose a day.")},
    )
    support_plan = forms.CharField(
        label=_("How do you support people with lived experience on the team?"),
        help_text=_("For example: who prepares meetings with them, and whom they can ask."),
        required=False,
        max_length=4000,
        widget=_area(),
    )
    compensation_plan = forms.CharField(
        label=_("How do you pay them for their time?"),
        help_text=_("For example: how much, how often, and who arranges it."),
        required=False,
        max_length=4000,
        widget=_area(),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, initial={name: getattr(team, name) for name in self.base_fields})
        blueprint = team.cohort.program.blueprint
        self.today = timezone.localdate(timezone=team.cohort.zone)
        self.team = team
        if blueprint.prework is None:
            del self.fields["prework_done_on"]
        else:
            self.fields["prework_done_on"].label = str(blueprint.prework.title)
            self.fields["prework_done_on"].help_text = _("The day on which it was done.")
        if not blueprint.team.support_for_lived_experience:
            del self.fields["support_plan"]
        if not blueprint.team.compensation_plan:
            del self.fields["compensation_plan"]

    def clean_prework_done_on(self) -> Any:
        day = self.cleaned_data["prework_done_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day

    def plans(self) -> dict[str, Any]:
        """Every plan, with what was there before for those the program does not ask for."""
        return {
            name: self.cleaned_data.get(name, getattr(self.team, name)) for name in self.base_fields
        }


class PlaceForm(PlainForm):
    """Who of the staff looks after the team, and the group it is in."""

    coach = forms.ChoiceField(
        label=_("Coach"), required=False, help_text=_("A coach sees the teams given to them.")
    )
    group = forms.ChoiceField(label=_("Group of teams"), required=False)

    def __init__(
        self, data: Any = None, *, team: Team, coaches: list[User], groups: list[TeamGroup]
    ) -> None:
        initial = {"coach": team.coach_id or "", "group": team.group_id or ""}
        super().__init__(data, initial=initial, prefix="place")
        self.people = {str(one.pk): one for one in coaches}
        if team.coach is not None:
            self.people.setdefault(str(team.coach_id), team.coach)
        self.groups = {str(one.pk): one for one in groups}
        nobody = [("", _("Nobody yet"))]
        self.fields["coach"].choices = nobody + [(pk, str(p)) for pk, p in self.people.items()]
        none = [("", _("No group"))]
        self.fields["group"].choices = none + [(pk, g.name) for pk, g in self.groups.items()]
        if not groups:
            del self.fields["group"]

    def place(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "coach": self.people.get(data["coach"]),
            "group": self.groups.get(data.get("group", "")),
        }


class EndForm(PlainForm):
    reason = forms.CharField(
        label=_("Why does the team end?"),
        help_text=_("Its leads read this in the email."),
        max_length=1000,
        widget=_area(3),
        error_messages={"required": _("Say why, in a sentence.")},
    )


class GroupForm(PlainForm):
    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages={"required": _("Type a name.")}
    )
    facilitator = forms.ChoiceField(label=_("Facilitator"), required=False)
    teams = forms.MultipleChoiceField(
        label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any = None,
        *,
        teams: list[Team],
        people: list[User],
        group: TeamGroup | None = None,
    ) -> None:
        initial: dict[str, Any] = {}
        if group is not None:
            chosen = [str(team.pk) for team in teams if team.group_id == group.pk]
            initial = {"name": group.name, "facilitator": group.facilitator_id, "teams": chosen}
        super().__init__(data, initial=initial)
        self.people = {str(one.pk): one for one in people}
        if group is not None and group.facilitator is not None:
            self.people.setdefault(str(group.facilitator_id), group.facilitator)
        self.by_key = {str(team.pk): team for team in teams}
        nobody = [("", _("Nobody yet"))]
        self.fields["facilitator"].choices = nobody + [
            (pk, str(person)) for pk, person in self.people.items()
        ]
        self.fields["teams"].choices = [
            (pk, self._label(team, group)) for pk, team in self.by_key.items()
        ]

    @staticmethod
    def _label(team: Team, group: TeamGroup | None) -> str:
        elsewhere = team.group is not None and (group is None or team.group_id != group.pk)
        return f"{team.name} ({team.group})" if elsewhere else team.name

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["name"].strip(),
            "facilitator": self.people.get(data["facilitator"]),
            "teams": [self.by_key[pk] for pk in data["teams"]],
        }
