"""Cases small enough to check by hand."""

import pytest

import analytics
from analytics import Interval, Stratum


def test_xmr_of_ten_and_twelve():
    chart = analytics.control_chart("xmr", [10, 12] * 6)
    assert (chart.cl[0], chart.lcl[0], chart.ucl[0]) == pytest.approx((11, 5.68, 16.32))
    assert chart.status == "ok"


def test_wilson():
    share = analytics.wilson(81, 263)
    assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)
    none = analytics.wilson(0, 20)
    assert (none.low, round(none.high, 4)) == (0, 0.1611)


def test_newcombe():
    found = analytics.newcombe(56, 70, 48, 80)
    assert (round(found.value, 3), round(found.low, 4), round(found.high, 4)) == (
        0.200,
        0.0524,
        0.3339,
    )


def test_no_events():
    found = analytics.poisson_ci(0)
    assert (found.low, round(found.high, 3)) == (0, 3.689)


def test_byar_and_its_variant():
    auto = analytics.poisson_ci(20)
    half = analytics.poisson_ci(20, method="rothman_boice")
    assert (round(auto.low, 2), round(auto.high, 2)) == (12.21, 30.89)
    assert (round(half.low, 2), round(half.high, 2)) == (12.60, 30.28)
    assert analytics.poisson_ci(9) == analytics.poisson_ci(9, method="exact")
    assert analytics.poisson_ci(10) == analytics.poisson_ci(10, method="byar")


def test_a_trend_ignores_a_repeat():
    assert [s.indices for s in analytics.trends([1, 2, 3, 3, 4, 5])] == [(0, 1, 2, 4, 5)]


def test_a_shift_skips_the_median():
    y = [3, 3, 3, 8, 8, 8, 5.5, 9, 9, 9, 1, 2, 1]
    chart = analytics.run_chart(y, profile="ihi2011")
    assert chart.cl[0] == 5.5
    assert [(s.rule, s.indices) for s in chart.signals if s.kind == "shift"] == [
        ("shift", (3, 4, 5, 7, 8, 9))
    ]


@pytest.fixture
def three_groups():
    return [Stratum("a", 400, 500, 0), Stratum("b", 180, 300, 1), Stratum("c", 80, 200, 2)]


def test_summary_measures(three_groups):
    found = analytics.inequality(three_groups, favourable=True)
    values = {name: found[name].value for name in found if hasattr(found[name], "value")}
    expected = {
        "difference": 40,
        "ratio": 2,
        "bgv": 244,
        "mdm_weighted": 14,
        "mdb_weighted": 14,
        "theil": 0.029895,
        "mld": 0.032562,
        "disparity_weighted": 21.21,
        "disparity_unweighted": 23.23,
        "disparity_from_best": 37.5,
        "par": 14,
        "summary_rate_ratio": 1.6,
    }
    assert {name: round(values[name], 6) for name in ("theil", "mld")} == {
        name: expected[name] for name in ("theil", "mld")
    }
    for name, value in expected.items():
        assert values[name] == pytest.approx(value, abs=0.005), name


@pytest.mark.parametrize(
    ("useful", "longest", "crossings"),
    [
        (10, 6, 2),
        (12, 7, 3),
        (16, 7, 4),
        (20, 7, 6),
        (22, 7, 7),
        (23, 8, 7),
        (24, 8, 8),
        (30, 8, 10),
        (36, 8, 13),
        (46, 9, 17),
        (60, 9, 23),
    ],
)
def test_anhoej_limits(useful, longest, crossings):
    assert analytics.anhoej_limits(useful) == (longest, crossings)


@pytest.mark.parametrize(
    ("useful", "runs"),
    [
        (10, (3, 9)),
        (14, (4, 12)),
        (16, (5, 13)),
        (24, (8, 18)),
        (30, (11, 21)),
        (40, (15, 27)),
        (50, (19, 33)),
        (60, (24, 38)),
        (12, (4, 10)),
        (20, (7, 15)),
        (9, (None, None)),
        (61, (None, None)),
    ],
)
def test_runs_table(useful, runs):
    assert analytics.runs_table(useful) == runs


def test_limits_tables_refuse_nothing_useful():
    with pytest.raises(ValueError, match="at least one useful point"):
        analytics.anhoej_limits(0)


def test_float_ties_lie_on_the_line():
    """0.1 + 0.2 is not 0.3 in floats, but it is on the median of 0.3."""
    assert analytics.runs([0.1 + 0.2, 0.3, 0.4, 0.2], 0.3).n_useful == 2
    assert analytics.trends([0.1, 0.2, 0.3, 0.1 + 0.2, 0.4, 0.5])[0].indices == (0, 1, 2, 4, 5)


WE_CASES = {
    "four_of_five": [0, 0, 1.2, 1.3, 0.2, 1.4, 1.5, 0, 0, 0],
    "two_of_three": [0, 0, 2.2, -0.5, 2.3, 0, 0, 0, 0, 0],
    "beyond_limits": [0, 0, 3.2, 0, 0, 0, 0, 0, 0, 0],
}


def judged(rule, offs, profile):
    """The points one rule flags when the middle is 0 and sigma 1."""
    from analytics.profiles import profile_named
    from analytics.sigma_rules import judge, zones

    points = zones(
        range(len(offs)),
        offs,
        [0.0] * len(offs),
        [1.0] * len(offs),
        [(o > 0) - (o < 0) for o in offs],
    )
    _, signals = judge(points, 0, profile_named(profile))
    return sorted({i for s in signals if s.rule == rule for i in s.indices})


def test_western_electric_zones():
    assert judged("four_of_five", WE_CASES["four_of_five"], "western_electric") == [2, 3, 5, 6]
    assert judged("two_of_three", WE_CASES["two_of_three"], "western_electric") == [2, 4]
    assert judged("beyond_limits", WE_CASES["beyond_limits"], "western_electric") == [2]
    assert judged("shift", [0.5] * 8 + [-1], "western_electric") == list(range(8))
    assert judged("shift", [0.5] * 7 + [-1], "western_electric") == []


def test_making_data_count_wants_all_three_on_one_side():
    assert judged("two_of_three", WE_CASES["two_of_three"], "mdc") == []
    assert judged("two_of_three", [0, 2.2, 0.4, 2.3, -1], "mdc") == [1, 3]
    assert judged("two_of_three", [0, 3.2, 0.4, 2.3, -1], "mdc") == [1, 3]
    assert judged("two_of_three", [0, 3.2, 0.4, 2.3, -1], "plotthedots_0_2_2") == []
    assert judged("trend", [1, 2, 3, 4, 5, 6, 7, 1], "mdc") == list(range(7))
    assert judged("trend", [1, 2, 3, 4, 5, 6, 1], "mdc") == []
    assert judged("trend", [1, 2, 3, 4, 5, 6, 1], "mdc_six") == list(range(6))
    assert judged("shift", [1, 1, 1, 0, 1, 1, 1, 1], "mdc") == []


def test_nelson():
    assert judged("alternating", [1, -1] * 7, "nelson") == list(range(14))
    assert judged("alternating", [1, -1] * 6 + [1, 1], "nelson") == []
    assert judged("near_centre", [0.5, -0.5] * 8, "nelson") == list(range(16))
    assert judged("near_centre", [0.5, -0.5] * 7, "nelson") == []
    assert judged("far_both_sides", [1.5, -1.5] * 4, "nelson") == list(range(8))
    assert judged("far_both_sides", [1.5] * 8, "nelson") == []
    assert judged("trend", [1, 2, 3, 4, 5, 6], "nelson") == list(range(6))
    assert judged("shift", [0.2] * 9, "nelson") == list(range(9))


def test_intervals_of_differences_keep_their_note():
    ratio = analytics.katz(0, 20, 5, 20)
    assert ratio == Interval(0.0, None, None, "not estimable: the group has no events")
