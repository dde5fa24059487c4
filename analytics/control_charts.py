"""Control charts: limits from the data's own short-term variation, and rules about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.chart import Chart, Direction, Phase, PhaseResult, PointClass, Signal, Status
from analytics.hints import data_hints
from analytics.limits import Inputs, Kind, Lines, compute
from analytics.phases import SHORTEST_BASELINE, Span, spans
from analytics.profiles import Profile, profile_named
from analytics.run_charts import judge_runs, missing_and_few
from analytics.run_lengths import FEWEST_USEFUL, streaks_about, summarise
from analytics.series import (
    NAN,
    check_indices,
    check_periods,
    clean,
    on_line,
    optional,
    optionals,
    side_of,
)
from analytics.sigma_rules import judge, zones
from analytics.variation import assurance, class_of, sign_of, variation

ALIASES: dict[str, Kind] = {"xmr": "i", "p'": "pp", "u'": "up", "i'": "ip"}
KINDS: tuple[Kind, ...] = ("i", "mr", "p", "pp", "u", "up", "c", "g", "t", "ip")
SIGNED = ("i", "mr", "ip")
WITH_DENOMINATOR = ("p", "pp", "u", "up", "ip")
LOCKABLE = 12
DIRECTED = ("increase", "decrease")
PRECEDENCE = (
    "beyond_limits",
    "trend",
    "two_of_three",
    "four_of_five",
    "shift",
    "long_run",
)


@dataclass(slots=True)
class Drawn:
    """Lines of the whole series as they grow, phase by phase, before the multiplier."""

    centre: list[float]
    lower: list[float]
    upper: list[float]
    lower_warning: list[float]
    upper_warning: list[float]
    results: list[PhaseResult]
    signals: list[Signal]
    notes: list[str]
    sigma_z: float | None = None


def control_chart(
    kind: str,
    y: Sequence[float | None],
    den: Sequence[float | None] | None = None,
    *,
    phases: Sequence[Phase | int] = (),
    freeze: int | None = None,
    exclude: Collection[int] = (),
    multiplier: float = 1.0,
    screen_mr: bool = False,
    profile: str = "mdc",
    direction: Direction | None = None,
    target: float | None = None,
    periods: Sequence[Any] | None = None,
    masked: Collection[int] = (),
    natural_bounds: tuple[float, float] | None = None,
) -> Chart:
    """A control chart with limits per phase.

    kind: "i" or "xmr" and "mr" of values; "p", "pp" (p prime) of shares; "u", "up" of rates; "c" of
    counts; "g" of cases and "t" of time between events; "ip" (I prime) of averages. y: values, or
    numerators when there is a den (for "ip" the sums); one per period in time order, None where
    missing. multiplier: 100 turns shares into percent; lines come out multiplied, and target is in
    that unit. screen_mr: leave out extreme moving ranges. natural_bounds: clamps what is drawn,
    not what is judged. masked: dropped before anything is computed.

    Fewer than 6 points in a baseline give no limits, fewer than 12 trial limits; no variation
    gives "degenerate" and no limits. Rules need ten useful points. Raises ValueError for
    negative or infinite input, more events than cases in a proportion, times not above zero,
    periods unsorted or twice, and unknown kinds, profiles or indices.
    Montgomery, Introduction to SPC; Laney 2002; Taylor 2017; NHS Making Data Count.
    """
    kind = kind_named(kind)
    rules = profile_named(profile)
    num = clean(y, positive=kind == "t")
    hidden = check_indices("masked", masked, len(num))
    excluded = check_indices("exclude", exclude, len(num))
    check_periods(periods, len(num))
    missing, few = missing_and_few(num, den, hidden)
    cases = None if den is None else [None if i in hidden else d for i, d in enumerate(den)]
    inputs = inputs_of(kind, num, cases, phases)
    values = inputs.y
    if kind in ("p", "pp") and natural_bounds is None:
        natural_bounds = (0.0, multiplier)
    if kind in ("u", "up"):
        few = ()
    notes: list[str] = []
    cut = spans(values, phases, freeze, excluded, notes) if values else []
    drawn = Drawn([], [], [], [], [], [], [], notes)
    for span in cut:
        draw_phase(kind, inputs, span, excluded, rules, screen_mr, drawn)
    plotted = [multiplier * value for value in values]
    lines = [
        line if multiplier == 1 else [multiplier * each for each in line]
        for line in (
            drawn.centre,
            drawn.lower,
            drawn.upper,
            drawn.lower_warning,
            drawn.upper_warning,
        )
    ]
    if natural_bounds is not None and kind not in ("p", "pp"):
        low, high = natural_bounds
        lines[1:] = [[min(high, max(low, v)) if v == v else v for v in line] for line in lines[1:]]
    classes, sides, deciding = classify(values, excluded, drawn.signals, direction, rules)
    status: Status = drawn.results[-1].status if drawn.results else "no_data"
    if not any(value == value for value in values):
        status = "no_data"
    met = None
    if cut:
        ends = optional(lines[1][-1]), optional(lines[2][-1])
        met = assurance(target=target, direction=direction, lower=ends[0], upper=ends[1])
        if met is None and rules.parity and target is not None and direction in DIRECTED:
            met = "hit_or_miss"
    judged = bool(drawn.results) and any(r is not None for r in drawn.results[-1].rules.values())
    outside = {i for s in drawn.signals if s.rule == "beyond_limits" for i in s.indices}
    return Chart(
        kind=kind,
        profile=rules.name,
        value=optionals(plotted),
        cl=optionals(lines[0]),
        lcl=optionals(lines[1]),
        ucl=optionals(lines[2]),
        lwl=optionals(lines[3]),
        uwl=optionals(lines[4]),
        phase=tuple(span.number for span in cut for _ in range(span.start, span.end)),
        useful=tuple(
            i not in excluded and side_of(value, centre) != 0
            for i, (value, centre) in enumerate(zip(values, drawn.centre, strict=True))
        ),
        signals=tuple(drawn.signals),
        point_class=classes,
        point_side=sides,
        variation=variation(classes, sides) if judged or rules.parity else None,
        assurance=met,
        status=status,
        notes=tuple(dict.fromkeys([*drawn.notes, *data_hints(plotted, few, natural_bounds)])),
        phases=tuple(scaled_result(result, multiplier) for result in drawn.results),
        excluded=tuple(sorted(excluded)),
        masked=tuple(sorted(hidden)),
        few=few,
        direction=direction,
        target=target,
        false_signal_rate=(
            rules.false_signal_rate(drawn.results[-1].runs.n_useful) if drawn.results else None
        ),
        sigma_signal=tuple(i in outside for i in range(len(values))),
        missing=missing,
        sigma_z=drawn.sigma_z,
        point_rule=deciding,
    )


def kind_named(name: str) -> Kind:
    """Raises ValueError for an unknown kind."""
    for kind in KINDS:
        if kind == ALIASES.get(name, name):
            return kind
    raise ValueError(f"No control chart {name!r}. Known: {', '.join(KINDS)}.")


def inputs_of(
    kind: Kind,
    num: list[float],
    den: Sequence[float | None] | None,
    phases: Sequence[Phase | int],
) -> Inputs:
    """Values from counts. Raises ValueError for impossible ones or a den too many or missing."""
    if kind not in SIGNED and any(value < 0 for value in num):
        raise ValueError("Counts and times cannot be negative.")
    if kind not in WITH_DENOMINATOR:
        if den is not None and kind in ("c", "g", "t"):
            raise ValueError(f"A {kind} chart has no denominator.")
        plotted = moving(num, phases) if kind == "mr" else num
        return Inputs(plotted, num, [NAN] * len(num))
    if den is None:
        raise ValueError(f"A {kind} chart needs denominators.")
    cases = clean(den)
    y: list[float] = []
    for events, count in zip(num, cases, strict=True):
        if kind in ("p", "pp") and events > count:
            raise ValueError(f"A proportion cannot count {events:g} of {count:g}.")
        y.append(events / count if count > 0 else NAN)
    return Inputs(y, num, cases)


def moving(values: Sequence[float], phases: Sequence[Phase | int]) -> list[float]:
    """Absolute differences from the point before; none across a phase edge or a missing point."""
    starts = {phase if isinstance(phase, int) else phase.start for phase in phases} | {0}
    return [NAN if i in starts else abs(v - values[i - 1]) for i, v in enumerate(values)]


def draw_phase(
    kind: Kind,
    inputs: Inputs,
    span: Span,
    excluded: frozenset[int],
    rules: Profile,
    screen: bool,
    drawn: Drawn,
) -> None:
    """Add one phase's lines, findings and notes."""
    lines = compute(kind, inputs, span, excluded, rules, screen)
    drawn.notes += lines.notes
    if lines.sigma_z is not None:
        drawn.sigma_z = lines.sigma_z
    status, limits_shown = phase_status(inputs.y, span, lines, rules, drawn.notes)
    size = span.end - span.start
    blank = [NAN] * size
    drawn.centre += lines.centre
    for sigmas, line in (
        (-3, drawn.lower),
        (3, drawn.upper),
        (-2, drawn.lower_warning),
        (2, drawn.upper_warning),
    ):
        line += lines.limit(sigmas) if limits_shown else blank
    centre = lines.centre[0]
    result, fired = (
        judge_runs(inputs.y, span, centre, rules)
        if kind != "mr"
        else bare_runs(inputs.y, span, centre)
    )
    judged = dict(result.rules)
    enough = rules.parity or result.runs.n_useful >= FEWEST_USEFUL
    if rules.chart != "run":
        rows = rule_rows(inputs.y, span, excluded, rules)
        local = [i - span.start for i in rows]
        points = zones(
            rows,
            [lines.levels[i] for i in local],
            [lines.middle[i] for i in local],
            [lines.sigma[i] for i in local],
            [exact_side(inputs.y[i], centre, rules) for i in rows],
        )
        verdicts, found = judge(points, span.number, rules)
        if kind == "mr":
            found = [s for s in found if s.rule == "beyond_limits"]
            verdicts = {"beyond_limits": bool(found)}
        if status == "degenerate" and not rules.parity:
            found, verdicts = [], dict.fromkeys(verdicts, False)
        judged |= verdicts if enough else dict.fromkeys(verdicts)
        fired += found if enough else []
    drawn.signals += fired
    drawn.results.append(replace(result, rules=judged, status=status))


def bare_runs(
    values: Sequence[float], span: Span, centre: float
) -> tuple[PhaseResult, list[Signal]]:
    """Runs of moving ranges are counted but never judged: neighbours share a point."""
    stats = summarise(span.n_obs, streaks_about(values, centre, span.points))
    result = PhaseResult(
        span.start, span.end, optional(centre), span.baseline_n, span.frozen, stats, {}, "ok"
    )
    return result, []


def exact_side(value: float, centre: float, rules: Profile) -> int:
    """The side of the line; packages compare floats without tolerance."""
    if not rules.parity:
        return side_of(value, centre)
    return (value > centre) - (value < centre)


def rule_rows(
    values: Sequence[float], span: Span, excluded: frozenset[int], rules: Profile
) -> list[int]:
    """The points rules walk over. Missing ones are skipped, though a package stops at them."""
    return [
        i
        for i in range(span.start, span.end)
        if i not in excluded and (rules.parity or values[i] == values[i])
    ]


def phase_status(
    values: Sequence[float], span: Span, lines: Lines, rules: Profile, notes: list[str]
) -> tuple[Status, bool]:
    """(status of a phase, whether its limits are shown)."""
    if not span.points:
        return "no_data", False
    spread = [s for s in lines.sigma if s == s]
    if rules.parity:
        return "ok", bool(spread)
    points = len(span.baseline)
    if points > 1 and all(on_line(values[i], lines.centre[0]) for i in span.baseline):
        notes.append("zero_width")
        return "degenerate", False
    if points < SHORTEST_BASELINE:
        notes.append("limits_refused")
        return "too_few", False
    if not spread or not any(s > 1e-12 * max(1.0, abs(lines.centre[0])) for s in spread):
        notes.append("zero_width")
        return "degenerate", False
    if points < LOCKABLE:
        notes.append("trial_limits")
        return "trial_limits", True
    return "ok", True


def scaled_result(result: PhaseResult, multiplier: float) -> PhaseResult:
    centre = None if result.centre is None else result.centre * multiplier
    return replace(result, centre=centre)


def classify(
    values: Sequence[float],
    excluded: frozenset[int],
    signals: Sequence[Signal],
    direction: Direction | None,
    rules: Profile,
) -> tuple[tuple[PointClass, ...], tuple[int, ...], tuple[str | None, ...]]:
    """(class, side, deciding rule) of every point by the order of precedence.

    Trends speak by their slope. Where a profile says so an improvement outweighs a concern.
    """
    sides = [0] * len(values)
    deciding: list[str | None] = [None] * len(values)
    better = 0
    if rules.improvement_wins and direction in DIRECTED:
        better = 1 if direction == "increase" else -1
    for rule in reversed(PRECEDENCE):
        for signal in signals:
            if signal.rule != rule:
                continue
            for index in signal.indices:
                sign = sign_of(signal.side)
                if rule == "trend" and rules.parity:
                    sign = slope_at(values, signals, index)
                if better and sides[index] == better and sign != better:
                    continue
                sides[index], deciding[index] = sign, rule
    classes: list[PointClass] = []
    for index, value in enumerate(values):
        if value != value:
            classes.append("missing")
        elif index in excluded:
            classes.append("excluded")
        else:
            classes.append(class_of(sides[index], direction))
    return tuple(classes), tuple(sides), tuple(deciding)


def slope_at(values: Sequence[float], signals: Sequence[Signal], index: int) -> int:
    """The slope NHSRplotthedots gives a trend point: to the right if that one trends too."""
    trending = {i for s in signals if s.rule == "trend" for i in s.indices}
    start = index if index + 1 in trending else index - 1
    return 1 if values[start + 1] > values[start] else -1
