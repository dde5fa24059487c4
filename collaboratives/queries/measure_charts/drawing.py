"""One group's chart: which kind, in which phases, and its picture with the words below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.chart import Chart, Phase
from analytics.charts import Flag, Scale, run_chart_svg
from analytics.control_charts import WITH_DENOMINATOR, control_chart
from analytics.profiles import PROFILES
from analytics.run_charts import run_chart
from analytics.words import Number
from analytics.words import sentence as sentence_of
from collaboratives.queries.measure_charts.words import sentence_words
from collaboratives.queries.measures import GroupSeries, MeasureTable
from collaboratives.states import ChartKind, DecisionKind

SIGNALS = {"improvement": "improving", "concern": "worsening"}


@dataclass(frozen=True)
class Panel:
    """One group's chart. signal: improving, worsening or nothing. drawing: makes the picture."""

    code: str
    label: str
    note: str
    lead: str
    sentence: str
    signal: str
    latest: float
    drawing: Callable[[], str] = field(repr=False, compare=False)

    @cached_property
    def svg(self) -> SafeString:
        """Drawn when a page shows it: many show the words alone."""
        return mark_safe(self.drawing())


def phases_of(table: MeasureTable, group: str) -> list[Phase]:
    """Where the chart's phases begin, and how much of each its centre is computed from."""
    starts = {0}
    for mark in table.marks_of(group, DecisionKind.PHASE):
        if mark.month in table.months:
            starts.add(table.months.index(mark.month))
    ordered = sorted(starts)
    frozen: dict[int, int | None] = {0: table.baseline_points}
    for mark in table.marks_of(group, DecisionKind.FREEZE):
        if mark.month in table.months:
            at = table.months.index(mark.month)
            start = max(each for each in ordered if each <= at)
            frozen[start] = at - start + 1
    return [Phase(start, frozen.get(start)) for start in ordered]


def left_out(table: MeasureTable, group: str) -> list[int]:
    """Places of the months that a person left out of the computation."""
    marks = table.marks_of(group, DecisionKind.EXCLUSION)
    return sorted({table.months.index(m.month) for m in marks if m.month in table.months})


def profile_for(table: MeasureTable, kind: str) -> str:
    """The measure's rules where they were made for this kind of chart, else the kind's own."""
    wanted = "run" if kind == ChartKind.RUN else "control"
    chosen = PROFILES.get(table.rule_profile)
    if chosen is not None and chosen.chart == wanted and not chosen.parity:
        return chosen.name
    return "anhoej2014" if wanted == "run" else "mdc"


def kind_of(table: MeasureTable, group: GroupSeries) -> str:
    """A t chart needs times above zero; with a zero among them the group gets a run chart."""
    zero = any(cell.numerator == 0 for cell in group.cells)
    return ChartKind.RUN if table.chart == ChartKind.T and zero else table.chart


def chart_of(table: MeasureTable, group: GroupSeries) -> Chart:
    """Computed from what this reader may see, and nothing else."""
    kind = kind_of(table, group)
    options: dict[str, Any] = {
        "phases": phases_of(table, group.code) if table.months else (),
        "exclude": left_out(table, group.code),
        "profile": profile_for(table, kind),
        "direction": "increase" if table.higher_is_better else "decrease",
        "target": table.goal,
        "periods": table.months,
        "masked": [at for at, cell in enumerate(group.cells) if cell.hidden],
        "natural_bounds": (0, 100) if table.is_share else None,
    }
    denominators = [cell.denominator for cell in group.cells]
    if kind == ChartKind.RUN:
        values = [table.value(cell) for cell in group.cells]
        return run_chart(values, den=denominators if table.has_denominator else None, **options)
    if kind in WITH_DENOMINATOR:
        numerators = [cell.numerator for cell in group.cells]
        return control_chart(
            kind, numerators, denominators, multiplier=100 if table.is_share else table.per,
            **options,
        )  # fmt: skip
    return control_chart(kind, [table.value(cell) for cell in group.cells], **options)


def panel_of(
    table: MeasureTable,
    group: GroupSeries,
    chart: Chart,
    labels: list[str],
    number: Number,
    flags: list[Flag],
    scale: Scale | None,
    others: list[Sequence[float | None]],
    uid: str,
) -> Panel:
    told = sentence_of(chart, labels=labels, number=number)
    lead, text = sentence_words(told)
    text = " ".join([text, *_asides(group, chart, labels)]).strip()
    drawing = partial(
        run_chart_svg,
        chart,
        labels=labels,
        title=_("%(measure)s: %(group)s") % {"measure": table.name, "group": group.label},
        uid=f"{uid}-{group.code or 'all'}",
        number=number,
        goal=table.goal,
        goal_label=_("Goal %(goal)s") % {"goal": number(table.goal)} if table.goal else None,
        flags=flags,
        scale=scale,
        others=others,
        desc=f"{lead} {text}".strip(),
        centre_name=_("Median") if chart.kind == "run" else _("Mean"),
    )
    signal = SIGNALS.get(told.tone, "")
    if not signal:
        lead, text = "", f"{lead} {text}".strip()
    return Panel(
        code=group.code,
        label=group.label,
        note=_size(table, group),
        lead=lead,
        sentence=text,
        signal=signal,
        latest=next((v for v in reversed(chart.value) if v is not None), 0.0),
        drawing=drawing,
    )


def _asides(group: GroupSeries, chart: Chart, labels: Sequence[str]) -> list[str]:
    """What else to know when reading: phases, months left out, small or hidden numbers."""
    asides = []
    if len(chart.phases) > 1:
        start = labels[chart.phases[-1].start]
        asides.append(_("New phase since %(month)s.") % {"month": start})
    if chart.excluded:
        months = ", ".join(labels[at] for at in chart.excluded)
        asides.append(_("Left out: %(months)s.") % {"months": months})
    if len(chart.few) * 2 > sum(value is not None for value in chart.value):
        asides.append(_("Small numbers swing widely."))
    hidden = sum(cell.hidden for cell in group.cells)
    if hidden:
        asides.append(
            ngettext(
                "%(n)s month with fewer than 11 people is not shown (×).",
                "%(n)s months with fewer than 11 people are not shown (×).",
                hidden,
            )
            % {"n": hidden}
        )
    return asides


def _size(table: MeasureTable, group: GroupSeries) -> str:
    """How many people the latest shown month counts."""
    shown = [cell.denominator for cell in group.cells if cell.denominator is not None]
    if not shown or not table.is_share:
        return ""
    return _("%(n)s people") % {"n": f"{shown[-1]:,.0f}"}
