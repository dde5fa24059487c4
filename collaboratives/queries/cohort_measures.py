"""Measures of a whole cohort: pooled, how many signal, and what may be given out as a benchmark.

Everything is made from the masked tables of the teams, so it can never say more than they do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from analytics.benchmarks import Benchmark as Pool
from analytics.benchmarks import benchmark
from analytics.inequalities import NotApplicable
from analytics.words import sentence
from collaboratives.models import Benchmark, Cohort, Measure, Team
from collaboratives.queries.measure_charts import MeasureCharts, measure_charts
from collaboratives.queries.measure_charts.drawing import SIGNALS, chart_of
from collaboratives.queries.measure_charts.words import month_words
from collaboratives.queries.measures import (
    Cell,
    GroupSeries,
    MeasureTable,
    Reader,
    months_between,
    tables_of,
)
from collaboratives.states import Frequency, MeasureType

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Signals:
    """How many groups of how many teams improve, get worse, or say nothing."""

    improving: int
    worsening: int
    ordinary: int
    too_few: int


@dataclass(frozen=True)
class SharedMeasure:
    """One measure that teams have in common: same name, type and groups."""

    slug: str
    type: str
    name: str
    axis_label: str
    teams: int
    organizations: int
    signals: Signals
    pooled: MeasureTable
    charts: MeasureCharts
    told: Benchmark | None


@dataclass(frozen=True)
class BenchmarkWords:
    """A benchmark that was given out, as a team reads it."""

    rate: str
    organizations: int
    first_month: str
    last_month: str


def cohort_measures(cohort: Cohort, *, slug: str | None = None) -> list[SharedMeasure]:
    """The cohort's measures, those of most teams first. Five queries, however many teams."""
    found: dict[Key, list[tuple[Measure, MeasureTable]]] = defaultdict(list)
    for measure, table in _tables(cohort):
        if slug is None or table.slug == slug:
            found[table.slug, table.type, table.axis, table.frequency].append((measure, table))
    told = {(each.slug, each.type): each for each in _given_out(cohort)}
    shared = [_shared(members, told) for members in found.values()]
    return sorted(shared, key=lambda one: (-one.teams, one.name))


def _tables(cohort: Cohort) -> list[tuple[Measure, MeasureTable]]:
    measures = Measure.objects.filter(team__cohort=cohort).select_related("team")
    return tables_of(measures, reader=Reader.outsider())


def _given_out(cohort: Cohort) -> list[Benchmark]:
    return list(Benchmark.objects.filter(cohort=cohort).order_by("published_at", "pk"))


def _shared(
    members: Sequence[tuple[Measure, MeasureTable]], told: dict[tuple[str, str], Benchmark]
) -> SharedMeasure:
    tables = [table for _measure, table in members]
    pooled = pool(tables)
    return SharedMeasure(
        slug=pooled.slug,
        type=pooled.type,
        name=pooled.name,
        axis_label=pooled.axis_label,
        teams=len(members),
        organizations=len({measure.team.organization_id for measure, _table in members}),
        signals=_signals(tables),
        pooled=pooled,
        charts=measure_charts(pooled, prefix=f"all-{pooled.axis}-"),
        told=told.get((pooled.slug, pooled.type)),
    )


def pool(tables: Sequence[MeasureTable]) -> MeasureTable:
    """The shown numbers of several teams added up, month by month and group by group.

    A number that is hidden in its team's own table is not in the sum either, so nothing can be
    worked out by subtracting the teams that are shown. Times between events are not added.
    """
    first = max(tables, key=lambda table: len(table.groups))
    known = [month for table in tables for month in table.months]
    step = Frequency(first.frequency).months
    months = tuple(months_between(min(known), max(known), step)) if known else ()
    places = [{month: at for at, month in enumerate(table.months)} for table in tables]
    groups = []
    for group in first.groups:
        cells = []
        for month in months:
            parts = [
                table.by_code[group.code].cells[place[month]]
                for table, place in zip(tables, places, strict=True)
                if group.code in table.by_code and month in place
            ]
            cells.append(_sum(parts, first))
        groups.append(GroupSeries(group.code, group.label, group.missing_kind, tuple(cells)))
    return MeasureTable(
        **{
            **{name: getattr(first, name) for name in vars(first) if name in KEPT},
            "measure_id": 0,
            "masked": True,
            "months": months,
            "groups": tuple(groups),
            "baseline_points": None,
            "target": _common([table.target for table in tables]),
            "reference": _common([table.reference for table in tables]),
        }
    )


KEPT = {
    "slug", "name", "kind", "kind_label", "type", "direction", "axis", "numerator_words",
    "denominator_words", "definition", "rule_profile", "exclusive", "per", "frequency",
}  # fmt: skip


def _common(values: Sequence[Any]) -> Any:
    """What all have in common; nothing otherwise."""
    return values[0] if len(set(values)) == 1 else None


def _sum(parts: Sequence[Cell], table: MeasureTable) -> Cell:
    shown = [cell for cell in parts if cell.numerator is not None]
    if not shown or table.type == MeasureType.TIME_BETWEEN:
        return Cell(hidden=any(cell.hidden for cell in parts))
    numerator = sum(cell.numerator or 0 for cell in shown)
    if not table.has_denominator:
        return Cell(numerator)
    return Cell(numerator, sum(cell.denominator or 0 for cell in shown))


def _signals(tables: Sequence[MeasureTable]) -> Signals:
    counted: Counter[str] = Counter()
    for table in tables:
        labels = [table.label(month) for month in table.months]
        for group in table.drawn:
            chart = chart_of(table, group)
            told = sentence(chart, labels=labels)
            if told.kind in ("too_few", "no_data", "all_masked", "no_data_in_phase"):
                counted["too_few"] += 1
            else:
                counted[SIGNALS.get(told.tone, "ordinary")] += 1
    return Signals(
        counted["improving"], counted["worsening"], counted["ordinary"], counted["too_few"]
    )


# --- benchmarks ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What would be given out: the pool, or why there is none."""

    pool: Pool | NotApplicable
    members: list[int]
    first_month: date | None
    last_month: date | None


def proposal(cohort: Cohort, *, slug: str, type_: str) -> Proposal:
    """The pooled share of everybody over the last three months, one number per organization.
    Teams that count by quarter are pooled where all do.

    Refused below five organizations, where what is left without any one of them is small, and
    where it differs from an earlier benchmark by fewer than five organizations.
    """
    tables = [
        (measure, table)
        for measure, table in _tables(cohort)
        if table.slug == slug and table.type == type_ and table.months
    ]
    if type_ != MeasureType.PROPORTION or not tables:
        return Proposal(NotApplicable("only shares are pooled"), [], None, None)
    if not all(table.is_quarterly for _measure, table in tables):
        tables = [(measure, table) for measure, table in tables if not table.is_quarterly]
    last = max(table.months[-1] for _measure, table in tables)
    months = _three_months(last, begins=tables[0][1].is_quarterly)
    counts: dict[Hashable, tuple[float, float] | None] = {}
    for measure, table in tables:
        shown = [
            cell
            for month, cell in zip(table.months, table.by_code[""].cells, strict=True)
            if month in months and cell.numerator is not None and cell.denominator
        ]
        num, den = counts.get(measure.team.organization_id) or (0.0, 0.0)
        counts[measure.team.organization_id] = (
            num + sum(cell.numerator or 0 for cell in shown),
            den + sum(cell.denominator or 0 for cell in shown),
        )
    earlier = [
        each.members
        for each in _given_out(cohort)
        if each.slug == slug and each.last_month >= months[0]
    ]
    found = benchmark(counts, published=earlier)
    there = {measure.team.organization_id for measure, _table in tables}
    members = sorted(org for org in there if (each := counts[org]) and each[1] > 0)
    return Proposal(found, members, months[0], months[-1])


def _three_months(at: date, *, begins: bool) -> list[date]:
    """The quarter that begins with a month, or the three months up to it."""
    first = at.year * 12 + at.month - 1 - (0 if begins else 2)
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + 3)]


def reason_words(reason: str) -> str:
    """Why no benchmark can be given out."""
    texts = {
        "fewer than five organizations": _("Fewer than five organizations have numbers."),
        "too close to a benchmark that is out already": _(
            "It differs from an earlier one by fewer than five organizations."
        ),
        "only shares are pooled": _("Only shares of people are pooled."),
    }
    return texts.get(reason, _("One organization could work out a small number of the others."))


def benchmark_of(team: Team, table: MeasureTable) -> BenchmarkWords | None:
    """The latest benchmark given out for this measure, for the team's own page."""
    found = (
        Benchmark.objects.filter(cohort_id=team.cohort_id, slug=table.slug, type=table.type)
        .order_by("-published_at", "-pk")
        .first()
    )
    if found is None:
        return None
    return BenchmarkWords(
        rate=f"{100 * found.numerator / found.denominator:.0f}%",
        organizations=len(found.members),
        first_month=month_words(found.first_month),
        last_month=month_words(found.last_month),
    )
