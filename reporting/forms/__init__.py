"""What people type, as clean values."""

from reporting.forms.changes import ChangeForm
from reporting.forms.periods import ExtraForm, GiveForm, PlanForm, WindowForm
from reporting.forms.replies import FollowForm
from reporting.forms.reports import ReopenForm

__all__ = [
    "ChangeForm",
    "ExtraForm",
    "FollowForm",
    "GiveForm",
    "PlanForm",
    "ReopenForm",
    "WindowForm",
]
