"""People whose group is not known: how many, and how far they could move the picture."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from analytics.gaps import MissingKind, Stratum

MISSING_KINDS: tuple[str, ...] = get_args(MissingKind)
HEALTH_CENTER_YARDSTICK = 75.0
MOST_UNKNOWN = 20.0


@dataclass(frozen=True, slots=True)
class Completeness:
    """Of all people, how many have a known group; shares in percent, None for nobody.

    missing: people by kind of missing. may_be_biased: more than the limit are unknown, so a gap
    may not be what it seems. yardstick: the share many health centers reach.
    """

    known: float
    total: float
    percent: float | None
    missing: Mapping[str, float]
    may_be_biased: bool
    yardstick: float = HEALTH_CENTER_YARDSTICK


@dataclass(frozen=True, slots=True)
class Bounds:
    """One group's rate if every unknown person were in it and did worst (low) or best (high)."""

    name: str
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Groups that do not add up. difference: sum of the groups minus the total."""

    what: str
    total: float
    groups: float
    difference: float


def completeness(
    counts: Mapping[str, float], *, most_unknown: float = MOST_UNKNOWN
) -> Completeness:
    """How complete the collection of a characteristic is.

    counts: people by "known" and by missing kind (declined, unknown, not_asked,
    not_collected_by_site). most_unknown: percent above which a gap may be biased. Raises
    ValueError for other keys or impossible counts.
    """
    for key, count in counts.items():
        if key != "known" and key not in MISSING_KINDS:
            raise ValueError(f"No kind {key!r}: known, {', '.join(MISSING_KINDS)}.")
        if not math.isfinite(count) or count < 0:
            raise ValueError("Counts are finite and not negative.")
    known = counts.get("known", 0)
    missing = {kind: counts.get(kind, 0) for kind in MISSING_KINDS}
    total = known + sum(missing.values())
    percent = 100 * known / total if total else None
    return Completeness(
        known=known,
        total=total,
        percent=percent,
        missing=missing,
        may_be_biased=percent is not None and 100 - percent > most_unknown,
    )


def sensitivity(strata: Sequence[Stratum], *, multiplier: float = 100.0) -> tuple[Bounds, ...]:
    """How far the unknown could move each known group's share, assigned to it whole.

    low: all of them counted in the denominator and none in the numerator; high: those with the
    outcome all in. Groups that are hidden or empty are left out.
    """
    unknown = [c for s in strata if s.missing_kind is not None and (c := s.counts) is not None]
    extra_num, extra_den = sum(num for num, _ in unknown), sum(den for _, den in unknown)
    found: list[Bounds] = []
    for stratum in sorted(strata, key=lambda s: (s.sort, s.name)):
        counts = stratum.counts
        if stratum.missing_kind is not None or counts is None:
            continue
        num, den = counts
        without = extra_den - extra_num
        found.append(
            Bounds(
                stratum.name,
                multiplier * num / den,
                multiplier * num / (den + without),
                multiplier * (num + extra_num) / (den + extra_num),
            )
        )
    return tuple(found)


def reconcile(
    strata: Sequence[Stratum], total: tuple[float, float], *, exclusive: bool = True
) -> tuple[Mismatch, ...]:
    """Where the groups do not add up to the total; empty when they do.

    Sets in which a person counts in several groups never have to. Hidden or missing groups
    make the question idle, so they give no mismatch either.
    """
    if not exclusive or any(s.suppressed or s.num is None or s.den is None for s in strata):
        return ()
    found: list[Mismatch] = []
    for what, whole, parts in (
        ("numerator", total[0], [s.num or 0 for s in strata]),
        ("denominator", total[1], [s.den or 0 for s in strata]),
    ):
        added = math.fsum(parts)
        if added != whole:
            found.append(Mismatch(what, whole, added, added - whole))
    return tuple(found)
