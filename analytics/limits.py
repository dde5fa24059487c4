"""Centre lines and limits of control charts, one phase at a time."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from analytics.phases import Span
from analytics.profiles import Profile
from analytics.series import NAN, mean, median

Kind = Literal["i", "mr", "p", "pp", "u", "up", "c", "g", "t", "ip"]
EXACT = {
    "d2": 2 / math.sqrt(math.pi),
    "d3": math.sqrt(2 - 4 / math.pi),
    "E2": 3 * math.sqrt(math.pi) / 2,
    "D4": 1 + 3 * math.sqrt(math.pi / 2 - 1),
}
MR_TO_SIGMA = 1.128
MR_UPPER = 3.267
WEIBULL_TO_NORMAL = 3.6
GEOMETRIC_MEDIAN = 0.693


@dataclass(frozen=True, slots=True)
class Inputs:
    """A whole series. y: what is plotted; num, den: counts behind it (NaN where missing)."""

    y: list[float]
    num: list[float]
    den: list[float]


@dataclass(slots=True)
class Lines:
    """Lines of one phase, one entry per period of it.

    centre: drawn, and what runs are judged by. middle and sigma: what limits stand about, in the
    scale rules are judged in; levels: the plotted values in that scale. floor, ceiling: where
    limits end. back: from that scale to the plotted one. undefined_below: the line, in sigmas,
    that a package leaves out where it falls below zero.
    """

    centre: list[float]
    middle: list[float]
    sigma: list[float]
    levels: list[float]
    floor: float = -math.inf
    ceiling: float = math.inf
    back: Callable[[float], float] | None = None
    undefined_below: float | None = None
    sigma_z: float | None = None
    notes: list[str] = field(default_factory=list)

    def limit(self, sigmas: float) -> list[float]:
        """The line so many sigmas above (or below) the middle, clamped, in plotted units."""
        floor, ceiling, back = self.floor, self.ceiling, self.back
        lines = [
            middle + sigmas * sigma for middle, sigma in zip(self.middle, self.sigma, strict=True)
        ]
        if back is not None:
            undefined = sigmas == self.undefined_below
            lines = [NAN if undefined and value < 0 else back(value) for value in lines]
        return [
            floor if value < floor else ceiling if value > ceiling else value for value in lines
        ]


def moving_range(values: Sequence[float], *, screen: bool, upper: float = MR_UPPER) -> float:
    """Mean of the absolute differences of neighbours; those beside a missing value are left out.

    screen: leave out, once, those at or above their upper limit (Nelson 1982). NaN for none.
    """
    ranges = [
        abs(later - earlier)
        for earlier, later in pairwise(values)
        if earlier == earlier and later == later
    ]
    average = mean(ranges)
    if screen:
        average = mean([each for each in ranges if each < upper * average])
    return average


def baseline_rows(span: Span, excluded: frozenset[int]) -> list[int]:
    """Periods of the baseline in order, missing ones too, excluded ones not."""
    return [i for i in range(span.start, span.start + span.baseline_n) if i not in excluded]


def compute(
    kind: Kind,
    inputs: Inputs,
    span: Span,
    excluded: frozenset[int],
    rules: Profile,
    screen: bool,
) -> Lines:
    """Lines of one phase by the formulas of its kind."""
    rows = baseline_rows(span, excluded)
    if kind in ("i", "t"):
        return individuals(kind, inputs, span, rows, rules, screen)
    if kind == "mr":
        return moving_ranges(inputs, span, rows)
    if kind == "ip":
        return averages(inputs, span, rows, excluded, rules, screen)
    if kind in ("c", "g"):
        return counts(kind, inputs, span, rows, rules)
    return ratios(kind, inputs, span, rows, screen)


def individuals(
    kind: Kind, inputs: Inputs, span: Span, rows: list[int], rules: Profile, screen: bool
) -> Lines:
    """XmR; for times between events the same on the power-transformed scale (Montgomery)."""
    period = range(span.start, span.end)
    transformed = kind == "t"
    power = 1 / WEIBULL_TO_NORMAL if transformed else 1
    levels = {i: inputs.y[i] ** power if transformed else inputs.y[i] for i in period}
    base = [levels[i] for i in rows]
    middle = mean([value for value in base if value == value])
    sigma = moving_range(base, screen=screen) * rules.limit_factor / 3
    size = len(period)
    if not transformed:
        return Lines([middle] * size, [middle] * size, [sigma] * size, list(levels.values()))
    return Lines(
        centre=[power_back(middle)] * size,
        middle=[middle] * size,
        sigma=[sigma] * size,
        levels=list(levels.values()),
        floor=0.0,
        back=power_back,
        undefined_below=-2 if rules.parity else None,
    )


def power_back(value: float) -> float:
    """From the transformed scale of times to the plotted one; below zero there is no time."""
    if value != value:
        return NAN
    return math.pow(max(0.0, value), WEIBULL_TO_NORMAL)


def moving_ranges(inputs: Inputs, span: Span, rows: list[int]) -> Lines:
    """Limits of the moving ranges themselves: 0 to 3.267 times their mean, so about 0."""
    size = span.end - span.start
    centre = mean([inputs.y[i] for i in rows if inputs.y[i] == inputs.y[i]])
    sigma = centre * MR_UPPER / 3
    lines = Lines([centre] * size, [0.0] * size, [sigma] * size, inputs.y[span.start : span.end])
    lines.floor = 0.0
    return lines


def counts(kind: Kind, inputs: Inputs, span: Span, rows: list[int], rules: Profile) -> Lines:
    """c (Poisson counts) and g (cases between events, drawn about their median)."""
    size = span.end - span.start
    base = [inputs.y[i] for i in rows if inputs.y[i] == inputs.y[i]]
    average = mean(base)
    if average != average:
        sigma = NAN
    else:
        sigma = math.sqrt(average if kind == "c" else average * (average + 1))
    centre = average
    if kind == "g":
        frozen_by_us = span.frozen and not rules.parity
        centre = GEOMETRIC_MEDIAN * average if frozen_by_us else median(base)
    return Lines(
        centre=[centre] * size,
        middle=[average] * size,
        sigma=[sigma] * size,
        levels=inputs.y[span.start : span.end],
        floor=0.0,
    )


def ratios(kind: Kind, inputs: Inputs, span: Span, rows: list[int], screen: bool) -> Lines:
    """p and u with limits per denominator, and their primes by Laney's sigma of z."""
    period = range(span.start, span.end)
    known = [i for i in rows if inputs.y[i] == inputs.y[i]]
    cases = math.fsum(inputs.den[i] for i in known)
    centre = math.fsum(inputs.num[i] for i in known) / cases if cases else NAN
    variance = centre * (1 - centre) if kind in ("p", "pp") else centre
    sigma = [
        math.sqrt(max(0.0, variance) / inputs.den[i])
        if inputs.den[i] > 0 and variance == variance
        else NAN
        for i in period
    ]
    z = [(inputs.y[i] - centre) / s if (s := sigma[i - span.start]) > 0 else NAN for i in rows]
    sigma_z = moving_range(z, screen=screen) / MR_TO_SIGMA
    notes: list[str] = []
    if kind in ("pp", "up"):
        sigma = [s * sigma_z for s in sigma]
        if sigma_z < 1:
            notes.append("underdispersed")
    elif sigma_z > 1.5:
        notes.append("overdispersed")
    return Lines(
        centre=[centre] * len(period),
        middle=[centre] * len(period),
        sigma=sigma,
        levels=inputs.y[span.start : span.end],
        floor=0.0,
        ceiling=1.0 if kind in ("p", "pp") else math.inf,
        sigma_z=sigma_z if sigma_z == sigma_z else None,
        notes=notes,
    )


def averages(
    inputs: Inputs,
    span: Span,
    rows: list[int],
    excluded: frozenset[int],
    rules: Profile,
    screen: bool,
) -> Lines:
    """I' (Taylor): averages of unequal numbers of cases.

    The package spreads sigma over the whole phase, frozen or not; here only over the baseline,
    so that new points never move frozen limits.
    """
    period = range(span.start, span.end)
    known = [i for i in rows if inputs.y[i] == inputs.y[i]]
    cases = math.fsum(inputs.den[i] for i in known)
    centre = math.fsum(inputs.y[i] * inputs.den[i] for i in known) / cases if cases else NAN
    used = list(period) if rules.parity else rows
    spreads: list[float] = []
    for earlier, later in pairwise(used):
        step = abs(inputs.y[later] - inputs.y[earlier])
        if step == step:
            scale = math.sqrt(1 / inputs.den[earlier] + 1 / inputs.den[later])
            spreads.append(math.sqrt(math.pi / 2) * step / scale)
    average = mean(spreads)
    if screen:
        average = mean([each for each in spreads if each < 3.2665 * average])
    return Lines(
        centre=[centre] * len(period),
        middle=[centre] * len(period),
        sigma=[average / math.sqrt(d) if (d := inputs.den[i]) > 0 else NAN for i in period],
        levels=inputs.y[span.start : span.end],
    )
