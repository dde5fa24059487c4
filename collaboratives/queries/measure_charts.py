"""A measure's pictures and sentences, from a table that is masked for its reader already.

Pure: no query here. The same drawing goes on the page and into the PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.chart import Chart, PointClass
from analytics.charts import (
    Flag,
    Scale,
    dumbbell_axis_svg,
    dumbbell_svg,
    gap_chart_svg,
    run_chart_svg,
    scale_for,
    shared_scale,
)
from analytics.gap_series import GapSeries, gap_series
from analytics.gaps import Counts
from analytics.profiles import PROFILES
from analytics.run_charts import run_chart
from analytics.words import Number, Sentence, plain_number
from analytics.words import sentence as sentence_of
from collaboratives.queries.measures import Cell, GroupSeries, MeasureTable

BASELINE = 8  # months, where the team has not said how many
NOW = 3
FEW = 30  # a rate on fewer people is said to rest on small numbers
SIGNALS = {"improvement": "improving", "concern": "worsening"}


@dataclass(frozen=True)
class ChangeFlag:
    """A tested change to mark on the charts: its number in the list, and when it began."""

    number: int
    on: date


@dataclass(frozen=True)
class Panel:
    """One group's run chart. signal: improving, worsening or nothing."""

    code: str
    label: str
    note: str
    svg: SafeString
    lead: str
    sentence: str
    signal: str
    latest: float


@dataclass(frozen=True)
class Standing:
    """One row of baseline and now. None: hidden or not there yet. better: None when equal."""

    code: str
    label: str
    baseline: str
    now: str
    change: str
    better: bool | None
    few: bool
    svg: SafeString


@dataclass(frozen=True)
class GapPicture:
    label: str
    svg: SafeString
    sentence: str


@dataclass(frozen=True)
class NumberRow:
    """One month of the table beside the charts. cells: rate and counts, or why there is none."""

    month: str
    cells: list[str]


@dataclass(frozen=True)
class MeasureCharts:
    table: MeasureTable
    panels: list[Panel]
    standings: list[Standing]
    standings_axis: SafeString
    baseline_words: str
    now_words: str
    gap: GapPicture | None
    numbers: list[NumberRow]
    held_back: list[str]
    unknown: list[GroupSeries]
    false_signals: str
    has_flags: bool

    @property
    def first(self) -> Panel | None:
        """The panel for a place with room for one: a group whose chart has something to say,
        else the group furthest behind, else everybody."""
        telling = [panel for panel in self.panels if panel.signal and panel.code]
        if telling:
            return min(telling, key=lambda panel: (panel.signal != "worsening", panel.latest))
        behind = self.gap.label if self.gap is not None else ""
        return next((p for p in self.panels if p.label == behind), next(iter(self.panels), None))


def measure_charts(
    table: MeasureTable, *, flags: Sequence[ChangeFlag] = (), prefix: str = ""
) -> MeasureCharts:
    """Everything a page shows of one measure. prefix: makes ids unique among several."""
    number = _number(table)
    labels = [month_words(month) for month in table.months]
    marks = _flags(table, flags)
    drawn = table.drawn
    charts = [_chart(table, group) for group in drawn]
    bounds = (0, 100) if table.is_share else (0, None)
    scale = shared_scale(charts, bounds=bounds, goal=table.goal) if charts else None
    values = [chart.value for chart in charts]
    panels = [
        _panel(
            table, group, chart, labels, number, marks, scale,
            [other for other in values if other is not chart.value], f"{prefix}{table.slug}",
        )
        for group, chart in zip(drawn, charts, strict=True)
    ]  # fmt: skip
    standings, axis = _standings(table, charts, number, f"{prefix}{table.slug}")
    baseline = table.baseline_points or BASELINE
    return MeasureCharts(
        table=table,
        panels=panels,
        standings=standings,
        standings_axis=axis,
        baseline_words=_("Baseline: first %(n)s months.") % {"n": baseline},
        now_words=_("Now: last %(n)s months.") % {"n": NOW},
        gap=_gap(table, labels, number, marks, f"{prefix}{table.slug}"),
        numbers=_numbers(table, number),
        held_back=[group.label for group in table.held_back],
        unknown=[group for group in table.groups if group.missing_kind and group.has_numbers],
        false_signals=_false_signals(charts),
        has_flags=bool(marks),
    )


def month_words(month: date) -> str:
    """Oct 2026, in the reader's language."""
    return date_format(month, "M Y")


def _number(table: MeasureTable) -> Number:
    if table.is_share:
        return plain_number("%")
    return plain_number(decimals=0 if table.type in ("count", "time_between") else 1)


def _chart(table: MeasureTable, group: GroupSeries) -> Chart:
    has_denominator = table.type not in ("count", "time_between")
    return run_chart(
        [table.value(cell) for cell in group.cells],
        freeze=table.baseline_points,
        profile=table.rule_profile,
        direction="increase" if table.higher_is_better else "decrease",
        target=table.goal,
        den=[cell.denominator for cell in group.cells] if has_denominator else None,
        periods=table.months,
        masked=[at for at, cell in enumerate(group.cells) if cell.hidden],
        natural_bounds=(0, 100) if table.is_share else None,
    )


def _flags(table: MeasureTable, flags: Sequence[ChangeFlag]) -> list[Flag]:
    months = {month: at for at, month in enumerate(table.months)}
    return [
        Flag(flag.number, months[flag.on.replace(day=1)])
        for flag in flags
        if flag.on.replace(day=1) in months
    ]


def _panel(
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
    text = " ".join([text, *_asides(group, chart)]).strip()
    svg = run_chart_svg(
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
        centre_name=_("Median"),
    )
    signal = SIGNALS.get(told.tone, "")
    if not signal:
        lead, text = "", f"{lead} {text}".strip()
    return Panel(
        code=group.code,
        label=group.label,
        note=_size(table, group),
        svg=mark_safe(svg),
        lead=lead,
        sentence=text,
        signal=signal,
        latest=next((v for v in reversed(chart.value) if v is not None), 0.0),
    )


def _asides(group: GroupSeries, chart: Chart) -> list[str]:
    """What else to know when reading: small numbers, months that are not shown."""
    asides = []
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


# --- baseline and now ----------------------------------------------------------------------------


def _pooled(table: MeasureTable, cells: Sequence[Cell]) -> tuple[float | None, float]:
    """The value of some months taken together, and how many people it rests on."""
    known = [cell for cell in cells if table.value(cell) is not None]
    if not known:
        return None, 0
    if table.type in ("count", "time_between"):
        return sum(cell.numerator or 0 for cell in known) / len(known), 0
    people = sum(cell.denominator or 0 for cell in known)
    whole = Cell(sum(cell.numerator or 0 for cell in known), people)
    return table.value(whole), people


def _standings(
    table: MeasureTable, charts: Sequence[Chart], number: Number, uid: str
) -> tuple[list[Standing], SafeString]:
    first = table.baseline_points or BASELINE
    if len(table.months) < first + NOW:
        return [], mark_safe("")
    ends = [
        (group, chart, _pooled(table, group.cells[:first]), _pooled(table, group.cells[-NOW:]))
        for group, chart in zip(table.drawn, charts, strict=True)
    ]
    values = [value for _g, _c, before, after in ends for value in (before[0], after[0])]
    bounds = (0, 100) if table.is_share else (0, None)
    scale = scale_for(values, bounds=bounds, goal=table.goal, most_ticks=3, room=0.1)
    rows = [
        _standing(table, group, chart, before, after, scale, number, uid)
        for group, chart, before, after in ends
    ]
    axis = dumbbell_axis_svg(
        scale,
        title=_("Scale"),
        uid=f"{uid}-axis",
        goal=table.goal,
        goal_label=_("Goal"),
        number=number,
    )
    return rows, mark_safe(axis)


def _standing(
    table: MeasureTable,
    group: GroupSeries,
    chart: Chart,
    before: tuple[float | None, float],
    after: tuple[float | None, float],
    scale: Scale,
    number: Number,
    uid: str,
) -> Standing:
    was, now = before[0], after[0]
    few = table.is_share and 0 < after[1] < FEW
    change, better = "", None
    if was is not None and now is not None:
        moved = round(now) - round(was) if table.is_share else now - was
        change = f"{moved:+.0f}" if table.is_share else f"{moved:+.1f}"
        change = "0" if float(change) == 0 else change.replace("-", "−")
        improved = moved > 0 if table.higher_is_better else moved < 0
        better = improved if _last_class(chart) in SIGNALS and moved else None
    words = [_("not shown") if value is None else number(value) for value in (was, now)]
    svg = dumbbell_svg(
        was,
        now,
        scale=scale,
        title=group.label,
        uid=f"{uid}-line-{group.code or 'all'}",
        goal=table.goal,
        point_class=_last_class(chart),
        few=few,
        number=number,
        desc=_("%(was)s at baseline, %(now)s now.") % {"was": words[0], "now": words[1]},
    )
    return Standing(
        group.code, group.label, words[0], words[1], change, better, few, mark_safe(svg)
    )


def _last_class(chart: Chart) -> PointClass:
    shown = [c for c in chart.point_class if c not in ("missing", "excluded")]
    return shown[-1] if shown else "common"


# --- the gap -------------------------------------------------------------------------------------


def _counts(cell: Cell) -> Counts | None:
    if cell.numerator is None or not cell.denominator:
        return None
    return cell.numerator, cell.denominator


def _rest(everybody: Cell, group: Cell) -> Counts | None:
    """Everybody but the group: a part can't be compared with the whole it is in."""
    whole, part = _counts(everybody), _counts(group)
    if whole is None or part is None:
        return None
    num, den = whole[0] - part[0], whole[1] - part[1]
    return (num, den) if den > 0 and 0 <= num <= den else None


def _gap(
    table: MeasureTable, labels: list[str], number: Number, flags: list[Flag], uid: str
) -> GapPicture | None:
    """The gap of the group that is furthest behind the reference, small groups last."""
    reference = table.by_code.get(table.reference or "")
    if not table.is_share or reference is None or not reference.has_numbers:
        return None
    found = [
        ((_people(group) >= FEW, behind), group, series)
        for group in table.drawn
        if group.code and group.code != reference.code
        for series in [_series(table, reference, group)]
        for behind in [_latest_gap(series)]
        if behind is not None and behind > 0
    ]
    if not found:
        return None
    _behind, group, series = max(found, key=lambda each: each[0])
    name = _("All others") if reference.is_everybody else reference.label
    said = gap_words(series)
    svg = gap_chart_svg(
        series,
        labels=labels,
        title=_("Gap of %(group)s: %(measure)s") % {"group": group.label, "measure": table.name},
        uid=f"{uid}-gap",
        reference_name=_short(name),
        group_name=_short(group.label),
        number=number,
        gap_name=_("Gap"),
        goal=table.goal,
        goal_label=_("Goal %(goal)s") % {"goal": number(table.goal)} if table.goal else None,
        flags=flags,
        desc=said,
    )
    return GapPicture(group.label, mark_safe(svg), said)


def _people(group: GroupSeries) -> float:
    """The people of a usual month."""
    sizes = sorted(cell.denominator for cell in group.cells if cell.denominator is not None)
    return sizes[len(sizes) // 2] if sizes else 0


def _short(name: str) -> str:
    """A name that fits beside the chart."""
    return name if len(name) <= 40 else f"{name[:39].rstrip()}…"


def _series(table: MeasureTable, reference: GroupSeries, group: GroupSeries) -> GapSeries:
    pairs = list(zip(reference.cells, group.cells, strict=True))
    base = [_rest(r, g) if reference.is_everybody else _counts(r) for r, g in pairs]
    return gap_series(
        base,
        [_counts(cell) for cell in group.cells],
        favourable=table.higher_is_better,
        freeze=table.baseline_points,
        masked=[at for at, (r, g) in enumerate(pairs) if r.hidden or g.hidden],
        profile=table.rule_profile,
        periods=table.months,
    )


def _latest_gap(series: GapSeries) -> float | None:
    """The mean gap of the last months that have one."""
    known = [each.value for each in series.gap if each is not None and each.value is not None]
    return sum(known[-NOW:]) / len(known[-NOW:]) if len(known) >= NOW else None


def gap_words(series: GapSeries) -> str:
    """The gap now with its interval, and what it was at first."""
    known = [each for each in series.gap if each is not None and each.value is not None]
    if not known:
        return _("No gap to show yet.")
    now, was = known[-1], known[0]
    low, high = now.low or 0.0, now.high or 0.0
    said = _("The gap is %(now)s points (%(low)s to %(high)s). It was %(was)s.") % {
        "now": _points(now.value),
        "low": _points(low),
        "high": _points(high),
        "was": _points(was.value),
    }
    if low <= 0 <= high:
        said += " " + _("One month alone is too small to tell.")
    return said


def _points(value: float | None) -> str:
    return plain_number()(value or 0.0)


# --- words ---------------------------------------------------------------------------------------


def sentence_words(told: Sentence) -> tuple[str, str]:
    """(lead, rest) of a chart's sentence in the reader's language."""
    leads = {
        "Improving.": _("Improving."),
        "Getting worse.": _("Getting worse."),
        "Was better.": _("Was better."),
        "Was worse.": _("Was worse."),
        "Changing.": _("Changing."),
        "Changed.": _("Changed."),
    }
    ways = {"above": _("above"), "below": _("below"), "up": _("up"), "down": _("down")}
    given = {**told.params, "side": ways.get(str(told.params.get("side", "")), "")}
    texts = {
        "all_masked": _("Too few people to show."),
        "no_data": _("No data yet."),
        "no_data_in_phase": _("No data in this phase yet."),
        "degenerate": _("No variation: points lie at %(centre)s."),
        "too_few": _("Too few points for rules yet: %(points)s of %(needed)s."),
        "no_signal": _("No signal. Points vary around %(centre)s."),
        "shift": _("%(count)s points in a row %(side)s %(centre)s, since %(first)s."),
        "shift_past": _("%(count)s points in a row %(side)s %(centre)s, %(first)s to %(last)s."),
        "trend": _("%(count)s points in a row going %(side)s, since %(first)s."),
        "trend_past": _("%(count)s points in a row going %(side)s, %(first)s to %(last)s."),
        "few_crossings": _(
            "Crossings of the median: %(crossings)s. Chance alone gives at least %(least)s."
        ),
        "many_runs": _("The points jump from side to side of %(centre)s more than by chance."),
    }
    lead = leads.get(told.lead, told.lead)
    if told.kind not in texts:
        return lead, told.text.removeprefix(told.lead).strip()
    return lead, texts[told.kind] % given


def _false_signals(charts: Sequence[Chart]) -> str:
    """How often charts like these signal by chance; said beside any number of signals."""
    rates = [chart.false_signal_rate for chart in charts if chart.false_signal_rate is not None]
    if not rates:
        return ""
    percent = max(1, round(100 * max(rates)))
    return _(
        "Rules: %(profile)s. About %(percent)s of 100 charts without any change show a signal."
    ) % {"profile": _profile(charts[0].profile), "percent": percent}


def _profile(name: str) -> str:
    names = {
        "anhoej2014": "Anhøj 2014",
        "ihi2011": "IHI 2011",
        "mdc": "Making Data Count",
        "western_electric": "Western Electric",
        "nelson": "Nelson",
    }
    return names.get(name, name if name in PROFILES else "")


def _numbers(table: MeasureTable, number: Number) -> list[NumberRow]:
    return [
        NumberRow(
            month_words(month),
            [_cell_words(table, group.cells[at], number) for group in table.groups],
        )
        for at, month in enumerate(table.months)
    ]


def _cell_words(table: MeasureTable, cell: Cell, number: Number) -> str:
    if cell.hidden:
        return "×"
    value = table.value(cell)
    if value is None:
        return "–" if cell.numerator is None else _("none")
    if cell.denominator is None:
        return number(value)
    return f"{number(value)} ({cell.numerator:,.0f}/{cell.denominator:,.0f})"
