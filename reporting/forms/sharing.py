"""Who may read an item."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainForm
from collaboratives.states import SharedWith
from reporting.models import ChangeTested, Report
from reporting.queries.sharing import level_of
from reporting.rules import narrower

LEVELS = (
    (SharedWith.TEAM, _("Only this team")),
    (SharedWith.COHORT, _("All teams in this cohort")),
    (SharedWith.NETWORK, _("All teams of this host, in every cohort")),
)
PUBLIC = (
    SharedWith.PUBLIC,
    _("Everybody. The public sees it once your lead and the host have both said yes"),
)


class SharingForm(PlainForm):
    """A report is not for the public; what a team learned in a test can be."""

    level = forms.ChoiceField(label=_("Who may read it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, item: Report | ChangeTested, **kwargs: Any) -> None:
        now, levels = level_of(item), LEVELS
        if isinstance(item, ChangeTested):
            levels = (*LEVELS, PUBLIC)
        else:
            now = narrower(now, SharedWith.NETWORK)
        super().__init__(*args, initial={"level": now}, **kwargs)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]

    def clean_level(self) -> Any:
        return SharedWith(self.cleaned_data["level"])
