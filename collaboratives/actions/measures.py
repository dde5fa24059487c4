"""What a measure is, and how that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from collaboratives.actions import measure_decisions
from collaboratives.models import DataPoint, DefinitionVersion, Measure, Stratum, Team
from collaboratives.states import DecisionKind
from tenancy import audit

COUNTED = ("numerator_words", "denominator_words")


class HasNumbers(Exception):
    """What has data can't be taken away: a group, or how its numbers are counted."""


class NeedsPhase(Exception):
    """What is counted changes while numbers are there: say from which month, and why."""


@dataclass(frozen=True)
class Since:
    """From which month a changed definition holds, and why it was changed."""

    month: date
    reason: str


@dataclass(frozen=True)
class Group:
    code: str
    label: str
    missing_kind: str = ""


@dataclass(frozen=True)
class Definition:
    """What a measure is. groups: without everybody, who is always there and comes first."""

    name: str
    numerator_words: str
    denominator_words: str = ""
    definition: str = ""
    kind: str = "outcome"
    type: str = "proportion"
    frequency: str = "month"
    level: str = "project"
    direction: str = "up"
    target: float | None = None
    baseline_points: int | None = None
    axis: str = "race_ethnicity_2024"
    groups_are_exclusive: bool = True
    roll_up: str = ""
    chart: str = "run"
    rule_profile: str = "anhoej2014"
    per: int = 1
    example: str = ""
    groups: Sequence[Group] = field(default_factory=tuple)
    everybody: str = "All patients"
    reference: str = ""
    gap_group: str = ""

    def fields(self) -> dict[str, object]:
        """The measure's own columns."""
        return {
            name: getattr(self, name)
            for name in (
                "name", "numerator_words", "denominator_words", "definition", "kind", "type",
                "frequency", "level", "direction", "target", "baseline_points", "axis",
                "groups_are_exclusive", "roll_up", "chart", "rule_profile", "per", "example",
            )
        }  # fmt: skip


@transaction.atomic
def add_measure(*, team: Team, definition: Definition, by: User) -> Measure:
    """Define a measure of the team, with its groups and the one the others are compared with."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    measure = Measure.objects.create(
        host_id=team.host_id,
        team=team,
        slug=_free_slug(team=team, name=definition.name),
        position=Measure.objects.filter(team=team).count(),
        **definition.fields(),
    )
    _set_groups(measure=measure, definition=definition)
    audit.record("added", measure, by=by, after={"name": measure.name})
    return measure


@transaction.atomic
def change_measure(
    *,
    measure: Measure,
    definition: Definition,
    by: User,
    since: Since | None = None,
    now: datetime | None = None,
) -> Measure:
    """Change what a measure is. Other words for what is counted start a new phase.

    Raises HasNumbers rather than losing or bending data, NeedsPhase when numbers are there and
    it is not said since when they are counted another way, `measure_decisions.AlreadyDecided`
    when a phase begins in that month already.
    """
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    has_numbers = DataPoint.objects.filter(stratum__measure=measure).exists()
    bent = (definition.type, definition.frequency) != (measure.type, measure.frequency)
    if bent and has_numbers:
        raise HasNumbers
    before = {name: getattr(measure, name) for name in definition.fields()}
    after = definition.fields()
    recounted = has_numbers and any(before[name] != after[name] for name in COUNTED)
    if recounted and (since is None or now is None):
        raise NeedsPhase
    if recounted and since is not None and now is not None:
        _keep_old_words(measure=measure)
        _begin_new_words(measure=measure, definition=definition, since=since, now=now, by=by)
    for name, value in after.items():
        setattr(measure, name, value)
    measure.save(update_fields=list(before))
    _set_groups(measure=measure, definition=definition)
    changed = [name for name in before if before[name] != after[name]]
    audit.record(
        "changed",
        measure,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        reason=since.reason if recounted and since else "",
    )
    return measure


def _keep_old_words(*, measure: Measure) -> None:
    """Before the first change: what was counted until now becomes version 1."""
    if not DefinitionVersion.objects.filter(measure=measure).exists():
        DefinitionVersion.objects.create(
            host_id=measure.host_id,
            measure=measure,
            number=1,
            numerator_words=measure.numerator_words,
            denominator_words=measure.denominator_words,
            definition=measure.definition,
        )


def _begin_new_words(
    *, measure: Measure, definition: Definition, since: Since, now: datetime, by: User
) -> None:
    version = DefinitionVersion.objects.create(
        host_id=measure.host_id,
        measure=measure,
        number=DefinitionVersion.objects.filter(measure=measure).count() + 1,
        starts_on=since.month,
        numerator_words=definition.numerator_words,
        denominator_words=definition.denominator_words,
        definition=definition.definition,
        written_by=by,
    )
    measure_decisions.decide(
        measure=measure,
        decision=measure_decisions.Decision(DecisionKind.PHASE, since.month, since.reason),
        version=version,
        now=now,
        by=by,
    )


def _free_slug(*, team: Team, name: str) -> str:
    base = slugify(name)[:50].strip("-") or "measure"
    taken = {"add", *Measure.objects.filter(team=team).values_list("slug", flat=True)}
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 1000))
    return next(slug for slug in candidates if slug not in taken)


def _set_groups(*, measure: Measure, definition: Definition) -> None:
    wanted = [Group("", definition.everybody), *definition.groups]
    existing = {stratum.code: stratum for stratum in Stratum.objects.filter(measure=measure)}
    gone = [existing[code].pk for code in existing.keys() - {group.code for group in wanted}]
    if DataPoint.objects.filter(stratum__in=gone).exists():
        raise HasNumbers
    Stratum.objects.filter(pk__in=gone).delete()
    for position, group in enumerate(wanted):
        stratum, _ = Stratum.objects.update_or_create(
            measure=measure,
            code=group.code,
            defaults={
                "label": group.label,
                "missing_kind": group.missing_kind,
                "position": position,
            },
            create_defaults={
                "host_id": measure.host_id,
                "label": group.label,
                "missing_kind": group.missing_kind,
                "position": position,
            },
        )
        existing[group.code] = stratum
    measure.reference = existing.get(definition.reference)
    measure.gap_group = existing.get(definition.gap_group) if definition.gap_group else None
    measure.save(update_fields=["reference", "gap_group"])
