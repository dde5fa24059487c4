"""A team's long-term plan to sustain and scale its work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from collaboratives.models import Team
from reporting.models import ScalePlan
from tenancy import audit


class SavedMeanwhile(Exception):
    """Somebody else kept the plan since this person opened it. plan: as it is now."""

    def __init__(self, plan: ScalePlan) -> None:
        super().__init__()
        self.plan = plan


@transaction.atomic
def save_scale_plan(
    *, team: Team, given: Mapping[str, str], saves: int, now: datetime, by: User
) -> ScalePlan:
    """Keep the plan. given: words by part. saves: the count that the person saw.

    Raises SavedMeanwhile when it has grown since: their words are theirs to compare.
    """
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    plan = ScalePlan.objects.filter(team=team).first()
    if plan is not None and plan.saves != saves:
        raise SavedMeanwhile(plan)
    if plan is None:
        plan = ScalePlan(host_id=team.host_id, team=team)
    before = {name: getattr(plan, name) for name in ScalePlan.PARTS}
    for name in ScalePlan.PARTS:
        setattr(plan, name, given[name])
    changed = [name for name in ScalePlan.PARTS if before[name] != given[name]]
    plan.saves, plan.saved_at, plan.saved_by = plan.saves + 1, now, by
    plan.save()
    audit.record(
        "wrote the plan to sustain and scale",
        team,
        by=by,
        before={name: before[name] for name in changed},
        after={name: given[name] for name in changed},
    )
    return plan
