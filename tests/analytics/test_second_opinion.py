"""statsmodels says the same where it has a say."""

import random

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson

import analytics


def pairs():
    rng = random.Random(7)
    for _ in range(60):
        den = rng.randint(5, 900)
        yield rng.randint(1, den - 1), den


@pytest.mark.parametrize(("ours", "method"), [("wilson", "wilson"), ("clopper_pearson", "beta")])
def test_one_proportion(ours, method):
    for num, den in [*pairs(), (0, 12), (12, 12)]:
        found = getattr(analytics, ours)(num, den)
        assert (found.low, found.high) == pytest.approx(
            proportion_confint(num, den, method=method), abs=1e-12
        )


def test_two_proportions():
    listed = list(pairs())
    for (a, m), (b, n) in zip(listed, listed[1:] + listed[:1], strict=True):
        difference = analytics.newcombe(a, m, b, n)
        assert (difference.low, difference.high) == pytest.approx(
            confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff"), abs=1e-12
        )
        ratio = analytics.katz(a, m, b, n)
        assert (ratio.low, ratio.high) == pytest.approx(
            confint_proportions_2indep(a, m, b, n, method="log", compare="ratio"), rel=1e-12
        )


def test_poisson_rates():
    for events, exposure in [*pairs(), (0, 4)]:
        found = analytics.poisson_ci(events, exposure, method="exact")
        assert (found.low, found.high) == pytest.approx(
            confint_poisson(events, exposure, method="exact-c"), rel=1e-9
        )
