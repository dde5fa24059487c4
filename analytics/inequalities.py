"""Summary measures of inequality between groups."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.gaps import Counts, Stratum
from analytics.gradients import gradient_measures
from analytics.intervals import quantile


@dataclass(frozen=True, slots=True)
class Measure:
    """A summary with its standard error and 95% interval, None where there is none."""

    value: float | None
    se: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Why a number does not exist."""

    reason: str


Measures = Mapping[str, Measure | NotApplicable]
TOO_FEW_GROUPS = "fewer than two groups can be shown"
TOO_FEW_FOR_SPREAD = "a spread needs three groups that can be shown"
HIDDEN_GROUPS = "some groups are hidden, so shares of the whole are not known"
NOT_EXCLUSIVE = "people count in several groups, so shares add up to more than the whole"
NEEDS_REFERENCE = "no usable reference group"
ZERO_RATE = 1e-6


@dataclass(frozen=True, slots=True)
class Groups:
    """Rates y with standard errors s (same unit), sizes n and shares p, in category order."""

    names: tuple[str, ...]
    y: tuple[float, ...]
    s: tuple[float, ...]
    n: tuple[float, ...]
    p: tuple[float, ...]
    mu: float
    scale: float
    favourable: bool

    @property
    def sign(self) -> int:
        return 1 if self.favourable else -1

    @property
    def best(self) -> int:
        """The first of the best groups, in category order."""
        return max(range(len(self.y)), key=lambda j: self.sign * self.y[j])


def inequality(
    strata: Sequence[Stratum],
    favourable: bool,
    ordered: bool = False,
    *,
    reference: str | None = None,
    kind: Literal["proportion", "rate"] = "proportion",
    multiplier: float = 100.0,
    exclusive: bool = True,
) -> Measures | NotApplicable:
    """Every summary measure that the groups allow, by name.

    strata: groups with their counts; those with a missing_kind are left out. favourable: more is
    better. ordered: groups are given by `sort` from the most to the least disadvantaged.
    reference: the group for the measures that need one. exclusive: everybody is in one group.
    Unit: rates per multiplier; ratios, indices and RII have none; PAF, COV and indices of
    disparity are percent; Theil and MLD are not multiplied.

    Returns NotApplicable with fewer than two groups that can be shown; single measures are
    NotApplicable where theirs cannot be computed, with the reason. Raises ValueError for an
    unknown reference.
    Schlotheuber & Hosseinpoor, IJERPH 2022;19:3697; Healthy People 2030; HD*Calc; WHO HEAT.
    """
    known = sorted(
        (each for each in strata if each.missing_kind is None), key=lambda s: (s.sort, s.name)
    )
    if reference is not None and reference not in {each.name for each in known}:
        raise ValueError(f"No group {reference!r} to compare with.")
    shown = [(each.name, counts) for each in known if (counts := each.counts) is not None]
    if len(shown) < 2:
        return NotApplicable(TOO_FEW_GROUPS)
    groups = group_rates(shown, favourable, kind, multiplier)
    measures: dict[str, Measure | NotApplicable] = dict(simple_measures(groups, ordered))
    measures |= reference_measures(groups, reference)
    whole = whole_reason(exclusive, any(each.suppressed for each in known))
    for names, compute in (
        (SPREAD_UNWEIGHTED, unweighted_spread),
        (SPREAD_WEIGHTED, weighted_spread),
    ):
        reason = TOO_FEW_FOR_SPREAD if len(shown) < 3 else None
        if compute is weighted_spread:
            reason = whole or reason
        found = dict.fromkeys(names, NotApplicable(reason)) if reason else compute(groups, ordered)
        measures |= found
    if reference is not None and len(shown) >= 3:
        measures |= distances_from_reference(groups, reference, whole)
    if ordered:
        reason = whole or (TOO_FEW_FOR_SPREAD if len(shown) < 3 else None)
        measures |= ordered_measures(groups, reason)
    return measures


def whole_reason(exclusive: bool, hidden: bool) -> str | None:
    """Why shares of the whole are unknown, if they are."""
    if not exclusive:
        return NOT_EXCLUSIVE
    return HIDDEN_GROUPS if hidden else None


def group_rates(
    shown: Sequence[tuple[str, Counts]], favourable: bool, kind: str, multiplier: float
) -> Groups:
    total = math.fsum(den for _, (_, den) in shown)
    y, s = [], []
    for _, (num, den) in shown:
        rate = num / den
        y.append(multiplier * rate)
        variance = num / den**2 if kind == "rate" else rate * (1 - rate) / den
        s.append(multiplier * math.sqrt(max(0.0, variance)))
    p = [den / total for _, (_, den) in shown]
    return Groups(
        names=tuple(name for name, _ in shown),
        y=tuple(y),
        s=tuple(s),
        n=tuple(den for _, (_, den) in shown),
        p=tuple(p),
        mu=math.fsum(share * rate for share, rate in zip(p, y, strict=True)),
        scale=multiplier,
        favourable=favourable,
    )


def around(value: float, se: float) -> Measure:
    half = quantile(0.95) * se
    return Measure(value, se, value - half, value + half)


def difference(groups: Groups, high: int, low: int) -> Measure:
    return around(groups.y[high] - groups.y[low], math.hypot(groups.s[high], groups.s[low]))


def quotient(groups: Groups, high: int, low: int) -> Measure:
    """A ratio with a log-normal interval; se is that of the logarithm."""
    y1, y2 = groups.y[high], groups.y[low]
    if y2 == 0:
        return Measure(None)
    if y1 == 0:
        return Measure(0.0)
    se = math.hypot(groups.s[high] / y1, groups.s[low] / y2)
    half = quantile(0.95) * se
    ratio = y1 / y2
    return Measure(ratio, se, ratio * math.exp(-half), ratio * math.exp(half))


def over(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def simple_measures(groups: Groups, ordered: bool) -> Measures:
    """Between extremes; for ordered groups between the ends of the order."""
    y, last = groups.y, len(groups.y) - 1
    high, low = y.index(max(y)), y.index(min(y))
    if ordered:
        high, low = (last, 0) if groups.favourable else (0, last)
    others = [rate for j, rate in enumerate(y) if j != groups.best]
    rest, best = math.fsum(others) / len(others), y[groups.best]
    summary = over(best, rest) if groups.favourable else over(rest, best)
    apart = math.fsum(abs(rate - best) for rate in others) / len(others)
    return {
        "difference": difference(groups, high, low),
        "ratio": quotient(groups, high, low),
        "max_difference": Measure(max(y) - min(y)),
        "max_ratio": Measure(over(max(y), min(y))),
        "summary_rate_ratio": Measure(summary),
        "disparity_from_best": Measure(over(100 * apart, best)),
        "excess_events": Measure(
            math.fsum(n * abs(rate - best) for n, rate in zip(groups.n, y, strict=True))
            / groups.scale
        ),
    }


def reference_measures(groups: Groups, reference: str | None) -> Measures:
    """The widest gap from a chosen group: it against the lowest (or highest) of the others."""
    names = ("reference_difference", "reference_ratio")
    if reference is None or reference not in groups.names:
        return dict.fromkeys(names, NotApplicable(NEEDS_REFERENCE))
    chosen = groups.names.index(reference)
    others = [j for j in range(len(groups.y)) if j != chosen]
    far = min(others, key=lambda j: groups.sign * groups.y[j])
    high, low = (chosen, far) if groups.favourable else (far, chosen)
    return {names[0]: difference(groups, high, low), names[1]: quotient(groups, high, low)}


SPREAD_UNWEIGHTED = ("mdm_unweighted", "mdb_unweighted", "disparity_unweighted")
SPREAD_WEIGHTED = (
    "bgv",
    "bgsd",
    "cov",
    "mdm_weighted",
    "mdb_weighted",
    "disparity_weighted",
    "theil",
    "mld",
    "par",
    "paf",
)


def unweighted_spread(groups: Groups, ordered: bool) -> Measures:
    """Mean distances that count every group alike, from the overall rate and the best group."""
    size, best = len(groups.y), groups.y[groups.best]
    from_mean = math.fsum(abs(rate - groups.mu) for rate in groups.y) / size
    return {
        "mdm_unweighted": Measure(from_mean),
        "mdb_unweighted": Measure(math.fsum(abs(rate - best) for rate in groups.y) / size),
        "disparity_unweighted": Measure(over(100 * from_mean, groups.mu)),
    }


def weighted_spread(groups: Groups, ordered: bool) -> Measures:
    """Spread about the overall rate, weighted by size, and what is attributable to it."""
    mu, best = groups.mu, groups.y[groups.best]
    pairs = list(zip(groups.p, groups.y, strict=True))
    bgv = math.fsum(p * (y - mu) ** 2 for p, y in pairs)
    from_mean = math.fsum(p * abs(y - mu) for p, y in pairs)
    theil, mld = entropy(pairs)
    par, paf = attributable(groups, ordered)
    return {
        "bgv": around(bgv, bgv_se(groups)),
        "bgsd": Measure(math.sqrt(bgv)),
        "cov": Measure(over(100 * math.sqrt(bgv), mu)),
        "mdm_weighted": Measure(from_mean),
        "mdb_weighted": Measure(math.fsum(p * abs(y - best) for p, y in pairs)),
        "disparity_weighted": Measure(over(100 * from_mean, mu)),
        "theil": Measure(theil),
        "mld": Measure(mld),
        "par": par,
        "paf": paf,
    }


def bgv_se(groups: Groups) -> float:
    """Standard error of the between-group variance (HD*Calc)."""
    terms = list(zip(groups.p, groups.y, groups.s, strict=True))
    first = math.fsum(p**2 * s**2 * (y - groups.mu) ** 2 for p, y, s in terms)
    second = math.fsum(p**2 * s**2 for p, _, s in terms)
    fourth = math.fsum(p**4 * s**4 for p, _, s in terms)
    rest = math.fsum(p**2 * (1 - p) ** 2 * s**4 for p, _, s in terms)
    return math.sqrt(max(0.0, 4 * first + 2 * (second**2 - fourth + rest)))


def entropy(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(Theil T, mean log deviation); a rate of zero counts as one millionth of the unit."""
    nonzero = [(p, y or ZERO_RATE) for p, y in pairs]
    mu = math.fsum(p * y for p, y in nonzero)
    theil = math.fsum(p * (y / mu) * math.log(y / mu) for p, y in nonzero)
    return theil, -math.fsum(p * math.log(y / mu) for p, y in nonzero)


def attributable(groups: Groups, ordered: bool) -> tuple[Measure, Measure]:
    """Population attributable risk and fraction (%), 0 where the reference does worse.

    The reference is the best group, or the least disadvantaged when they are ordered.
    """
    mu, top = groups.mu, max(groups.y) if groups.favourable else min(groups.y)
    tied = [j for j, rate in enumerate(groups.y) if rate == top]
    if ordered:
        tied = [len(groups.y) - 1]
    rate, size = groups.y[tied[0]], max(groups.n[j] for j in tied)
    risk = rate - mu if groups.sign * (rate - mu) > 0 else 0.0
    if mu == 0:
        return Measure(risk), Measure(None)
    se = attributable_se(rate / groups.scale, mu / groups.scale, size, math.fsum(groups.n))
    if se is None:
        return Measure(risk), Measure(100 * risk / mu)
    return around(risk, mu * se), around(100 * risk / mu, 100 * se)


def attributable_se(share: float, overall: float, size: float, total: float) -> float | None:
    """Standard error of the attributable fraction as a share (Walter 1976, as WHO HEAT has it)."""
    c = share * size
    d = size - c
    a = overall * total - c
    b = total - a - size
    below = (a + c) ** 3 * (c + d) ** 3
    above = c * total * (a * d * (total - c) + b * c**2)
    return math.sqrt(above / below) if below > 0 and above >= 0 else None


def distances_from_reference(groups: Groups, reference: str, whole: str | None) -> Measures:
    """Mean distances from a chosen group."""
    if reference not in groups.names:
        missing = NotApplicable(NEEDS_REFERENCE)
        return {"mdr_weighted": missing, "mdr_unweighted": missing}
    rate = groups.y[groups.names.index(reference)]
    far = [abs(y - rate) for y in groups.y]
    weighted = math.fsum(p * each for p, each in zip(groups.p, far, strict=True))
    return {
        "mdr_weighted": NotApplicable(whole) if whole else Measure(weighted),
        "mdr_unweighted": Measure(math.fsum(far) / len(far)),
    }


ORDERED_NAMES = ("sii", "rii", "sii_logit", "rii_logit", "aci", "rci")


def ordered_measures(groups: Groups, reason: str | None) -> Measures:
    """Slopes and concentration along the order of disadvantage."""
    if reason:
        return dict.fromkeys(ORDERED_NAMES, NotApplicable(reason))
    found: dict[str, Measure | NotApplicable] = {}
    gradients = gradient_measures(groups.y, groups.n, groups.scale)
    for name in ORDERED_NAMES:
        pair = gradients.get(name)
        if pair is None:
            found[name] = NotApplicable("the rates have no slope that can be estimated")
        elif pair[1] is None:
            found[name] = Measure(pair[0])
        else:
            found[name] = around(pair[0], pair[1])
    return found
