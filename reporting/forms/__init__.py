"""What people type, as clean values."""

from reporting.forms.changes import ChangeForm
from reporting.forms.coaching import AnswerForm, FeedbackForm, NoteForm
from reporting.forms.periods import ExtraForm, GiveForm, PlanForm, WindowForm
from reporting.forms.replies import FollowForm
from reporting.forms.reports import ReopenForm
from reporting.forms.scale_plans import ScalePlanForm
from reporting.forms.work import AimForm, EvidenceForm, ProjectForm

__all__ = [
    "AimForm",
    "AnswerForm",
    "ChangeForm",
    "EvidenceForm",
    "ExtraForm",
    "FeedbackForm",
    "FollowForm",
    "GiveForm",
    "NoteForm",
    "PlanForm",
    "ProjectForm",
    "ReopenForm",
    "ScalePlanForm",
    "WindowForm",
]
