"""What must hold for any data at all."""

import math

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import analytics
from analytics import Stratum

settings.register_profile(
    "analytics",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("analytics")

whole = st.integers(-50, 50).map(float)
series = st.lists(st.one_of(st.none(), whole), min_size=1, max_size=40)
directions = st.sampled_from(["increase", "decrease"])
PROFILES = ("anhoej2014", "ihi2011", "mdc", "nelson", "western_electric", "ihi_control")


def findings(chart):
    return {(s.rule, s.indices, s.side) for s in chart.signals}


def any_chart(y, profile, **rest):
    if analytics.PROFILES[profile].chart == "run":
        return analytics.run_chart(y, profile=profile, **rest)
    return analytics.control_chart("xmr", y, profile=profile, **rest)


@given(series, st.integers(-9, 9), st.sampled_from([0.5, 2.0, 4.0]), st.sampled_from(PROFILES))
def test_shifting_and_stretching_changes_no_finding(y, start, factor, profile):
    moved = [None if v is None else start + factor * v for v in y]
    assert findings(any_chart(moved, profile)) == findings(any_chart(y, profile))


@given(series, st.sampled_from(PROFILES))
def test_reflection_swaps_the_sides(y, profile):
    other = {"above": "below", "below": "above", "up": "down", "down": "up", None: None}
    reflected = any_chart([None if v is None else -v for v in y], profile)
    swapped = {(rule, indices, other[side]) for rule, indices, side in findings(reflected)}
    assert swapped == findings(any_chart(y, profile))


@given(series, directions, st.sampled_from(PROFILES))
def test_a_chart_is_whole_whatever_the_data(y, direction, profile):
    chart = any_chart(y, profile, direction=direction, target=3)
    lines = (chart.value, chart.cl, chart.lcl, chart.ucl, chart.lwl, chart.uwl)
    assert {len(each) for each in (*lines, chart.phase, chart.useful, chart.point_class)} == {
        len(y)
    }
    for low, middle, high in zip(chart.lcl, chart.cl, chart.ucl, strict=True):
        if low is not None:
            assert low <= middle <= high
    for signal in chart.signals:
        assert all(chart.value[i] is not None for i in signal.indices)
        assert list(signal.indices) == sorted(set(signal.indices))
    assert all(
        (cls == "missing") == (value is None)
        for cls, value in zip(chart.point_class, chart.value, strict=True)
    )
    labels = [str(i) for i in range(len(y))]
    assert analytics.words.sentence(chart, labels=labels).text.endswith(".")


@given(series, whole, st.sampled_from(["run", "xmr", "mr", "t", "c", "g"]))
def test_another_point_never_moves_frozen_limits(y, more, kind):
    assume(len(y) >= 8)
    if kind in ("t", "c", "g"):
        y = [None if v is None else abs(v) + 1 for v in y]
        more = abs(more) + 1

    def lines(values):
        if kind == "run":
            chart = analytics.run_chart(values, freeze=8)
        else:
            chart = analytics.control_chart(kind, values, freeze=8)
        return chart.cl[: len(y)], chart.lcl[: len(y)], chart.ucl[: len(y)]

    assume(any(v is not None for v in y[:8]))
    assert lines([*y, more]) == lines(y)


counts = st.tuples(st.integers(0, 300), st.integers(1, 300)).map(lambda t: (min(t), max(t)))
groups = st.lists(counts, min_size=3, max_size=8)


@given(groups, st.booleans())
def test_frozen_ratio_limits_do_not_move_either(rows, prime):
    rows = (rows * 4)[:12]
    num, den = [a for a, _ in rows], [n for _, n in rows]
    for kind in ("pp", "up", "ip") if prime else ("p", "u"):
        before = analytics.control_chart(kind, num, den, freeze=8)
        after = analytics.control_chart(kind, [*num, 7], [*den, 90], freeze=8)
        assert after.ucl[:12] == before.ucl


@given(groups, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(rows, favourable, shuffler):
    strata = [Stratum(f"g{i}", a, n, sort=i) for i, (a, n) in enumerate(rows)]
    mixed = strata[:]
    shuffler.shuffle(mixed)
    assert analytics.gap(mixed, "g0", favourable) == analytics.gap(strata, "g0", favourable)
    assert analytics.inequality(mixed, favourable, reference="g0") == analytics.inequality(
        strata, favourable, reference="g0"
    )


@given(groups, st.booleans())
def test_entropy_is_never_negative(rows, favourable):
    strata = [Stratum(f"g{i}", a, n, sort=i) for i, (a, n) in enumerate(rows)]
    found = analytics.inequality(strata, favourable)
    for name in ("theil", "mld", "bgv", "mdm_weighted", "mdb_weighted", "excess_events"):
        assert found[name].value >= -1e-9
    par = found["par"].value
    assert par >= 0 if favourable else par <= 0


@given(counts, counts)
def test_a_difference_turns_its_sign_with_its_groups(one, other):
    there, back = analytics.newcombe(*one, *other), analytics.newcombe(*other, *one)
    assert math.isclose(there.value, -back.value, abs_tol=1e-12)
    assert math.isclose(there.low, -back.high, abs_tol=1e-12)
    assert math.isclose(there.high, -back.low, abs_tol=1e-12)


@given(counts)
def test_intervals_hold_their_estimate_and_stay_in_range(pair):
    for interval in (analytics.wilson(*pair), analytics.clopper_pearson(*pair)):
        assert 0 <= interval.low <= interval.value <= interval.high <= 1
        assert interval.low < interval.high
    for method in ("exact", "byar", "auto", "rothman_boice"):
        rate = analytics.poisson_ci(*pair, method=method)
        assert 0 <= rate.low <= rate.value <= rate.high


@given(counts, counts, counts, counts)
def test_a_gap_that_goes_back_undoes_its_change(ref0, group0, ref1, group1):
    there = analytics.gap_change((ref0, group0), (ref1, group1))
    back = analytics.gap_change((ref1, group1), (ref0, group0))
    assert math.isclose(there.change.value, -back.change.value, abs_tol=1e-12)
    assert math.isclose(there.change.low, -back.change.high, abs_tol=1e-12)
    adverse = analytics.gap_change((ref0, group0), (ref1, group1), favourable=False)
    assert math.isclose(there.change.value, -adverse.change.value, abs_tol=1e-12)


cells = st.sampled_from([0, 1, 2, 5, 9, 10, 11, 14, 30, 80])
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=4)
)


@settings(max_examples=25)
@given(tables, st.booleans(), st.booleans())
def test_no_reader_can_work_out_a_small_count(table, columns, known_nonzero):
    policy = analytics.Policy(hidden_at_least=int(known_nonzero))
    masked = analytics.suppress(analytics.counts_table(table, col_totals=columns), policy)
    assert analytics.recoverable(masked) == []
    for key, low, high in analytics.audit(masked):
        if key in masked.primary:
            assert low < high
    shown = [counts for counts in masked.cells.values() if counts is not None]
    assert not any(0 < counts[0] < 11 for counts in shown)


@given(st.lists(series.filter(lambda y: len(y) >= 2), min_size=1, max_size=6))
def test_many_at_once_find_what_one_by_one_does(rows):
    width = max(len(y) for y in rows)
    padded = [
        [math.nan if v is None else v for v in y] + [math.nan] * (width - len(y)) for y in rows
    ]
    batch, limits = analytics.batch_run_stats(padded), analytics.batch_xmr(padded)
    for number, y in enumerate(rows):
        one = analytics.run_chart(y, profile="ihi2011").phases[0]
        other = analytics.run_chart(y).phases[0].rules
        assert batch.n_useful[number] == one.runs.n_useful
        assert batch.n_runs[number] == one.runs.n_runs
        assert batch.longest[number] == (one.runs.longest or 0)
        assert batch.longest_limit[number] == (one.runs.longest_limit or 0)
        for rule in ("shift", "trend", "few_runs", "many_runs"):
            assert bool(getattr(batch, rule)[number]) == bool(one.rules[rule])
        for rule in ("long_run", "few_crossings"):
            assert bool(getattr(batch, rule)[number]) == bool(other[rule])
        xmr = analytics.control_chart("xmr", y)
        for rule in ("beyond_limits", "shift", "trend", "two_of_three"):
            assert bool(getattr(limits, rule)[number]) == bool(xmr.phases[0].rules.get(rule))
        if xmr.ucl[0] is not None:
            assert math.isclose(limits.upper[number], xmr.ucl[0], abs_tol=1e-9)


@given(series, st.sampled_from(["small", "wide"]))
def test_drawing_never_fails_and_stays_on_the_paper(y, size):
    chart = analytics.run_chart(y, direction="increase", masked=[0])
    geometry = analytics.charts.run_geometry(
        chart, labels=[f"M{i}" for i in range(len(y))], size=size, goal=20
    )
    frame = geometry.frame
    for mark in geometry.marks:
        assert frame.left <= mark.x <= frame.edge
        assert frame.top - 1e-6 <= mark.y <= frame.floor + 1e-6
    svg = analytics.charts.run_chart_svg(
        chart, labels=["x"] * len(y), title="t", uid="u", size=size, goal=20
    )
    assert svg.startswith("<svg") and svg.endswith("</svg>") and "nan" not in svg.lower()
