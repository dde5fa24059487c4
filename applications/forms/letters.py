from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Letter
from collaboratives.blueprints.schema import Item


class LetterForm(forms.Form):
    """signatories: of the program's letter. Asked only where there are several."""

    signed_by = forms.MultipleChoiceField(
        label=_("Who signed it?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    file = forms.FileField(
        label=_("Choose the file"),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose it again."),
        },
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, signatories: Sequence[Item] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].choices = [(one.code, str(one.text)) for one in signatories]


class LetterRequestForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the person who signs"),
        max_length=160,
        error_messages={"required": _("Enter the name.")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        error_messages={
            "required": _("Enter the email address."),
            "invalid": _("Enter an email address, like name@example.org."),
        },
    )
    note = forms.CharField(
        label=_("A note from you"),
        help_text=_("It goes into the email. You can leave it out."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignLetterForm(forms.Form):
    """read: the seal of the words that were on the page, so that no others are signed."""

    name = forms.CharField(
        label=_("Your full name"),
        help_text=_("Typing your name here counts as signing."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your full name.")},
    )
    title = forms.CharField(
        label=_("Your role"),
        help_text=_("Such as chief executive."),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Enter your role.")},
    )
    agree = forms.BooleanField(
        label=_("I have read the letter and I sign it"),
        error_messages={"required": _("Tick this box to sign the letter.")},
    )
    read = forms.CharField(widget=forms.HiddenInput, max_length=64)


class LetterJudgementForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Is the letter good?"),
        choices=[("accept", _("Accept it")), ("return", _("Send it back"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    signed_by = forms.MultipleChoiceField(
        label=_("Signed by"), widget=forms.CheckboxSelectMultiple, required=False
    )
    points = forms.MultipleChoiceField(
        label=_("The letter covers"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label=_("What is wrong with it?"),
        help_text=_("The applicant reads this."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        points: Sequence[Item] = (),
        signatories: Sequence[Item] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, items in (("points", points), ("signed_by", signatories)):
            self.fields[name].choices = [(one.code, str(one.text)) for one in items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "return" and not cleaned.get("reason"):
            self.add_error("reason", _("Say what is wrong with the letter."))
        return cleaned


class UseAgainForm(forms.Form):
    """Staff confirm that a letter for another program serves this one as well."""

    source = forms.ModelChoiceField(label=_("Letter"), queryset=Letter.objects.none())
    points = forms.MultipleChoiceField(
        label=_("The letter covers"), widget=forms.CheckboxSelectMultiple, required=False
    )
    confirmed = forms.BooleanField(
        label=_("I have read it, and it fits this program too"),
        error_messages={"required": _("Read the letter and tick that it fits.")},
    )

    def __init__(
        self, *args: Any, sources: Any, points: Sequence[Item] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources
        self.fields["points"].choices = [(one.code, str(one.text)) for one in points]


class FileLetterForm(forms.Form):
    letter = forms.ModelChoiceField(
        label=_("Which letter is it?"), queryset=Letter.objects.none(), empty_label=None
    )
    subject_line = forms.CharField(label=_("Subject of the email"), max_length=300)
    file = forms.FileField(label=_("The file"), allow_empty_file=True)

    def __init__(self, *args: Any, letters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].queryset = letters
        self.fields["letter"].label_from_instance = lambda letter: letter.name


class SubjectForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject of the email"),
        help_text=_("Paste it as it came, also with RE: or FW: before it."),
        required=False,
        max_length=300,
    )
