"""What people type about a report as a whole."""

from django import forms
from django.utils.translation import gettext_lazy


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you change it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
