"""The gap between a group and the reference: over time, now against baseline, and summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts import Flag, gap_chart_svg
from analytics.gap_series import GapSeries, gap_series
from analytics.gaps import Counts, GapChange, Reference, Stratum, gap, gap_change
from analytics.inequalities import (
    HIDDEN_GROUPS,
    NOT_EXCLUSIVE,
    TOO_FEW_FOR_SPREAD,
    TOO_FEW_GROUPS,
    NotApplicable,
    inequality,
)
from analytics.inequalities import Measure as Index
from analytics.intervals import Interval
from analytics.words import Number, plain_number
from collaboratives.queries.measure_charts.drawing import left_out, phases_of, profile_for
from collaboratives.queries.measure_charts.standings import FEW
from collaboratives.queries.measures import Cell, GroupSeries, MeasureTable
from collaboratives.states import ChartKind


@dataclass(frozen=True)
class GapPicture:
    """chosen: the team named this group; else it is the one furthest behind."""

    label: str
    reference: str
    chosen: bool
    svg: SafeString
    sentence: str
    change: str


@dataclass(frozen=True)
class GapLine:
    """One group against the reference in the last months, absolute and relative, in words."""

    label: str
    rate: str
    gap: str
    ratio: str
    verdict: str


@dataclass(frozen=True)
class IndexLine:
    """One summary of all gaps, or why it does not exist."""

    label: str
    value: str
    reason: str


@dataclass(frozen=True)
class GapSummary:
    reference: str
    lines: list[GapLine]
    indices: list[IndexLine]


def counts_of(cell: Cell) -> Counts | None:
    if cell.numerator is None or not cell.denominator:
        return None
    return cell.numerator, cell.denominator


def _rest(everybody: Cell, group: Cell) -> Counts | None:
    """Everybody but the group: a part can't be compared with the whole it is in."""
    whole, part = counts_of(everybody), counts_of(group)
    if whole is None or part is None:
        return None
    num, den = whole[0] - part[0], whole[1] - part[1]
    return (num, den) if den > 0 and 0 <= num <= den else None


def pairs_of(
    table: MeasureTable, reference: GroupSeries, group: GroupSeries
) -> list[tuple[Counts, Counts] | None]:
    """((num, den) of the reference, of the group) by month; None where either is not shown."""
    out = {*left_out(table, reference.code), *left_out(table, group.code)}
    pairs: list[tuple[Counts, Counts] | None] = []
    for at, (first, second) in enumerate(zip(reference.cells, group.cells, strict=True)):
        base = _rest(first, second) if reference.is_everybody else counts_of(first)
        own = counts_of(second)
        pairs.append((base, own) if base and own and at not in out else None)
    return pairs


def reference_of(table: MeasureTable) -> GroupSeries | None:
    """The group that gaps are measured from, if the reader may see it."""
    reference = table.by_code.get(table.reference or "")
    if not table.is_share or reference is None or not reference.has_numbers:
        return None
    return reference


def reference_words(reference: GroupSeries) -> str:
    return _("All others") if reference.is_everybody else reference.label


def gap_of(
    table: MeasureTable, labels: list[str], number: Number, flags: list[Flag], uid: str
) -> GapPicture | None:
    """The gap of the group that the team chose; without a choice, of the one furthest behind."""
    reference = reference_of(table)
    if reference is None:
        return None
    group = group_of(table, reference)
    if group is None:
        return None
    pairs = pairs_of(table, reference, group)
    series = _series(table, reference, group, pairs)
    change = change_of(table, pairs)
    said = gap_words(series, change)
    name = reference_words(reference)
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
    chosen = bool(table.gap_group) and group.code == table.gap_group
    return GapPicture(
        group.label, name, chosen, mark_safe(svg), said, change_words(change, group.label, name)
    )


def group_of(table: MeasureTable, reference: GroupSeries) -> GroupSeries | None:
    """None too when the chosen group is hidden: another one would be a different gap."""
    if table.gap_group:
        chosen = table.by_code.get(table.gap_group)
        if chosen is None or chosen.code == reference.code or not chosen.has_numbers:
            return None
        return chosen if any(pairs_of(table, reference, chosen)) else None
    behind = [
        ((_people(group) >= FEW, latest), group)
        for group in table.drawn
        if group.code and group.code != reference.code
        for latest in [_latest(table, reference, group)]
        if latest is not None and latest > 0
    ]
    return max(behind, key=lambda each: each[0])[1] if behind else None


def _people(group: GroupSeries) -> float:
    """The people of a usual month."""
    sizes = sorted(cell.denominator for cell in group.cells if cell.denominator is not None)
    return sizes[len(sizes) // 2] if sizes else 0


def _short(name: str) -> str:
    """A name that fits beside the chart."""
    return name if len(name) <= 40 else f"{name[:39].rstrip()}…"


def _series(
    table: MeasureTable,
    reference: GroupSeries,
    group: GroupSeries,
    pairs: Sequence[tuple[Counts, Counts] | None],
) -> GapSeries:
    both = zip(reference.cells, group.cells, strict=True)
    return gap_series(
        [pair and pair[0] for pair in pairs],
        [pair and pair[1] for pair in pairs],
        favourable=table.higher_is_better,
        phases=phases_of(table, group.code),
        masked=[at for at, (r, g) in enumerate(both) if r.hidden or g.hidden],
        profile=profile_for(table, ChartKind.RUN),
        periods=table.months,
    )


def _latest(table: MeasureTable, reference: GroupSeries, group: GroupSeries) -> float | None:
    """The mean gap of the last months that have one."""
    pairs = [pair for pair in pairs_of(table, reference, group) if pair][-table.latest :]
    if len(pairs) < table.latest:
        return None
    sign = 1 if table.higher_is_better else -1
    gaps = [sign * (base[0] / base[1] - own[0] / own[1]) for base, own in pairs]
    return sum(gaps) / len(gaps)


def _pool(pairs: Sequence[tuple[Counts, Counts] | None]) -> tuple[Counts, Counts] | None:
    """Some months taken together."""
    known = [pair for pair in pairs if pair]
    if not known:
        return None
    return (
        (sum(base[0] for base, _own in known), sum(base[1] for base, _own in known)),
        (sum(own[0] for _base, own in known), sum(own[1] for _base, own in known)),
    )


def change_of(
    table: MeasureTable, pairs: Sequence[tuple[Counts, Counts] | None]
) -> GapChange | None:
    """Baseline months against the last ones; None before there are enough."""
    first = table.baseline
    if len(pairs) < first + table.latest:
        return None
    before, after = _pool(pairs[:first]), _pool(pairs[-table.latest :])
    if before is None or after is None:
        return None
    return gap_change(before, after, favourable=table.higher_is_better)


# --- words ---------------------------------------------------------------------------------------


def gap_words(series: GapSeries, change: GapChange | None) -> str:
    """The gap now with its interval and what it was. Of the latest month, where the months are
    too few to take some together."""
    if change is not None:
        now, was = change.gap1, change.gap0.value
        values = [100 * (v or 0) for v in (now.value, now.low, now.high, was)]
    else:
        known = [each for each in series.gap if each is not None and each.value is not None]
        if not known:
            return _("No gap to show yet.")
        now = known[-1]
        values = [v or 0 for v in (now.value, now.low, now.high, known[0].value)]
    said = ngettext(
        "The gap is %(now)s point (%(low)s to %(high)s). It was %(was)s.",
        "The gap is %(now)s points (%(low)s to %(high)s). It was %(was)s.",
        abs(round(values[0])),
    ) % {name: _points(v) for name, v in zip(("now", "low", "high", "was"), values, strict=True)}
    if (now.low or 0) <= 0 <= (now.high or 0):
        said += " " + _("It is too small to tell from none.")
    return said


def change_words(change: GapChange | None, group: str, reference: str) -> str:
    """Whether the gap changed, no more surely than its interval allows, and who moved."""
    if change is None:
        return ""
    own, other = round(100 * change.group_change), round(100 * change.reference_change)
    moved = f"{group}: {_signed_points(own)}. {reference}: {_signed_points(other)}."
    if change.verdict == "no clear change":
        return _("The change since baseline is too small to tell.") + " " + moved
    if change.verdict == "widening":
        return _("The gap became larger.") + " " + moved
    movers = {
        "levelled_up": _("The gap became smaller because the group did better."),
        "levelled_down": _("The gap became smaller because the others did worse."),
        "both": _("The gap became smaller: the group did better and the others worse."),
        "mixed": _("The gap became smaller."),
    }
    mover = change.mover
    if mover == "both":
        # Nobody is said to have moved whose change beside it reads 0.
        mover = "levelled_up" if other == 0 else "levelled_down" if own == 0 else mover
    return movers[mover] + " " + moved


def _points(value: float) -> str:
    return plain_number()(value)


def _signed_points(points: int) -> str:
    signed = f"{points:+d}".replace("-", "−").replace("+0", "0")
    return ngettext("%(signed)s point", "%(signed)s points", abs(points)) % {"signed": signed}


# --- all groups against the reference ------------------------------------------------------------


def summary_of(table: MeasureTable, number: Number) -> GapSummary | None:
    """Every group in the last months, and summaries of all gaps where they may be computed."""
    reference = reference_of(table)
    if reference is None or not table.months:
        return None
    groups = [g for g in table.groups if g.code and not g.missing_kind]
    strata = [_recent(table, group, sort) for sort, group in enumerate(groups)]
    if reference.is_everybody:
        lines = [
            line
            for group in groups
            if (line := _against_others(table, reference, group, number)) is not None
        ]
        named = None
    else:
        rows = gap(strata, reference.code, table.higher_is_better, multiplier=100)
        labels = {group.code: group.label for group in groups}
        lines = [_line(labels[row.name], row.rate, row.difference, row.ratio, number)
                 for row in rows if row.rate is not None and not row.is_reference]  # fmt: skip
        named = reference.code
    if not lines:
        return None
    return GapSummary(reference_words(reference), lines, _indices(table, strata, named))


def _recent(table: MeasureTable, group: GroupSeries, sort: int) -> Stratum:
    """The group's last months together; suppressed when any of them is hidden."""
    out = left_out(table, group.code)
    at = range(max(0, len(table.months) - table.latest), len(table.months))
    cells = [group.cells[i] for i in at if i not in out]
    known = [counts for cell in cells if (counts := counts_of(cell))]
    return Stratum(
        name=group.code,
        num=sum(num for num, _den in known) if known else None,
        den=sum(den for _num, den in known) if known else None,
        sort=sort,
        suppressed=any(cell.hidden for cell in cells),
    )


def _against_others(
    table: MeasureTable, everybody: GroupSeries, group: GroupSeries, number: Number
) -> GapLine | None:
    pool = _pool(pairs_of(table, everybody, group)[-table.latest :])
    if pool is None:
        return None
    (num, den), (own, size) = pool
    strata = [Stratum("others", num, den, 0), Stratum("group", own, size, 1)]
    row = gap(strata, Reference("group", "others"), table.higher_is_better, multiplier=100)[1]
    return _line(group.label, row.rate, row.difference, row.ratio, number)


def _line(
    label: str,
    rate: Interval | None,
    difference: Interval | None,
    ratio: Interval | None,
    number: Number,
) -> GapLine:
    verdict = ""
    if difference is not None and difference.low is not None and difference.high is not None:
        if difference.low > 0:
            verdict = _("behind")
        else:
            verdict = _("ahead") if difference.high < 0 else _("too small to tell")
    return GapLine(
        label,
        "–" if rate is None or rate.value is None else number(rate.value),
        _spread(difference, _points),
        _spread(ratio, lambda value: f"{value:.2f}"),
        verdict,
    )


def _spread(interval: Interval | None, write: Number) -> str:
    """12 (5 to 19)."""
    if interval is None or interval.value is None:
        return _("not to be estimated")
    if interval.low is None or interval.high is None:
        return write(interval.value)
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": write(interval.value),
        "low": write(interval.low),
        "high": write(interval.high),
    }


def _indices(
    table: MeasureTable, strata: Sequence[Stratum], reference: str | None
) -> list[IndexLine]:
    found = inequality(
        strata, table.higher_is_better, reference=reference, exclusive=table.exclusive
    )
    names = {
        "max_difference": _("Largest difference between two groups"),
        "summary_rate_ratio": _("Best rate over the mean of the others"),
        "mdm_weighted": _("Mean distance from the average, weighted"),
        "par": _("What everybody would gain at the best rate"),
    }
    lines = []
    for key, label in names.items():
        one = found if isinstance(found, NotApplicable) else found.get(key)
        if isinstance(one, Index) and one.value is not None:
            digits = ".2f" if key == "summary_rate_ratio" else ".1f"
            lines.append(IndexLine(label, f"{one.value:{digits}}", ""))
        elif isinstance(one, NotApplicable):
            lines.append(IndexLine(label, "–", index_reason(one.reason)))
    return lines


def index_reason(reason: str) -> str:
    """Why a summary does not exist."""
    texts = {
        TOO_FEW_GROUPS: _("Fewer than two groups can be shown."),
        TOO_FEW_FOR_SPREAD: _("A spread needs three groups that can be shown."),
        HIDDEN_GROUPS: _("Some groups are hidden, so shares of the whole are not known."),
        NOT_EXCLUSIVE: _(
            "People count in several groups, so shares add up to more than the whole."
        ),
    }
    return texts.get(reason, reason)
