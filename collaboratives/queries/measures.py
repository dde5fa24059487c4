"""The one way to read data points. Small numbers leave here masked for nearly everybody.

Whole numbers go to the people of the team, its senior leader and the alternate. Everybody else,
staff included, gets a table in which small counts, and what would give them away, are hidden.
Whatever is computed later (medians, signals, gaps) is computed from that table, so it can
never say more than the table does. Nothing else in the project may read `DataPoint`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from accounts.models import User
from analytics.suppression import TOTAL, Policy, Sum, Table, strata_table, suppress
from collaboratives.category_sets import axis_label
from collaboratives.measure_files import Expected, group_words
from collaboratives.models import DataPoint, Measure, Stratum, Team, TeamMember
from collaboratives.states import Direction, MeasureType

POLICY = Policy(threshold=11)


@dataclass(frozen=True)
class Reader:
    """Whose eyes the numbers are for. teams: ids of those whose numbers they see whole."""

    teams: frozenset[int] = frozenset()

    @classmethod
    def person(cls, person: User) -> Reader:
        """Somebody signed in: whole for the teams they are on, as staff or not."""
        ids = TeamMember.objects.present().filter(user_id=person.pk).values_list("team_id")
        return cls(frozenset(team_id for (team_id,) in ids))

    @classmethod
    def member(cls, member: TeamMember | None) -> Reader:
        """Somebody signed in, on the page of one team: whole if they are on it."""
        on_it = member is not None and member.left_at is None
        return cls(frozenset([member.team_id]) if on_it and member else frozenset())

    @classmethod
    def leader(cls, member: TeamMember) -> Reader:
        """A senior leader or alternate who came by their own link."""
        led = member.leadership != "" and member.left_at is None
        return cls(frozenset([member.team_id]) if led else frozenset())

    @classmethod
    def outsider(cls) -> Reader:
        """Anybody else: other teams, staff, the public."""
        return cls()

    def whole(self, team: Team) -> bool:
        return team.pk in self.teams


@dataclass(frozen=True)
class Cell:
    """One group in one month. Both numbers None: not collected, or hidden."""

    numerator: float | None = None
    denominator: float | None = None
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        return self.numerator is None and not self.hidden


@dataclass(frozen=True)
class GroupSeries:
    """One group's cells, one for each month of the table. code "" is everybody."""

    code: str
    label: str
    missing_kind: str
    cells: tuple[Cell, ...]

    @property
    def is_everybody(self) -> bool:
        return self.code == ""

    @property
    def has_numbers(self) -> bool:
        return any(cell.numerator is not None for cell in self.cells)

    @property
    def hides(self) -> bool:
        return any(cell.hidden for cell in self.cells)


@dataclass(frozen=True)
class MeasureTable:
    """A measure and its numbers by month and group, as one reader may see them."""

    measure_id: int
    slug: str
    name: str
    kind: str
    kind_label: str
    type: str
    direction: str
    axis: str
    numerator_words: str
    denominator_words: str
    definition: str
    target: float | None
    baseline_points: int | None
    rule_profile: str
    exclusive: bool
    reference: str | None
    masked: bool
    months: tuple[date, ...]
    groups: tuple[GroupSeries, ...]

    @property
    def is_share(self) -> bool:
        return self.type == MeasureType.PROPORTION

    @property
    def higher_is_better(self) -> bool:
        return self.direction == Direction.UP

    @property
    def axis_label(self) -> str:
        return axis_label(self.axis)

    @property
    def has_numbers(self) -> bool:
        return any(group.has_numbers for group in self.groups)

    @cached_property
    def by_code(self) -> dict[str, GroupSeries]:
        return {group.code: group for group in self.groups}

    @property
    def drawn(self) -> list[GroupSeries]:
        """Groups of people with numbers to show, in the team's order. Unknowns are not drawn."""
        return [g for g in self.groups if not g.missing_kind and g.has_numbers]

    @property
    def held_back(self) -> list[GroupSeries]:
        """Groups of which every number is hidden."""
        return [g for g in self.groups if not g.has_numbers and g.hides]

    def value(self, cell: Cell) -> float | None:
        """The plotted value: 0 to 100 for a share, else the number itself."""
        if cell.numerator is None:
            return None
        if self.type in (MeasureType.COUNT, MeasureType.TIME_BETWEEN):
            return cell.numerator
        if not cell.denominator:
            return None
        rate = cell.numerator / cell.denominator
        return 100 * rate if self.is_share else rate

    @property
    def goal(self) -> float | None:
        if self.target is None:
            return None
        return 100 * self.target if self.is_share else self.target

    def as_rows(self) -> list[list[str]]:
        """Month, group, numerator, denominator, as text; hidden cells say so."""
        rows = []
        for at, month in enumerate(self.months):
            for group in self.groups:
                cell = group.cells[at]
                if cell.hidden:
                    numbers = ["hidden", "hidden"]
                else:
                    numbers = [
                        "" if n is None else f"{n:.10g}" for n in (cell.numerator, cell.denominator)
                    ]
                rows.append([f"{month:%Y-%m}", group.label, *numbers])
        return rows

    def until(self, last: date) -> MeasureTable:
        """The same without the months after `last`."""
        keep = sum(month <= last for month in self.months)
        groups = tuple(replace(g, cells=g.cells[:keep]) for g in self.groups)
        return replace(self, months=self.months[:keep], groups=groups)

    def as_json(self) -> dict[str, Any]:
        """Plain data for a frozen version; `from_json` reads it back."""
        data = asdict(self)
        data["months"] = [month.isoformat() for month in self.months]
        data["groups"] = [
            {
                "code": group.code,
                "label": group.label,
                "missing_kind": group.missing_kind,
                "cells": [[c.numerator, c.denominator, c.hidden] for c in group.cells],
            }
            for group in self.groups
        ]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MeasureTable:
        groups = tuple(
            GroupSeries(
                group["code"],
                group["label"],
                group["missing_kind"],
                tuple(Cell(*cell) for cell in group["cells"]),
            )
            for group in data["groups"]
        )
        months = tuple(date.fromisoformat(month) for month in data["months"])
        return cls(**{**data, "months": months, "groups": groups})


def member_of(team: Team, person: User) -> TeamMember | None:
    """The person's own place on the team."""
    return TeamMember.objects.present().filter(team=team, user_id=person.pk).first()


def measure_tables(
    team: Team, *, reader: Reader, slugs: Iterable[str] | None = None
) -> list[MeasureTable]:
    """The team's measures with their numbers, whole or masked as `reader` may see them.

    slugs: only these measures. Three queries, whatever the number of measures.
    """
    chosen = Measure.objects.filter(team=team).for_list().select_related("reference")
    measures = list(chosen if slugs is None else chosen.filter(slug__in=list(slugs)))
    strata: dict[int, list[Stratum]] = defaultdict(list)
    for stratum in Stratum.objects.filter(measure__in=measures).order_by("position", "pk"):
        strata[stratum.measure_id].append(stratum)
    points: dict[int, dict[date, Cell]] = defaultdict(dict)
    rows = DataPoint.objects.filter(stratum__measure__in=measures).values_list(
        "stratum_id", "period_start", "numerator", "denominator"
    )
    for stratum_id, month, numerator, denominator in rows:
        points[stratum_id][month] = Cell(numerator, denominator)
    whole = reader.whole(team)
    tables = (_table(measure, strata[measure.pk], points) for measure in measures)
    return [table if whole else masked(table) for table in tables]


def measure_table(measure: Measure, *, reader: Reader) -> MeasureTable:
    """The table of one measure."""
    (table,) = measure_tables(measure.team, reader=reader, slugs=[measure.slug])
    return table


def months_between(first: date, last: date) -> Iterator[date]:
    """The first day of each month from `first` to `last`, both included."""
    at = first.year * 12 + first.month - 1
    while at <= last.year * 12 + last.month - 1:
        yield date(at // 12, at % 12 + 1, 1)
        at += 1


def _table(
    measure: Measure, strata: list[Stratum], points: Mapping[int, Mapping[date, Cell]]
) -> MeasureTable:
    known = [month for stratum in strata for month in points[stratum.pk]]
    months = tuple(months_between(min(known), max(known))) if known else ()
    groups = tuple(
        GroupSeries(
            stratum.code,
            stratum.label,
            stratum.missing_kind,
            tuple(points[stratum.pk].get(month, Cell()) for month in months),
        )
        for stratum in strata
    )
    return MeasureTable(
        measure_id=measure.pk,
        slug=measure.slug,
        name=measure.name,
        kind=measure.kind,
        kind_label=str(measure.get_kind_display()),
        type=measure.type,
        direction=measure.direction,
        axis=measure.axis,
        numerator_words=measure.numerator_words,
        denominator_words=measure.denominator_words,
        definition=measure.definition,
        target=measure.target,
        baseline_points=measure.baseline_points,
        rule_profile=measure.rule_profile,
        exclusive=measure.groups_are_exclusive,
        reference=measure.reference.code if measure.reference else None,
        masked=False,
        months=months,
        groups=groups,
    )


def masked(table: MeasureTable) -> MeasureTable:
    """The table as an outsider sees it. Zeros stay.

    Groups that may overlap are protected as if they added up to the total: often they do.
    """
    if table.masked:
        return table
    shown = suppress(_counts(table), POLICY).cells
    groups = tuple(
        replace(
            group,
            cells=tuple(
                cell
                if cell.is_empty or shown.get((at, group.code or TOTAL)) is not None
                else Cell(hidden=True)
                for at, cell in enumerate(group.cells)
            ),
        )
        for group in table.groups
    )
    return replace(table, groups=groups, masked=True)


def _counts(table: MeasureTable) -> Table:
    """The counts that could tell of few people, by (month, group).

    A share: of those in the numerator, the others and all. A rate: events and those at risk. A
    mean: only how many it is of. Time between events: each point is one event, so all is small.
    """
    cells: dict[Hashable, tuple[float, ...] | None] = {
        (at, group.code or TOTAL): _people(table.type, cell)
        for group in table.groups
        for at, cell in enumerate(group.cells)
    }
    if table.is_share:
        keyed: Any = cells
        totals = {at: counts for (at, code), counts in keyed.items() if code == TOTAL}
        parts = {key: counts for key, counts in keyed.items() if key[1] != TOTAL}
        return strata_table(parts, totals=totals or None)
    codes = [group.code for group in table.groups if group.code]
    sums = tuple(
        Sum((at, TOTAL), tuple((at, code) for code in codes))
        for at in range(len(table.months))
        if codes and cells.get((at, TOTAL)) is not None
    )
    return Table(cells, sums)


def _people(type_: str, cell: Cell) -> tuple[float, ...] | None:
    if cell.numerator is None:
        return None
    if type_ == MeasureType.COUNT:
        return (cell.numerator,)
    if type_ == MeasureType.TIME_BETWEEN:
        return (1.0,)
    if cell.denominator is None:
        return None
    if type_ == MeasureType.MEAN:
        return (cell.denominator,)
    return (cell.numerator, cell.denominator)


def expected(table: MeasureTable, latest_month: date) -> Expected:
    """What a grid or a file must hold to fit this measure."""
    words = {
        word: group.code
        for group in table.groups
        for word in group_words(group.label, group.code)
        if word
    }
    return Expected(
        groups=words,
        labels=tuple(group.label for group in table.groups),
        needs_denominator=table.type not in (MeasureType.COUNT, MeasureType.TIME_BETWEEN),
        counts=table.is_share or table.type == MeasureType.COUNT,
        latest_month=latest_month,
    )
