"""What a lead or staff type about a team's people, as clean values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainForm
from collaboratives.blueprints import Blueprint
from collaboratives.composition import lenses_of
from collaboratives.models import TeamMember
from collaboratives.roster import RosterEntry
from collaboratives.states import Leadership, TeamRole


class MemberForm(PlainForm):
    """One person on the roster. The choices are the program's own."""

    name = forms.CharField(
        label=_("Name"), max_length=160, error_messages={"required": _("Type the name.")}
    )
    title = forms.CharField(label=_("Job title"), max_length=160, required=False)
    email = forms.EmailField(
        label=_("Work email"),
        help_text=_("We write to it only when you invite the person."),
        error_messages={
            "required": _("Type the work email."),
            "invalid": _("Type an email address like name@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=_("On these pages"),
        choices=[
            (TeamRole.MEMBER, _("Can edit")),
            (TeamRole.VIEWER, _("Can read")),
            (TeamRole.LEAD, _("Leads the team: submits and changes who is on it")),
        ],
        widget=forms.RadioSelect,
        initial=TeamRole.MEMBER,
    )
    leadership = forms.ChoiceField(
        label=_("Senior leadership"), choices=Leadership.choices, required=False
    )
    roles = forms.MultipleChoiceField(
        label=_("Part in the work"), widget=forms.CheckboxSelectMultiple, required=False
    )
    lenses = forms.MultipleChoiceField(
        label=_("What they bring"), widget=forms.CheckboxSelectMultiple, required=False
    )
    department = forms.ChoiceField(label=_("Department"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(
        self, data: Any = None, *, blueprint: Blueprint, member: TeamMember | None = None
    ) -> None:
        facts = {name: getattr(member, name) for name in self.base_fields} if member else {}
        super().__init__(data, initial=facts)
        rules = blueprint.team
        for name, items in (
            ("roles", rules.roles),
            ("lenses", lenses_of(blueprint)),
            ("department", rules.departments),
            ("group", rules.groups),
        ):
            if not items:
                del self.fields[name]
                continue
            choices = [(item.code, str(item.text)) for item in items]
            single = name in ("department", "group")
            self.fields[name].choices = [("", _("Not said")), *choices] if single else choices
        if member is not None and member.user_id is not None:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("They have joined with this address.")

    def entry(self) -> RosterEntry:
        data = self.cleaned_data
        return RosterEntry(
            name=data["name"],
            email=data["email"],
            title=data["title"],
            role=data["role"],
            leadership=data["leadership"],
            roles=tuple(data.get("roles", ())),
            lenses=tuple(data.get("lenses", ())),
            department=data.get("department", ""),
            group=data.get("group", ""),
        )


class NotMeForm(PlainForm):
    """A leader does not take the part."""

    reason = forms.CharField(
        label=_("Who should it be, or why not?"),
        help_text=_("Your team reads this."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
