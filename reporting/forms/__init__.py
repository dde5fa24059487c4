"""What people type, as clean values."""

from reporting.forms.changes import ChangeForm
from reporting.forms.periods import ExtraForm, GiveForm, PlanForm, WindowForm
from reporting.forms.reports import ReopenForm

__all__ = [
    "ChangeForm",
    "ExtraForm",
    "GiveForm",
    "PlanForm",
    "ReopenForm",
    "WindowForm",
]
