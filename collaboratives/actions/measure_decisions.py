"""What people decide about a measure's charts: a phase, a frozen baseline, a month left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from collaboratives.models import ChartDecision, DefinitionVersion, Measure, Stratum
from tenancy import audit
from workflow.machine import TransitionNotAllowed


class AlreadyDecided(Exception):
    """The same decision stands for this month and group already."""


@dataclass(frozen=True)
class Decision:
    """group: the code of the one group it is about; None for all."""

    kind: str
    month: date
    reason: str
    group: str | None = None


@transaction.atomic
def decide(
    *,
    measure: Measure,
    decision: Decision,
    now: datetime,
    by: User,
    version: DefinitionVersion | None = None,
) -> ChartDecision:
    """Keep a decision with its reason. No number changes, only what is computed from them.

    Raises AlreadyDecided.
    """
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    group = None
    if decision.group is not None:
        group = Stratum.objects.get(measure=measure, code=decision.group)
    same = ChartDecision.objects.standing().filter(
        measure=measure, kind=decision.kind, month=decision.month, group=group
    )
    if same.exists():
        raise AlreadyDecided
    kept = ChartDecision.objects.create(
        host_id=measure.host_id,
        measure=measure,
        kind=decision.kind,
        month=decision.month,
        group=group,
        version=version,
        reason=decision.reason,
        decided_at=now,
        decided_by=by,
    )
    audit.record(
        f"chart_{decision.kind}",
        measure,
        by=by,
        after={"month": f"{decision.month:%Y-%m}", "group": str(group or "")},
        reason=decision.reason,
    )
    return kept


@transaction.atomic
def undo(*, decision: ChartDecision, now: datetime, by: User) -> ChartDecision:
    """Take a decision back; it stays on record. Raises TransitionNotAllowed when it is undone."""
    decision = ChartDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.undone_at is not None:
        raise TransitionNotAllowed("cannot undo twice")
    decision.undone_at, decision.undone_by = now, by
    decision.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        f"undid_{decision.kind}",
        decision.measure,
        by=by,
        before={"month": f"{decision.month:%Y-%m}", "reason": decision.reason},
    )
    return decision
