"""Input to clean values."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import zones
from accounts.roles import Role

ROLE_WORDS = {
    Role.OWNER: _("Owner: settings, people, research export, all below"),
    Role.COORDINATOR: _("Coordinator: runs cohorts and decides on applications"),
    Role.REVIEWER: _("Reviewer: reads the applications assigned to them"),
    Role.COACH: _("Coach: works with the teams assigned to them"),
    Role.ANALYST: _("Analyst: reads results, with small numbers hidden"),
}


class PlainForm(forms.Form):
    """No colon after labels and no check by the browser: the server answers in words."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class StartForm(PlainForm):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an email address like name@example.org."),
        },
    )
    website = forms.CharField(required=False)  # people do not see it; what fills it is a robot
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter the code from the email.")},
    )


class ProfileForm(PlainForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_("We show times in the program's zone first, then in yours."),
        choices=lambda: [("", _("Not set")), *zones.choices()],
        required=False,
    )


class RolesForm(PlainForm):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLE_WORDS.items(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )


class InviteForm(RolesForm):
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("The link works only for this address, once, for 7 days."),
        max_length=254,
        error_messages={
            "required": _("Enter an email address."),
            "invalid": _("Enter an email address like name@example.org."),
        },
    )
    field_order = ["email", "roles"]
