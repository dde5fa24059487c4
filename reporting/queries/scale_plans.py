"""A team's plan to sustain and scale, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collaboratives.models import Team
from reporting.models import ScalePlan

PARTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "keep": (_("What will you keep?"), _("The changes that stay after the program.")),
    "owners": (_("Who looks after it?"), _("Name a role, so that it outlives a person.")),
    "measured": (
        _("How will you see that it holds?"), _("Which measure, how often, who looks.")
    ),
    "spreads": (_("Where does it go next?"), _("Clinics, units or partners, and by when.")),
    "resources": (_("What does it take?"), _("People, time and money.")),
    "risks": (_("What could stop it?"), _("And what you will do then.")),
}  # fmt: skip


@dataclass(frozen=True)
class PlanPart:
    label: str
    text: str


def scale_plan_of(team: Team) -> ScalePlan | None:
    plans = ScalePlan.objects.filter(team=team).select_related("saved_by")
    return plans.first()


def plan_parts(plan: ScalePlan | None) -> list[PlanPart]:
    """Each question with what stands there."""
    if plan is None:
        return []
    return [PlanPart(str(label), getattr(plan, name)) for name, (label, _h) in PARTS.items()]
