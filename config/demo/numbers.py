"""Eighteen months of counts for the demo's measures: they really hold a shift, a gap that
closes, one that widens, small groups and missing months. The same numbers every time."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

MONTHS = 18


@dataclass(frozen=True)
class Series:
    """One group: about how many people a month, and the share expected in month 0 to 17."""

    code: str
    label: str
    people: int
    share: Callable[[int], float]
    missing: tuple[int, ...] = ()
    missing_kind: str = ""


def steady(share: float) -> Callable[[int], float]:
    return lambda month: share


def rising(start: float, end: float, *, since: int) -> Callable[[int], float]:
    """Level until `since`, then in even steps to the end."""

    def share(month: int) -> float:
        if month < since:
            return start
        return start + (end - start) * (month - since + 1) / (MONTHS - since)

    return share


CLOSING = (
    Series("white", "White", 118, steady(0.67)),
    Series("black", "Black or African American", 72, rising(0.48, 0.63, since=7)),
    Series("hispanic", "Hispanic or Latino", 61, rising(0.55, 0.63, since=9)),
    Series("asian", "Asian", 26, rising(0.65, 0.68, since=9)),
    Series("aian", "American Indian or Alaska Native", 13, steady(0.53), missing=(5, 12)),
    Series("nhpi", "Native Hawaiian or Pacific Islander", 6, steady(0.6)),
    Series("unknown", "Unknown", 15, steady(0.58), missing_kind="unknown"),
)
WIDENING = (
    Series("white", "White", 96, rising(0.62, 0.74, since=6)),
    Series("black", "Black or African American", 54, steady(0.57)),
    Series("hispanic", "Hispanic or Latino", 47, rising(0.58, 0.55, since=8)),
    Series("asian", "Asian", 21, steady(0.64)),
    Series("unknown", "Unknown", 12, steady(0.55), missing_kind="unknown"),
)
ORDINARY = (
    Series("white", "White", 64, steady(0.71)),
    Series("black", "Black or African American", 33, steady(0.66), missing=(3, 4)),
    Series("hispanic", "Hispanic or Latino", 29, steady(0.68)),
    Series("aian", "American Indian or Alaska Native", 9, steady(0.6)),
)


def months_until(last: date) -> list[date]:
    """The first days of the eighteen months that end with the month of `last`."""
    at = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(at - MONTHS + 1, at + 1)]


@dataclass(frozen=True)
class Count:
    group: str
    month: date
    numerator: int
    denominator: int


def counts(series: tuple[Series, ...], last: date, *, seed: int) -> list[Count]:
    """Counts by group and month, and their sum over all groups under the code ""."""
    chance = random.Random(seed)
    found = []
    for index, month in enumerate(months_until(last)):
        total = [0, 0]
        for one in series:
            people = max(1, round(chance.gauss(one.people, one.people * 0.06)))
            hits = sum(chance.random() < one.share(index) for _ in range(people))
            if index in one.missing:
                continue
            total[0] += hits
            total[1] += people
            found.append(Count(one.code, month, hits, people))
        found.append(Count("", month, total[0], total[1]))
    return found
