"""The one way to read data points. Small numbers leave here masked for nearly everybody.

Whole numbers go to the people of the team, its senior leader and the alternate. Everybody else,
staff included, gets a table in which small counts, and what would give them away, are hidden.
Whatever is computed later (medians, signals, gaps) is computed from that table, so it can
never say more than the table does. Nothing else in the project may read `DataPoint`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from analytics.audits import recoverable
from analytics.suppression import TOTAL, Masked, Policy, Sum, Table, strata_table, suppress
from collaboratives.measure_files import Expected, group_words
from collaboratives.models import ChartDecision, DataPoint, Measure, Stratum, Team, TeamMember
from collaboratives.queries.measure_table import (
    Cell,
    GivenOut,
    GroupSeries,
    Mark,
    MeasureTable,
    period_of,
    period_stamp,
)
from collaboratives.states import Frequency, MeasureType

__all__ = [
    "Cell", "GivenOut", "GroupSeries", "Mark", "MeasureTable", "Reader", "expected", "masked",
    "measure_table", "measure_tables", "member_of", "months_between", "period_of", "period_stamp",
    "released", "tables_of",
]  # fmt: skip

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


def member_of(team: Team, person: User) -> TeamMember | None:
    """The person's own place on the team."""
    return TeamMember.objects.present().filter(team=team, user_id=person.pk).first()


def measure_tables(
    team: Team, *, reader: Reader, slugs: Iterable[str] | None = None
) -> list[MeasureTable]:
    """The team's measures with their numbers, whole or masked as `reader` may see them.

    slugs: only these measures. Four queries, whatever the number of measures.
    """
    chosen = Measure.objects.filter(team=team)
    wanted = chosen if slugs is None else chosen.filter(slug__in=list(slugs))
    return [table for _measure, table in tables_of(wanted, reader=reader)]


def tables_of(chosen: QuerySet[Measure], *, reader: Reader) -> list[tuple[Measure, MeasureTable]]:
    """Measures of any teams with their tables; each whole only where the reader is on its team."""
    measures = list(
        chosen.select_related("reference", "gap_group").order_by("team_id", "position", "pk")
    )
    strata: dict[int, list[Stratum]] = defaultdict(list)
    for stratum in Stratum.objects.filter(measure__in=measures).order_by("position", "pk"):
        strata[stratum.measure_id].append(stratum)
    points: dict[int, dict[date, Cell]] = defaultdict(dict)
    rows = DataPoint.objects.filter(stratum__measure__in=measures).values_list(
        "stratum_id", "period_start", "numerator", "denominator"
    )
    for stratum_id, month, numerator, denominator in rows:
        points[stratum_id][month] = Cell(numerator, denominator)
    marks = _marks(measures)
    found = []
    for measure in measures:
        table = _table(measure, strata[measure.pk], points, marks[measure.pk])
        found.append((measure, table if measure.team_id in reader.teams else masked(table)))
    return found


def _marks(measures: list[Measure]) -> dict[int, list[Mark]]:
    """The decisions that stand, by measure, in the order of their months."""
    found: dict[int, list[Mark]] = defaultdict(list)
    for decision in ChartDecision.objects.filter(measure__in=measures).standing().for_list():
        found[decision.measure_id].append(
            Mark(
                kind=decision.kind,
                month=decision.month,
                group=decision.group.code if decision.group else None,
                reason=decision.reason,
                by=decision.decided_by.name,
                on=f"{decision.decided_at:%Y-%m-%d}",
                pk=decision.pk,
            )
        )
    return found


def measure_table(measure: Measure, *, reader: Reader) -> MeasureTable:
    """The table of one measure."""
    (table,) = measure_tables(measure.team, reader=reader, slugs=[measure.slug])
    return table


def months_between(first: date, last: date, step: int = 1) -> Iterator[date]:
    """The first day of each month from `first` to `last`, both included, or each step-th."""
    at = first.year * 12 + first.month - 1
    while at <= last.year * 12 + last.month - 1:
        yield date(at // 12, at % 12 + 1, 1)
        at += step


def _table(
    measure: Measure,
    strata: list[Stratum],
    points: Mapping[int, Mapping[date, Cell]],
    marks: list[Mark],
) -> MeasureTable:
    known = [month for stratum in strata for month in points[stratum.pk]]
    step = Frequency(measure.frequency).months
    months = tuple(months_between(min(known), max(known), step)) if known else ()
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
        chart=measure.chart,
        frequency=measure.frequency,
        per=measure.per,
        roll_up=measure.roll_up,
        gap_group=measure.gap_group.code if measure.gap_group else "",
        marks=tuple(marks),
        given_out=GivenOut.of(measure.given_out),
    )


def masked(table: MeasureTable) -> MeasureTable:
    """The table as an outsider sees it on a page. Zeros stay.

    Groups that may overlap are protected as if they added up to the total: often they do. What
    an earlier release hid stays hidden, and what one showed can't hide another number.
    """
    return table if table.masked else _without(table, _unseen(_mask(table)))


def released(table: MeasureTable) -> MeasureTable:
    """The table as it is given out: masked, and the mask proved by an audit.

    A month in which a small number could still be worked out is hidden whole. The sums of one
    month stand alone, so the linear program has a closed form and needs no solver here.
    """
    if table.masked:
        return table
    mask = _mask(table)
    found: list[Any] = recoverable(mask)
    unsafe = {month for (month, _group), _low, _high in found}
    months: Any = mask.cells
    return _without(table, _unseen(mask) | {key for key in months if key[0] in unsafe})


def _unseen(mask: Masked) -> frozenset[Hashable]:
    """Hidden cells, and those that can't be judged because half of them is missing."""
    return frozenset(key for key, counts in mask.cells.items() if counts is None)


def _mask(table: MeasureTable) -> Masked:
    months = {month: at for at, month in enumerate(table.months)}
    given = table.given_out
    hidden = {(months[m], code or TOTAL) for code, m in given.hidden if m in months}
    known = {
        (months[m], code or TOTAL)
        for code, m, numerator, denominator in given.shown
        if m in months
        and table.by_code.get(code) is not None
        and table.by_code[code].cells[months[m]] == Cell(numerator, denominator)
    }
    return suppress(_counts(table), POLICY, keep_hidden=hidden, already_shown=known - hidden)


def _without(table: MeasureTable, gone: frozenset[Hashable]) -> MeasureTable:
    groups = tuple(
        replace(
            group,
            cells=tuple(
                Cell(hidden=True)
                if (at, group.code or TOTAL) in gone and not cell.is_empty
                else cell
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
        needs_denominator=table.has_denominator,
        counts=table.is_share or table.type == MeasureType.COUNT,
        latest_month=latest_month,
        quarterly=table.is_quarterly,
    )
