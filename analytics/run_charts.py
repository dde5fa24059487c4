"""Run charts: a median and rules about the runs of points on its two sides."""

from collections.abc import Collection, Sequence
from typing import Any

from analytics.chart import (
    Chart,
    Direction,
    Phase,
    PhaseResult,
    PointClass,
    Signal,
    Status,
)
from analytics.hints import data_hints
from analytics.phases import Span, spans
from analytics.profiles import Profile, profile_named
from analytics.run_lengths import FEWEST_USEFUL, Runs, movements, streaks_about, summarise
from analytics.series import (
    MISSING_NONE_ELIGIBLE,
    MISSING_NOT_REPORTED,
    NAN,
    check_indices,
    check_periods,
    clean,
    median,
    optional,
    optionals,
    side_of,
)
from analytics.variation import class_of, sign_of, variation

FEW_CASES = 20


def run_chart(
    y: Sequence[float | None],
    *,
    phases: Sequence[Phase | int] = (),
    freeze: int | None = None,
    exclude: Collection[int] = (),
    profile: str = "anhoej2014",
    direction: Direction | None = None,
    target: float | None = None,
    den: Sequence[float | None] | None = None,
    periods: Sequence[Any] | None = None,
    masked: Collection[int] = (),
    natural_bounds: tuple[float, float] | None = None,
) -> Chart:
    """A run chart about the median of each phase's baseline.

    y: one value per period in time order, any single unit, None where missing. freeze: compute
    each line from the first n periods of its phase. exclude: drawn, but in no computation.
    den: cases behind each value; 0 makes the value missing, below 20 marks it as few. masked:
    hidden for privacy, dropped before anything is computed. natural_bounds: (0, 100) for a
    percentage, to hint when most points sit on a bound.

    Rules need ten useful points in a phase: with fewer they are None and status is "too_few".
    Raises ValueError for infinite values, periods unsorted or twice, or unknown indices.
    Perla, Provost & Murray 2011 (ihi2011); Anhoej & Olesen 2014 (anhoej2014).
    """
    rules = profile_named(profile)
    values = clean(y)
    check_periods(periods, len(values))
    excluded = check_indices("exclude", exclude, len(values))
    hidden = check_indices("masked", masked, len(values))
    missing, few = missing_and_few(values, den, hidden)
    notes: list[str] = []
    cut = spans(values, phases, freeze, excluded, notes) if values else []
    centres: list[float] = []
    results: list[PhaseResult] = []
    signals: list[Signal] = []
    for span in cut:
        centre = median([values[i] for i in span.baseline])
        result, fired = judge_runs(values, span, centre, rules)
        centres += [centre] * (span.end - span.start)
        results.append(result)
        signals += fired
    notes += data_hints(values, few, natural_bounds)
    classes, sides = classify(values, excluded, signals, direction)
    status: Status = results[-1].status if results else "no_data"
    if not any(value == value for value in values):
        status = "no_data"
    blank = (None,) * len(values)
    return Chart(
        kind="run",
        profile=rules.name,
        value=optionals(values),
        cl=optionals(centres),
        lcl=blank,
        ucl=blank,
        lwl=blank,
        uwl=blank,
        phase=tuple(span.number for span in cut for _ in range(span.start, span.end)),
        useful=tuple(
            i not in excluded and side_of(value, centre) != 0
            for i, (value, centre) in enumerate(zip(values, centres, strict=True))
        ),
        signals=tuple(signals),
        point_class=classes,
        point_side=sides,
        variation=None if status != "ok" else variation(classes, sides),
        assurance=None,
        status=status,
        notes=tuple(dict.fromkeys(notes)),
        phases=tuple(results),
        excluded=tuple(sorted(excluded)),
        masked=tuple(sorted(hidden)),
        few=few,
        direction=direction,
        target=target,
        false_signal_rate=rules.false_signal_rate(results[-1].runs.n_useful) if results else None,
        missing=missing,
    )


def missing_and_few(
    values: list[float], den: Sequence[float | None] | None, hidden: frozenset[int]
) -> tuple[tuple[str | None, ...], tuple[int, ...]]:
    """Blank out masked values and those without cases; say why each is missing.

    Returns (reason per period, indices with fewer than 20 cases). Raises ValueError when the
    denominators are negative, infinite or not as many as the values.
    """
    cases = clean(den) if den is not None else [NAN] * len(values)
    if len(cases) != len(values):
        raise ValueError(f"{len(cases)} denominators for {len(values)} values.")
    reasons: list[str | None] = []
    few: list[int] = []
    for index, count in enumerate(cases):
        if count < 0:
            raise ValueError("A denominator cannot be negative.")
        if index in hidden or count == 0:
            values[index] = NAN
        if index in hidden:
            reasons.append("masked")
        elif count == 0:
            reasons.append(MISSING_NONE_ELIGIBLE)
        elif values[index] != values[index]:
            reasons.append(MISSING_NOT_REPORTED)
        else:
            reasons.append(None)
            if count < FEW_CASES:
                few.append(index)
    return tuple(reasons), tuple(few)


def judge_runs(
    values: Sequence[float], span: Span, centre: float, rules: Profile
) -> tuple[PhaseResult, list[Signal]]:
    """The runs rules of one profile over one phase."""
    streaks = streaks_about(values, centre, span.points)
    stats = summarise(span.n_obs, streaks)
    enough = stats.n_useful >= FEWEST_USEFUL
    judged: dict[str, bool | None] = {}
    fired: list[Signal] = []

    def note(rule: str, found: list[Signal], applies: bool) -> None:
        judged[rule] = bool(found) if applies else None
        if applies:
            fired.extend(found)

    if rules.anhoej:
        limit = stats.longest_limit or 0
        long = [s for s in streaks if stats.n_useful and len(s.indices) > limit]
        note(
            "long_run",
            [Signal("long_run", "shift", s.indices, span.number, s.side) for s in long],
            enough or rules.parity,
        )
        useful = tuple(i for s in streaks for i in s.indices)
        crossed = [Signal("few_crossings", "runs", useful, span.number, None)]
        note("few_crossings", crossed if stats.few_crossings else [], enough or rules.parity)
    if rules.chart == "run" and rules.shift is not None:
        shifted = [s for s in streaks if len(s.indices) >= rules.shift]
        note(
            "shift",
            [Signal("shift", "shift", s.indices, span.number, s.side) for s in shifted],
            enough,
        )
    if rules.chart == "run" and rules.trend is not None:
        moving = [m for m in movements(values, span.points) if len(m.indices) >= rules.trend]
        note(
            "trend",
            [Signal("trend", "trend", m.indices, span.number, m.side) for m in moving],
            enough,
        )
    if rules.runs_table:
        useful = tuple(i for s in streaks for i in s.indices)
        for rule, broken in (("few_runs", stats.too_few), ("many_runs", stats.too_many)):
            found = [Signal(rule, "runs", useful, span.number, None)] if broken else []
            note(rule, found, broken is not None)
        fired += candidates(values, span, centre)
    result = PhaseResult(
        start=span.start,
        end=span.end,
        centre=optional(centre),
        baseline_n=span.baseline_n,
        frozen=span.frozen,
        runs=stats,
        rules=judged,
        status=runs_status(stats, len(span.points)),
    )
    return result, fired


def candidates(values: Sequence[float], span: Span, centre: float) -> list[Signal]:
    """Points more than five median absolute deviations off the line, for a person to judge.

    Our own heuristic: whether a point is astronomical is a judgement, never a computation.
    """
    spread = median([abs(values[i] - centre) for i in span.points])
    if spread != spread or spread == 0:
        return []
    return [
        Signal("astronomical", "candidate", (i,), span.number, "above" if off > 0 else "below")
        for i in span.points
        if abs(off := values[i] - centre) > 5 * spread
    ]


def runs_status(stats: Runs, points: int) -> Status:
    """The status of a phase judged by runs alone."""
    if points == 0:
        return "no_data"
    if stats.n_useful == 0 and points > 1:
        return "degenerate"
    return "ok" if stats.n_useful >= FEWEST_USEFUL else "too_few"


def classify(
    values: Sequence[float],
    excluded: frozenset[int],
    signals: Sequence[Signal],
    direction: Direction | None,
) -> tuple[tuple[PointClass, ...], tuple[int, ...]]:
    """The class and side of every point. A shift outweighs a trend, the weaker finding."""
    sides = [0] * len(values)
    for kind in ("trend", "shift"):
        for signal in signals:
            if signal.kind == kind:
                for index in signal.indices:
                    sides[index] = sign_of(signal.side)
    classes: list[PointClass] = []
    for index, value in enumerate(values):
        if value != value:
            classes.append("missing")
        elif index in excluded:
            classes.append("excluded")
        else:
            classes.append(class_of(sides[index], direction))
    return tuple(classes), tuple(sides)
