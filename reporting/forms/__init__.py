"""What people type, as clean values."""

from reporting.forms.changes import ChangeForm
from reporting.forms.periods import ExtraForm, GiveForm, PlanForm, WindowForm
from reporting.forms.replies import FollowForm
from reporting.forms.reports import ReopenForm
from reporting.forms.work import AimForm, EvidenceForm, ProjectForm

__all__ = [
    "AimForm",
    "ChangeForm",
    "EvidenceForm",
    "ExtraForm",
    "FollowForm",
    "GiveForm",
    "PlanForm",
    "ProjectForm",
    "ReopenForm",
    "WindowForm",
]
