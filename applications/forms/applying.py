from django import forms
from django.utils.translation import gettext_lazy as _

from collaboratives.models import Organization


class StartForm(forms.Form):
    organization_name = forms.CharField(
        label=_("Name of your organization"),
        help_text=_("Write it as on your letterhead."),
        min_length=2,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Enter the name of your organization.")},
    )
    job = forms.CharField(
        label=_("Your role there"),
        help_text=_("Such as quality director."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Enter your role.")},
    )
    city = forms.CharField(
        label=_("City"),
        help_text=_("It helps us to find your organization."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    ccn = forms.CharField(
        label=_("CMS certification number"),
        help_text=_("Six characters, if you know it."),
        required=False,
        max_length=10,
    )
    known = forms.CharField(required=False, widget=forms.HiddenInput)

    def directory_entry(self) -> Organization | None:
        """The organization that the person recognized as theirs; None for none of them."""
        picked: str = self.cleaned_data.get("known", "")
        return Organization.objects.filter(pk=int(picked)).first() if picked.isdigit() else None


class AskToJoinForm(forms.Form):
    name = forms.CharField(max_length=160, widget=forms.HiddenInput)
    message = forms.CharField(
        label=_("A word to the person who started it"),
        help_text=_("They also get your name and email address."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SubmitForm(forms.Form):
    signed_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("Typing your name here counts as signing."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your full name.")},
    )
    signed_title = forms.CharField(
        label=_("Your role"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Enter your role.")},
    )
    agree = forms.BooleanField(
        label=_("I agree with this statement"),
        error_messages={"required": _("Tick this box to agree with the statement.")},
    )


class JoinForm(forms.Form):
    """Take up the offer of another program: its statement is signed as in `SubmitForm`."""

    signed_name = SubmitForm.base_fields["signed_name"]
    signed_title = SubmitForm.base_fields["signed_title"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are you leaving?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
