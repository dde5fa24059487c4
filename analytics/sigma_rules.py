"""Rules about sigma zones and stretches of points, for control charts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.chart import Side, Signal, SignalKind
from analytics.profiles import Profile
from analytics.series import side_of


@dataclass(frozen=True, slots=True)
class Zone:
    """One point as rules see it: its index, distance from the middle in sigmas, and side.

    off is NaN without limits or value; side is about the drawn centre.
    """

    index: int
    level: float
    off: float
    side: int


def zones(
    indices: Sequence[int],
    levels: Sequence[float],
    middles: Sequence[float],
    sigmas: Sequence[float],
    sides: Sequence[int],
) -> list[Zone]:
    """Distances in sigmas. A sigma of 0 puts every point that is off the middle infinitely far."""
    seen: list[Zone] = []
    for index, level, middle, sigma, side in zip(
        indices, levels, middles, sigmas, sides, strict=True
    ):
        off = level - middle
        if sigma != 0:
            off /= sigma
        elif off != 0:
            off *= float("inf")
        seen.append(Zone(index, level, off, side))
    return seen


def sided(sign: int) -> Side:
    return "above" if sign > 0 else "below"


def stretches(points: Sequence[Zone], flagged: Iterable[int], reach: int) -> list[list[int]]:
    """Flagged positions in groups; a step of more than `reach` starts a new one."""
    groups: list[list[int]] = []
    for position in sorted(set(flagged)):
        if groups and position - groups[-1][-1] <= reach:
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups


def grouped(
    rule: str,
    kind: SignalKind,
    points: Sequence[Zone],
    flagged: Iterable[int],
    phase: int,
    side: Side | None,
    reach: int = 1,
) -> list[Signal]:
    return [
        Signal(rule, kind, tuple(points[p].index for p in group), phase, side)
        for group in stretches(points, flagged, reach)
    ]


def beyond(points: Sequence[Zone], phase: int) -> list[Signal]:
    """Points outside the 3-sigma limits, strictly."""
    found: list[Signal] = []
    for sign in (1, -1):
        outside = [p for p, z in enumerate(points) if sign * z.off > 3]
        found += grouped("beyond_limits", "point", points, outside, phase, sided(sign))
    return found


def shift(points: Sequence[Zone], phase: int, length: int) -> list[Signal]:
    """So many consecutive points on one side; a point on the line, or a missing one, breaks it."""
    found: list[Signal] = []
    start = 0
    for end in range(1, len(points) + 1):
        if end == len(points) or points[end].side != points[start].side:
            if points[start].side and end - start >= length:
                indices = tuple(z.index for z in points[start:end])
                found.append(Signal("shift", "shift", indices, phase, sided(points[start].side)))
            start = end
    return found


def trend(points: Sequence[Zone], phase: int, length: int) -> list[Signal]:
    """So many consecutive points strictly rising or falling; a tie breaks it."""
    found: list[Signal] = []
    ways = [side_of(b.level, a.level) for a, b in pairwise(points)]
    start = 0
    for end in range(1, len(ways) + 1):
        if end == len(ways) or ways[end] != ways[start]:
            if ways[start] and end - start + 1 >= length:
                indices = tuple(z.index for z in points[start : end + 1])
                side: Side = "up" if ways[start] > 0 else "down"
                found.append(Signal("trend", "trend", indices, phase, side))
            start = end
    return found


def two_of_three(points: Sequence[Zone], phase: int, rules: Profile) -> list[Signal]:
    """Two of three consecutive points beyond two sigmas on one side; those two are flagged."""
    found: list[Signal] = []
    highest = float("inf") if rules.two_of_three_counts_beyond else 3.0
    for sign in (1, -1):
        near = [p for p, z in enumerate(points) if 2 < sign * z.off <= highest]
        flagged: set[int] = set()
        for first, second in pairwise(near):
            if second - first > 2:
                continue
            for start in range(max(0, second - 2), min(first, len(points) - 3) + 1):
                window = range(start, start + 3)
                if not rules.two_of_three_same_side or all(points[p].side == sign for p in window):
                    flagged.update(p for p in window if p in near)
        found += grouped("two_of_three", "zone", points, flagged, phase, sided(sign), reach=2)
    return found


def four_of_five(points: Sequence[Zone], phase: int) -> list[Signal]:
    """Four of five consecutive points beyond one sigma on one side."""
    found: list[Signal] = []
    for sign in (1, -1):
        flagged: set[int] = set()
        for start in range(len(points) - 4):
            far = [p for p in range(start, start + 5) if sign * points[p].off > 1]
            if len(far) >= 4:
                flagged.update(far)
        found += grouped("four_of_five", "zone", points, flagged, phase, sided(sign), reach=2)
    return found


def windows(
    rule: str, points: Sequence[Zone], phase: int, length: int, holds: Sequence[bool]
) -> list[Signal]:
    """Stretches of at least `length` points that all satisfy a condition."""
    flagged: set[int] = set()
    for group in stretches(points, [p for p, yes in enumerate(holds) if yes], 1):
        if len(group) >= length:
            flagged.update(group)
    return grouped(rule, "zone", points, flagged, phase, None)


def alternating(points: Sequence[Zone], phase: int, length: int) -> list[Signal]:
    """So many consecutive points that go up and down in turn."""
    ways = [side_of(b.level, a.level) for a, b in pairwise(points)]
    flagged: set[int] = set()
    start = 0
    for end in range(1, len(ways) + 1):
        if end == len(ways) or ways[end] * ways[end - 1] >= 0:
            if ways[start] and end - start + 1 >= length:
                flagged.update(range(start, end + 1))
            start = end
    return grouped("alternating", "zone", points, flagged, phase, None)


def far_both_sides(points: Sequence[Zone], phase: int, length: int) -> list[Signal]:
    """So many consecutive points beyond one sigma, on both sides."""
    signals = windows("far_both_sides", points, phase, length, [abs(z.off) > 1 for z in points])
    side = {z.index: z.side for z in points}
    return [s for s in signals if len({side[i] for i in s.indices}) > 1]


def judge(
    points: Sequence[Zone], phase: int, rules: Profile
) -> tuple[dict[str, bool], list[Signal]]:
    """Every sigma rule of a profile, in its order of precedence."""
    fired: dict[str, list[Signal]] = {}
    if rules.beyond_limits:
        fired["beyond_limits"] = beyond(points, phase)
    if rules.trend is not None:
        fired["trend"] = trend(points, phase, rules.trend)
    if rules.two_of_three:
        fired["two_of_three"] = two_of_three(points, phase, rules)
    if rules.four_of_five:
        fired["four_of_five"] = four_of_five(points, phase)
    if rules.shift is not None:
        fired["shift"] = shift(points, phase, rules.shift)
    if rules.alternating is not None:
        fired["alternating"] = alternating(points, phase, rules.alternating)
    if rules.near_centre is not None:
        near = [abs(z.off) < 1 for z in points]
        fired["near_centre"] = windows("near_centre", points, phase, rules.near_centre, near)
    if rules.far_both_sides is not None:
        fired["far_both_sides"] = far_both_sides(points, phase, rules.far_both_sides)
    judged = {rule: bool(signals) for rule, signals in fired.items()}
    return judged, [signal for signals in fired.values() for signal in signals]
