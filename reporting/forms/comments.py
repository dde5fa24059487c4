"""What people write beneath a shared change."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainForm


class CommentForm(PlainForm):
    text = forms.CharField(
        label=_("Your question or comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )
