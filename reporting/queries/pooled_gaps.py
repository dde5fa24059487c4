"""How the gap of many teams together has moved since baseline, where that gives nobody away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from collaboratives.models import Measure
from collaboratives.queries.cohort_measures import pool
from collaboratives.queries.gap_movements import is_told, movement_of
from collaboratives.queries.measure_charts.gaps import group_of, pairs_of, reference_of
from collaboratives.queries.measures import Cell, GroupSeries, MeasureTable

FEWEST = 5  # organizations: of fewer, what one of them knows says too much of the others

Members = Sequence[tuple[Measure, MeasureTable]]


def pooled_gaps(tables: Iterable[tuple[Measure, MeasureTable]]) -> list[dict[str, Any]]:
    """Of each share that teams have in common, as plain data: the gap in whole points, or why
    there is none. tables: released, so that what is hidden in one is in no sum."""
    shared: dict[tuple[str, str, str], list[tuple[Measure, MeasureTable]]] = defaultdict(list)
    for measure, table in tables:
        if is_told(table):
            shared[table.slug, table.axis, table.frequency].append((measure, table))
    return [_told(members) for _key, members in sorted(shared.items()) if len(members) > 1]


def _told(members: Members) -> dict[str, Any]:
    known = {"slug": members[0][1].slug, "name": members[0][1].name}
    everyone = pool([table for _measure, table in members])
    reference = reference_of(everyone)
    group = group_of(everyone, reference) if reference is not None else None
    if reference is None or group is None:
        return {**known, "reason": "groups"}
    counted = _counted(members, reference, group)
    organizations = len({measure.team.organization_id for measure, _table in counted})
    if organizations < FEWEST:
        return {**known, "reason": "few"}
    together = pool([table for _measure, table in counted])
    moved = movement_of(replace(together, gap_group=group.code))
    if moved.points is None:
        return {**known, "reason": "few"}
    was, now, low, high = moved.points
    return {
        **known,
        "code": moved.code,
        "group": group.label,
        "reference": "" if reference.is_everybody else reference.label,
        "was": was,
        "now": now,
        "low": low,
        "high": high,
        "organizations": organizations,
    }


def _counted(members: Members, reference: GroupSeries, group: GroupSeries) -> Members:
    """Those that show a gap of their own between the same two groups, both at baseline and now,
    in the months that all of them have: so each is in every number of the pool."""
    between = [(measure, _between(table, reference, group)) for measure, table in members]
    telling = [one for one in between if movement_of(one[1]).change is not None]
    if not telling:
        return []
    months = set.intersection(*(set(table.months) for _measure, table in telling))
    trimmed = [(measure, _within(table, months, reference, group)) for measure, table in telling]
    return [one for one in trimmed if movement_of(one[1]).change is not None]


def _between(table: MeasureTable, reference: GroupSeries, group: GroupSeries) -> MeasureTable:
    """The gap that the pool speaks of; by the pool's baseline, not by one of the team's own."""
    return replace(table, reference=reference.code, gap_group=group.code, baseline_points=None)


def _within(
    table: MeasureTable, months: set[date], reference: GroupSeries, group: GroupSeries
) -> MeasureTable:
    """These months alone; one in which the two are not both told and counted is empty for
    everybody, so that nobody's people stand in the other side's sum."""
    pairs = pairs_of(table, table.by_code[reference.code], table.by_code[group.code])
    kept = [at for at, month in enumerate(table.months) if month in months]
    groups = [
        replace(one, cells=tuple(one.cells[at] if pairs[at] else Cell() for at in kept))
        for one in table.groups
    ]
    return replace(table, months=tuple(table.months[at] for at in kept), groups=tuple(groups))
