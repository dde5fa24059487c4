"""What is done to tested changes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction

from accounts.models import User
from collaboratives.models import Measure, Team
from reporting.models import ChangeTested, Project
from tenancy import audit


@dataclass(frozen=True)
class ChangeFields:
    """One cycle as typed. act: adopt, adapt, abandon, or nothing while it is tested."""

    title: str
    started_on: date
    ended_on: date | None = None
    plan: str = ""
    prediction: str = ""
    do: str = ""
    study: str = ""
    act: str = ""
    driver: str = ""
    for_whom: str = ""
    project: Project | None = None
    measure: Measure | None = None
    follows: ChangeTested | None = None

    def columns(self) -> dict[str, object]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@transaction.atomic
def add_change(*, team: Team, given: ChangeFields, by: User) -> ChangeTested:
    """Note a change that the team tests; its start becomes a mark on the charts."""
    change = ChangeTested.objects.create(
        host_id=team.host_id, team=team, created_by=by, **given.columns()
    )
    audit.record("added", change, by=by, after={"title": change.title})
    return change


@transaction.atomic
def edit_change(*, change: ChangeTested, given: ChangeFields, by: User) -> ChangeTested:
    """Write on in a cycle: what was done, what was learned, what follows."""
    change = ChangeTested.objects.select_for_update(of=("self",)).get(pk=change.pk)
    before = {name: str(getattr(change, name) or "") for name in given.columns()}
    for name, value in given.columns().items():
        setattr(change, name, value)
    change.save()
    after = {name: str(getattr(change, name) or "") for name in given.columns()}
    changed = [name for name in before if before[name] != after[name]]
    audit.record(
        "changed",
        change,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return change


@transaction.atomic
def remove_change(*, change: ChangeTested, by: User) -> None:
    """Take a change out. Reports that were submitted with it keep it."""
    audit.record("removed", change, by=by, before={"title": change.title})
    change.delete()
