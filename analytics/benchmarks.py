"""A pooled rate across organizations that shows no organization's own."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from analytics.inequalities import NotApplicable
from analytics.intervals import Interval, wilson
from analytics.suppression import Policy

FEWEST_ORGANIZATIONS = 5


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The pooled share of several organizations with its Wilson interval."""

    rate: Interval
    num: float
    den: float
    organizations: int


def benchmark(
    members: Mapping[Hashable, tuple[float, float] | None],
    *,
    policy: Policy | None = None,
    published: Sequence[Collection[Hashable]] = (),
) -> Benchmark | NotApplicable:
    """Pool organizations' (num, den), or say why not.

    Every member knows its own numbers, so what is left without any one of them must not be small
    either. published: sets of members whose pool is out already for the same measure and period;
    a new pool that differs from one of them by fewer than five organizations would tell theirs
    by subtraction. Organizations without data are not pooled.
    """
    policy = policy or Policy()
    pooled = {name: counts for name, counts in members.items() if counts and counts[1] > 0}
    if len(pooled) < FEWEST_ORGANIZATIONS:
        return NotApplicable("fewer than five organizations")
    num = sum(counts[0] for counts in pooled.values())
    den = sum(counts[1] for counts in pooled.values())
    remainders = [(0.0, 0.0), *pooled.values()]
    for own_num, own_den in remainders:
        left, right = num - own_num, (den - own_den) - (num - own_num)
        if any(policy.is_small(count) for count in (left, right, left + right)):
            return NotApplicable("one organization could work out a small number")
    for earlier in published:
        apart = set(earlier) ^ set(pooled)
        if 0 < len(apart) < FEWEST_ORGANIZATIONS:
            return NotApplicable("too close to a benchmark that is out already")
    rate = wilson(num, den)
    assert rate is not None
    return Benchmark(rate, num, den, len(pooled))
