"""Everything that the page of one measure shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.gaps import Stratum as Counted
from analytics.unknowns import reconcile
from collaboratives.category_sets import ROLL_UPS
from collaboratives.models import ChartDecision, DefinitionVersion, Measure
from collaboratives.queries.cohort_measures import BenchmarkWords, benchmark_of
from collaboratives.queries.measure_charts import MeasureCharts, measure_charts
from collaboratives.queries.measures import MeasureTable, Reader, measure_table
from collaboratives.queries.tested_changes import changes_tested


@dataclass(frozen=True)
class MeasurePage:
    """warnings: where groups do not add up; for the team only, since it tells of numbers."""

    charts: MeasureCharts
    warnings: list[str]
    versions: list[DefinitionVersion]
    undone: list[ChartDecision]
    roll_up: str
    benchmark: BenchmarkWords | None


def measure_page(measure: Measure, *, reader: Reader) -> MeasurePage:
    table = measure_table(measure, reader=reader)
    undone = ChartDecision.objects.filter(measure=measure).exclude(undone_at=None).for_list()
    return MeasurePage(
        charts=measure_charts(table, changes=changes_tested(measure.team)),
        warnings=[] if table.masked else mismatches(table),
        versions=list(
            DefinitionVersion.objects.filter(measure=measure)
            .select_related("written_by")
            .order_by("number")
        ),
        undone=list(undone),
        benchmark=benchmark_of(measure.team, table),
        roll_up=str(ROLL_UPS[table.roll_up].label) if table.roll_up in ROLL_UPS else "",
    )


def mismatches(table: MeasureTable) -> list[str]:
    """Months whose groups do not add up to everybody, the latest first, in words."""
    adds_up = ROLL_UPS[table.roll_up].adds_up if table.roll_up in ROLL_UPS else table.exclusive
    everybody = table.by_code.get("")
    if not adds_up or everybody is None or not table.has_denominator or table.type == "mean":
        return []
    said = []
    for at in reversed(range(len(table.months))):
        total = everybody.cells[at]
        if total.numerator is None or total.denominator is None:
            continue
        strata = [
            Counted(g.code, g.cells[at].numerator, g.cells[at].denominator, place)
            for place, g in enumerate(table.groups)
            if g.code and g.cells[at].numerator is not None
        ]
        if not strata:
            continue
        for found in reconcile(strata, (total.numerator, total.denominator), exclusive=True):
            said.append(_mismatch_words(table, table.label(table.months[at]), found.what,
                                        found.groups, found.total))  # fmt: skip
    return said


def _mismatch_words(table: MeasureTable, month: str, what: str, groups: float, total: float) -> str:
    given = {"month": month, "groups": f"{groups:,.0f}", "total": f"{total:,.0f}"}
    if what == "numerator":
        return (
            _("%(month)s: the groups' numerators make %(groups)s, everybody's is %(total)s.")
            % given
        )
    return (
        _("%(month)s: the groups' denominators make %(groups)s, everybody's is %(total)s.") % given
    )
