"""Cases beyond the oracle files: ties, missing points, freezes, phases and exclusions at random."""

import math
import random
import statistics
from itertools import pairwise

import pytest

import analytics
from analytics import limits
from tests.analytics import slow

SIDES = {1: "above", -1: "below"}


def random_series(rng, *, missing=True):
    length = rng.choice([1, 2, 3, 7, 9, 10, 11, 12, 18, 24, 36, 61, 75])
    style = rng.choice(["ties", "percent", "normal", "drift", "step", "flat"])
    y = []
    for i in range(length):
        value = {
            "ties": lambda: float(rng.randint(0, 4)),
            "percent": lambda: round(rng.gauss(70, 6)),
            "normal": lambda: round(rng.gauss(50, 8), 4),
            "drift": lambda i=i: round(rng.gauss(10 + i / 3, 2), 3),
            "step": lambda i=i: round(rng.gauss(30 if i < length / 2 else 38, 3), 3),
            "flat": lambda: rng.choice([5.0, 5.0, 5.0, 5.0, 6.0]),
        }[style]()
        y.append(None if missing and rng.random() < 0.08 else value)
    if all(v is None for v in y):
        y[0] = 1.0
    return y


@pytest.mark.parametrize("block", range(5))
def test_runs_and_ihi_rules_by_another_way(block):
    for seed in range(30 * block, 30 * block + 30):
        runs_and_ihi_rules_agree(seed)


def runs_and_ihi_rules_agree(seed):
    rng = random.Random(seed)
    y = random_series(rng)
    exclude = {i for i in range(len(y)) if rng.random() < 0.05}
    if len(exclude) == len(y):
        exclude = set()
    starts = sorted(rng.sample(range(1, len(y)), 1)) if len(y) > 20 and rng.random() < 0.4 else []
    freeze = rng.choice([None, None, 6, 8, 12])
    chart = analytics.run_chart(
        y, phases=starts, freeze=freeze, exclude=exclude, profile="qicharts2_0_8_1"
    )
    edges = [0, *starts, len(y)]
    for phase, (start, end) in zip(chart.phases, pairwise(edges), strict=True):
        part = y[start:end]
        out = {i - start for i in exclude}
        base = [v for i, v in enumerate(part) if v is not None and i not in out]
        if freeze:
            base = [v for i, v in enumerate(part[:freeze]) if v is not None and i not in out]
        line = slow.median(base)
        assert phase.centre == line
        if line is None:
            continue
        expected = slow.runs(part, line, out)
        n_useful = sum(len(indices) for _, indices in expected)
        assert phase.runs.n_obs == len(part) - len(out & set(range(len(part))))
        assert phase.runs.n_useful == n_useful
        assert phase.runs.n_runs == len(expected)
        if n_useful:
            longest = max(len(indices) for _, indices in expected)
            assert phase.runs.longest == longest
            assert phase.runs.n_crossings == len(expected) - 1
            assert phase.runs.crossings_min == slow.crossings_limit(n_useful)
            assert phase.runs.longest_limit == round(math.log2(n_useful)) + 3
            signal = longest > round(math.log2(n_useful)) + 3 or (
                len(expected) - 1 < slow.crossings_limit(n_useful)
            )
            assert (phase.rules["long_run"] or phase.rules["few_crossings"]) == signal
        assert [
            (s.side, list(s.indices))
            for s in analytics.shifts(part, line, exclude=out & set(range(len(part))))
        ] == [(SIDES[key], indices) for key, indices in expected if len(indices) >= 6]


@pytest.mark.parametrize("block", range(2))
def test_trends_by_another_way(block):
    for seed in range(30 * block, 30 * block + 30):
        trends_agree(seed)


def trends_agree(seed):
    rng = random.Random(seed)
    y = random_series(rng)
    kept = []
    for i, v in enumerate(y):
        if v is not None and (not kept or slow.side(v, y[kept[-1]])):
            kept.append(i)
    expected = []
    for start in range(len(kept) - 1):
        for way, sign in (("up", 1), ("down", -1)):
            before = start and slow.side(y[kept[start]], y[kept[start - 1]]) == sign
            end = start
            while end + 1 < len(kept) and slow.side(y[kept[end + 1]], y[kept[end]]) == sign:
                end += 1
            if not before and end - start + 1 >= 5:
                expected.append((way, kept[start : end + 1]))
    assert [(s.side, list(s.indices)) for s in analytics.trends(y)] == expected


@pytest.mark.parametrize("n", [10, 11, 13, 20, 24, 33, 47, 60])
def test_runs_table_by_counting_arrangements(n):
    chances = slow.run_distribution(n)
    lower = next(r for r in range(n + 1) if sum(chances.get(k, 0) for k in range(r + 1)) > 0.025)
    upper = next(
        r for r in range(n, 0, -1) if sum(chances.get(k, 0) for k in range(r, n + 1)) > 0.025
    )
    assert analytics.runs_table(n) == (lower, upper)


@pytest.mark.parametrize("block", range(5))
def test_plot_the_dots_by_another_way(block):
    for seed in range(30 * block, 30 * block + 30):
        plot_the_dots_agree(seed)


def plot_the_dots_agree(seed):
    rng = random.Random(1000 + seed)
    y = random_series(rng)
    screen = rng.random() < 0.5
    fix = rng.choice([None, None, 12])
    if all(v is None for v in y[:12]):
        return
    if fix and len(y) < 12:
        fix = None
    chart = analytics.control_chart(
        "i", y, freeze=fix, screen_mr=screen, profile="plotthedots_0_2_2", direction="neutral"
    )
    expected = slow.ptd_points(y, screen, fix)
    trend_ends_at_gap = any(
        cause == "trend" and i + 1 < len(y) and y[i + 1] is None
        for i, (cause, _) in enumerate(expected)
    )
    if not trend_ends_at_gap:
        assert list(zip(chart.point_rule, chart.point_side, strict=True)) == expected


@pytest.mark.parametrize("block", range(1))
def test_limits_by_another_way(block):
    for seed in range(30 * block, 30 * block + 30):
        limits_agree(seed)


def limits_agree(seed):
    rng = random.Random(seed)
    size = rng.choice([6, 12, 20, 31])
    den = [rng.randint(20, 400) for _ in range(size)]
    num = [sum(rng.random() < 0.3 for _ in range(n)) for n in den]
    chart = analytics.control_chart("p", num, den, multiplier=100)
    p = sum(num) / sum(den)
    for i, n in enumerate(den):
        sigma = math.sqrt(p * (1 - p) / n)
        assert chart.ucl[i] == pytest.approx(100 * min(1, p + 3 * sigma))
        assert chart.lcl[i] == pytest.approx(100 * max(0, p - 3 * sigma))
        assert chart.uwl[i] == pytest.approx(100 * min(1, p + 2 * sigma))
    z = [(a / n - p) / math.sqrt(p * (1 - p) / n) for a, n in zip(num, den, strict=True)]
    laney = slow.moving_range(z, False) / 1.128
    prime = analytics.control_chart("p'", num, den)
    assert prime.sigma_z == pytest.approx(laney)
    assert prime.ucl[0] == pytest.approx(min(1, p + 3 * laney * math.sqrt(p * (1 - p) / den[0])))
    values = [rng.gauss(50, 5) for _ in range(size)]
    xmr = analytics.control_chart("xmr", values)
    mean, mr = statistics.fmean(values), slow.moving_range(values, False)
    assert (xmr.lcl[0], xmr.cl[0], xmr.ucl[0]) == pytest.approx(
        (mean - 2.66 * mr, mean, mean + 2.66 * mr)
    )
    times = [rng.expovariate(1 / 20) + 0.1 for _ in range(size)]
    t = analytics.control_chart("t", times)
    scaled = [v ** (1 / 3.6) for v in times]
    middle, sigma = statistics.fmean(scaled), slow.moving_range(scaled, False) * 2.66 / 3
    assert t.ucl[0] == pytest.approx((middle + 3 * sigma) ** 3.6)
    assert t.lcl[0] == pytest.approx(max(0, middle - 3 * sigma) ** 3.6)
    assert t.cl[0] == pytest.approx(middle**3.6)


def test_exact_constants():
    assert limits.EXACT["d2"] == pytest.approx(1.1283791670955126)
    assert limits.EXACT["D4"] == pytest.approx(3.2665319192886013)
