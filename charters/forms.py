"""What the team and its signatories type, as clean values."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charters import rules
from charters.models import Charter
from charters.states import CommitmentStatus


class CommitmentForm(forms.Form):
    """One promise: for which domain, who, by when, seen in which measure."""

    domain = forms.ChoiceField(label=_("Domain"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What we commit to"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    opportunity = forms.CharField(
        label=_("The opportunity it answers"), max_length=600, required=False
    )
    owner_name = forms.CharField(label=_("Who owns it"), max_length=160)
    due_on = forms.DateField(
        label=_("By when"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Within a year from today."),
    )
    measure = forms.ModelChoiceField(
        label=_("The measure that will show it"),
        queryset=None,
        required=False,
        empty_label=_("None of our measures"),
    )
    measure_words = forms.CharField(
        label=_("Or how you will see it, in words"), max_length=300, required=False
    )
    use_required_attribute = False

    def __init__(self, *args: Any, charter: Charter, domains: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = list(domains.items())
        self.fields["measure"].queryset = charter.team.measures.for_list()

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if problem := rules.due_date_problem(due_on, timezone.localdate()):
            raise forms.ValidationError(problem)
        return due_on


class SettleForm(forms.Form):
    status = forms.ChoiceField(label=_("What became of it"), choices=CommitmentStatus.choices)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        gave_up = cleaned.get("status") in (CommitmentStatus.CHANGED, CommitmentStatus.DROPPED)
        if gave_up and not cleaned.get("reason"):
            self.add_error("reason", _("Say in a few words why it was changed or dropped."))
        return cleaned


class SignForm(forms.Form):
    typed_name = forms.CharField(
        label=_("Your name, as your signature"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    use_required_attribute = False


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("What should the team change first?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    use_required_attribute = False


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500)
    use_required_attribute = False
