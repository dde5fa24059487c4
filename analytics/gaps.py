"""Gaps between groups: how large, how sure, since when, and who moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.intervals import (
    Interval,
    difference_of,
    ends,
    katz,
    newcombe,
    poisson_ci,
    rate_ratio_ci,
    wilson,
)
from analytics.precision import reliability

MissingKind = Literal["declined", "unknown", "not_asked", "not_collected_by_site"]
ReferenceKind = Literal["group", "best", "largest", "overall", "target"]
GapVerdict = Literal["worse", "better", "too_small_to_tell"]
ChangeVerdict = Literal["closing", "widening", "no clear change"]
Mover = Literal["levelled_up", "levelled_down", "both", "mixed"]
Counts = tuple[float, float]
ANOTHER_REFERENCE = "choose another reference"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One group's counts. For a rate num is events and den exposure (person-time).

    sort: its place in the category set, which also breaks ties. missing_kind: set for people
    whose group is not known; shown, never compared. suppressed: hidden for privacy.
    """

    name: str
    num: float | None
    den: float | None
    sort: int = 0
    missing_kind: MissingKind | None = None
    suppressed: bool = False

    @property
    def counts(self) -> Counts | None:
        """(num, den), or None when hidden, not reported or nobody is eligible."""
        if self.suppressed or self.num is None or self.den is None or self.den == 0:
            return None
        return self.num, self.den


@dataclass(frozen=True, slots=True)
class Reference:
    """What groups are compared with; chosen by a person and kept for a measure.

    "group" needs a name, "target" a value in the unit of the rate. "best" moves over time.
    "overall" compares each group with all others together, since a part is not independent of
    its whole.
    """

    kind: ReferenceKind = "group"
    name: str | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class GapRow:
    """One group against the reference, in category order.

    rate: per multiplier. difference: positive when the group does worse. ratio: group over
    reference; adverse_ratio: the same of the complements (proportions only). difference and
    ratio are None for the reference itself, unknown groups and without a usable reference.
    """

    name: str
    num: float | None
    den: float | None
    rate: Interval | None
    difference: Interval | None
    ratio: Interval | None
    adverse_ratio: Interval | None
    verdict: GapVerdict | None
    reliable: bool
    suppressed: bool
    is_reference: bool
    missing_kind: MissingKind | None
    note: str | None = None


def gap(
    strata: Sequence[Stratum],
    reference: str | Reference,
    favourable: bool,
    *,
    kind: Literal["proportion", "rate"] = "proportion",
    multiplier: float = 1.0,
) -> tuple[GapRow, ...]:
    """Every group against one reference, absolute and relative, with 95% intervals.

    Proportions: Wilson, Newcombe, Katz. Rates: exact or Byar, their recovered difference, and
    the log ratio. multiplier: 100 for percentage points. Raises ValueError for two groups of one
    name, an unknown reference, or impossible counts.
    """
    if len({stratum.name for stratum in strata}) != len(strata):
        raise ValueError("Two groups have the same name.")
    chosen = Reference("group", reference) if isinstance(reference, str) else reference
    ordered = sorted(strata, key=lambda stratum: (stratum.sort, stratum.name))
    base = reference_stratum(ordered, chosen, favourable, kind)
    return tuple(row(s, ordered, chosen, base, favourable, kind, multiplier) for s in ordered)


def reference_stratum(
    ordered: Sequence[Stratum], reference: Reference, favourable: bool, kind: str
) -> Stratum | None:
    """The group that a reference names. None for overall and target, and when none qualifies.

    Only groups with known membership and reliable numbers can be best. Ties go to the first in
    category order.
    """
    known = [s for s in ordered if s.missing_kind is None]
    if reference.kind == "group":
        for stratum in known:
            if stratum.name == reference.name:
                return stratum
        raise ValueError(f"No group {reference.name!r} to compare with.")
    if reference.kind == "target":
        if reference.value is None:
            raise ValueError("A target as reference needs its value.")
        return None
    shown = [s for s in known if s.counts is not None and is_reliable(s, kind)]
    if reference.kind == "overall" or not shown:
        return None
    if reference.kind == "largest":
        return max(shown, key=lambda s: s.den or 0)
    sign = 1 if favourable else -1
    return max(shown, key=lambda s: sign * (s.num or 0) / (s.den or 1))


def is_reliable(stratum: Stratum, kind: str) -> bool:
    """Whether a group's number is precise enough to be compared (NCHS)."""
    if stratum.counts is None:
        return False
    num, den = stratum.counts
    return reliability(num, den, "nchs_rate" if kind == "rate" else "nchs_proportion").reliable


def row(
    stratum: Stratum,
    ordered: Sequence[Stratum],
    reference: Reference,
    base: Stratum | None,
    favourable: bool,
    kind: str,
    multiplier: float,
) -> GapRow:
    counts = stratum.counts
    rate = rate_of(counts, kind) if counts else None
    difference = ratio = adverse = None
    note = None
    is_reference = base is not None and base.name == stratum.name
    comparable = counts is not None and stratum.missing_kind is None and not is_reference
    if comparable and counts is not None and rate is not None:
        other = other_counts(stratum, ordered, reference, base, kind)
        if reference.kind == "target" and reference.value is not None:
            difference = against_target(rate, reference.value / multiplier, favourable)
        elif other is None:
            note = ANOTHER_REFERENCE
        else:
            difference = absolute(counts, other, favourable, kind)
            ratio = relative(counts, other, kind)
            if kind == "proportion":
                adverse = katz(counts[1] - counts[0], counts[1], other[1] - other[0], other[1])
    return GapRow(
        name=stratum.name,
        num=None if stratum.suppressed else stratum.num,
        den=None if stratum.suppressed else stratum.den,
        rate=scaled(rate, multiplier),
        difference=scaled(difference, multiplier),
        ratio=ratio,
        adverse_ratio=adverse,
        verdict=verdict_of(difference),
        reliable=is_reliable(stratum, kind),
        suppressed=stratum.suppressed,
        is_reference=is_reference,
        missing_kind=stratum.missing_kind,
        note=note,
    )


def other_counts(
    stratum: Stratum,
    ordered: Sequence[Stratum],
    reference: Reference,
    base: Stratum | None,
    kind: str,
) -> Counts | None:
    """The counts a group is compared with; None when hidden or unreliable."""
    if reference.kind == "overall":
        rest = [s for s in ordered if s.name != stratum.name and s.missing_kind is None]
        if not rest or any(s.suppressed for s in rest):
            return None
        known = [s.counts for s in rest if s.counts is not None]
        pooled = sum(num for num, _ in known), sum(den for _, den in known)
        return pooled if pooled[1] else None
    if base is None or base.counts is None or not is_reliable(base, kind):
        return None
    return base.counts


def rate_of(counts: Counts, kind: str) -> Interval | None:
    return poisson_ci(*counts) if kind == "rate" else wilson(*counts)


def absolute(group: Counts, other: Counts, favourable: bool, kind: str) -> Interval | None:
    """Difference that is positive when the group does worse."""
    better, worse = (other, group) if favourable else (group, other)
    if kind == "proportion":
        return newcombe(*better, *worse)
    first, second = poisson_ci(*better), poisson_ci(*worse)
    return difference_of(first, second) if first and second else None


def relative(group: Counts, other: Counts, kind: str) -> Interval | None:
    return rate_ratio_ci(*group, *other) if kind == "rate" else katz(*group, *other)


def against_target(rate: Interval, target: float, favourable: bool) -> Interval:
    value, low, high = ends(rate)
    if favourable:
        return Interval(target - value, target - high, target - low)
    return Interval(value - target, low - target, high - target)


def scaled(interval: Interval | None, multiplier: float) -> Interval | None:
    if interval is None:
        return None
    value, low, high = (
        None if number is None else number * multiplier
        for number in (interval.value, interval.low, interval.high)
    )
    return Interval(value, low, high, interval.note)


def verdict_of(difference: Interval | None) -> GapVerdict | None:
    """What an interval allows to say; "too_small_to_tell" when it holds 0."""
    if difference is None or difference.low is None or difference.high is None:
        return None
    if difference.low > 0:
        return "worse"
    return "better" if difference.high < 0 else "too_small_to_tell"


@dataclass(frozen=True, slots=True)
class GapChange:
    """Two gaps and their change; unit: share. Negative change: the gap became smaller.

    group_change and reference_change: follow-up minus baseline. mover: who moved, by the point
    estimates alone, and "mixed" when the gap did not shrink or neither explains it.
    """

    gap0: Interval
    gap1: Interval
    change: Interval
    verdict: ChangeVerdict
    mover: Mover
    group_change: float
    reference_change: float
    ratio0: float | None
    ratio1: float | None
    ratio_of_ratios: float | None


def gap_change(
    base: tuple[Counts, Counts],
    follow: tuple[Counts, Counts],
    *,
    favourable: bool = True,
) -> GapChange | None:
    """Did the gap change, how surely, and who moved?

    base, follow: ((num, den) of the reference, (num, den) of the group). The interval recovers
    variances from the two Newcombe intervals (MOVER-D). None when anybody's den is 0. Raises
    ValueError for impossible counts.
    """
    if any(den == 0 for period in (base, follow) for _, den in period):
        return None
    (ref0, group0), (ref1, group1) = base, follow
    gap0 = absolute(group0, ref0, favourable, "proportion")
    gap1 = absolute(group1, ref1, favourable, "proportion")
    assert gap0 is not None and gap1 is not None
    change = difference_of(gap1, gap0)
    value, low, high = ends(change)
    verdict: ChangeVerdict = "no clear change"
    if high < 0 or low > 0:
        verdict = "closing" if high < 0 else "widening"
    group_change = group1[0] / group1[1] - group0[0] / group0[1]
    reference_change = ref1[0] / ref1[1] - ref0[0] / ref0[1]
    ratio0, ratio1 = share_ratio(group0, ref0), share_ratio(group1, ref1)
    return GapChange(
        gap0=gap0,
        gap1=gap1,
        change=change,
        verdict=verdict,
        mover=mover_of(value, group_change, reference_change, 1 if favourable else -1),
        group_change=group_change,
        reference_change=reference_change,
        ratio0=ratio0,
        ratio1=ratio1,
        ratio_of_ratios=ratio1 / ratio0 if ratio0 and ratio1 is not None else None,
    )


def share_ratio(group: Counts, reference: Counts) -> float | None:
    if reference[0] == 0:
        return None
    return (group[0] / group[1]) / (reference[0] / reference[1])


def mover_of(change: float, group_change: float, reference_change: float, sign: int) -> Mover:
    """Who made a gap smaller; sign is 1 for favourable measures and -1 for adverse ones."""
    group_better, reference_worse = sign * group_change > 0, sign * reference_change < 0
    if change >= 0:
        return "mixed"
    if group_better and reference_worse:
        return "both"
    if group_better:
        return "levelled_up"
    return "levelled_down" if reference_worse else "mixed"
