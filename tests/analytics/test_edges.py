"""Every row of the table of edges, as written."""

import math

import pytest

import analytics
from analytics import NotApplicable, Phase, Reference, Stratum

RULES = {"ihi2011": ("shift", "trend", "few_runs", "many_runs")}
VARIED = [50, 53, 49, 51, 54, 48, 52, 55, 47, 51, 53, 50]


@pytest.mark.parametrize("y", [[], [None, None, None]])
def test_nothing_to_draw(y):
    for chart in (analytics.run_chart(y), analytics.control_chart("xmr", y)):
        assert chart.status == "no_data"
        assert chart.signals == ()
        assert chart.value == tuple(y)
        assert chart.variation is None
    assert analytics.words.sentence(chart, labels=["x"] * len(y)).text == "No data yet."


def test_few_points_leave_rules_open_not_false():
    chart = analytics.run_chart([1, 2, 3, 4, 5, 6, 7, 8, 9], profile="ihi2011")
    assert chart.status == "too_few"
    assert chart.cl == (5,) * 9
    assert chart.phases[0].rules == dict.fromkeys(RULES["ihi2011"])
    assert chart.signals == ()
    assert chart.variation is None
    assert chart.false_signal_rate is None


def test_beyond_sixty_points_only_the_runs_table_is_open():
    chart = analytics.run_chart(list(range(70)), profile="ihi2011")
    assert chart.phases[0].rules == {
        "shift": True,
        "trend": True,
        "few_runs": None,
        "many_runs": None,
    }


def test_between_ten_and_sixty_all_rules_are_judged():
    chart = analytics.run_chart(VARIED, profile="ihi2011")
    assert None not in chart.phases[0].rules.values()
    assert chart.status == "ok"


@pytest.mark.parametrize("profile", ["ihi2011", "anhoej2014"])
def test_all_equal_is_degenerate(profile):
    chart = analytics.run_chart([70] * 12, profile=profile)
    assert (chart.status, chart.phases[0].runs.n_useful, chart.signals) == ("degenerate", 0, ())
    assert chart.cl == (70,) * 12


def test_no_variation_gives_no_limits():
    for y in ([5] * 14, [5] * 13 + [6]):
        chart = analytics.control_chart("xmr", y, screen_mr=True)
        assert chart.status == "degenerate"
        assert set(chart.ucl) == {None}
        assert chart.signals == ()
        assert set(chart.point_class) == {"common"}


def test_one_point_off_the_median():
    chart = analytics.run_chart([5] * 11 + [9])
    assert chart.phases[0].runs.n_useful == 1
    assert (chart.status, chart.signals) == ("too_few", ())


def test_a_missing_period_is_a_gap_and_bridges_nothing():
    chart = analytics.control_chart("xmr", [10, 12, None, 20, 10, 12, 10, 12, 10, 12, 10, 12, 10])
    ranges = [2, 10, 2, 2, 2, 2, 2, 2, 2, 2]
    assert chart.value[2] is None
    assert chart.point_class[2] == "missing"
    assert chart.ucl[0] - chart.cl[0] == pytest.approx(2.66 * sum(ranges) / len(ranges))


def test_missing_periods_are_skipped_by_rules():
    chart = analytics.run_chart([1, None, 2, 3, None, 4, 5, 6, 7, 8, 9, 10], profile="ihi2011")
    assert [s.indices for s in chart.signals if s.rule == "trend"] == [
        (0, 2, 3, 5, 6, 7, 8, 9, 10, 11)
    ]


@pytest.mark.parametrize(
    ("periods", "words"),
    [([1, 2, 2], "appears twice"), ([1, 3, 2], "sort by time"), ([1, 2], "2 periods for 3")],
)
def test_periods_in_disorder_are_refused(periods, words):
    with pytest.raises(ValueError, match=words):
        analytics.run_chart([1, 2, 3], periods=periods)
    with pytest.raises(ValueError, match=words):
        analytics.control_chart("xmr", [1, 2, 3], periods=periods)


def test_nobody_eligible_is_missing_not_zero():
    found = analytics.rates([1, 0, None, 3], [10, 0, 10, 30])
    assert found.value == (10, None, None, 10)
    assert found.missing == (None, "none eligible", "not reported", None)
    chart = analytics.control_chart("p", [5, 0, 6, 7] * 3, [20, 0, 20, 20] * 3, multiplier=100)
    assert chart.value[1] is None
    assert chart.missing[1] == "none eligible"
    assert chart.cl[0] == pytest.approx(100 * 18 / 60)
    run = analytics.run_chart([50, 0, 60], den=[20, 0, 10])
    assert (run.value, run.few) == ((50, None, 60), (2,))
    assert run.missing == (None, "none eligible", None)


@pytest.mark.parametrize("num", [[0] * 12, [30] * 12])
@pytest.mark.parametrize("kind", ["p", "pp"])
def test_all_or_nothing_is_degenerate_with_a_hint(kind, num):
    chart = analytics.control_chart(kind, num, [30] * 12, multiplier=100)
    assert chart.status == "degenerate"
    assert "at_bounds" in chart.notes
    assert set(chart.lcl) == {None}


def test_the_hint_of_run_charts_needs_more_than_half_at_the_bounds():
    values = [0.0, 100.0, 0.0, 50.0, 60.0, 70.0]
    assert "at_bounds" not in analytics.run_chart(values, natural_bounds=(0, 100)).notes
    assert "at_bounds" in analytics.run_chart([*values, 0.0], natural_bounds=(0, 100)).notes


def test_counts_must_pair_up():
    with pytest.raises(ValueError, match="1 numerators for 2"):
        analytics.rates([1], [1, 2])
    assert analytics.shifts([1, 2, 3], None) == []


def test_more_events_than_cases():
    with pytest.raises(ValueError, match="cannot count 11 of 10"):
        analytics.rates([11], [10])
    with pytest.raises(ValueError, match="cannot count 11 of 10"):
        analytics.control_chart("p", [11], [10])
    with pytest.raises(ValueError, match="cannot count 11 of 10"):
        analytics.wilson(11, 10)
    assert analytics.rates([11], [10], kind="ratio").value == (pytest.approx(110),)
    assert analytics.control_chart("u", [11], [10]).value == (1.1,)


@pytest.mark.parametrize("bad", [math.inf, -math.inf])
def test_infinite_values_are_refused(bad):
    for compute in (
        lambda: analytics.run_chart([1, bad]),
        lambda: analytics.control_chart("xmr", [1, bad]),
        lambda: analytics.runs([bad], 1),
        lambda: analytics.batch_run_stats([[bad, 1]]),
        lambda: analytics.rates([bad], [1]),
        lambda: analytics.poisson_ci(bad),
        lambda: analytics.wilson(bad, 1),
        lambda: analytics.rate_ratio_ci(1, bad, 1, 1),
    ):
        with pytest.raises(ValueError, match="finite"):
            compute()


def test_negative_counts_are_refused():
    for compute in (
        lambda: analytics.control_chart("c", [-1]),
        lambda: analytics.control_chart("u", [1], [-1]),
        lambda: analytics.rates([-1], [3]),
        lambda: analytics.wilson(-1, 3),
        lambda: analytics.poisson_ci(-1),
        lambda: analytics.run_chart([1], den=[-3]),
        lambda: analytics.completeness({"known": -1}),
        lambda: analytics.counts_table([[-1]]),
    ):
        with pytest.raises(ValueError, match="negative"):
            compute()


@pytest.mark.parametrize("value", [0, -2])
def test_times_must_pass(value):
    with pytest.raises(ValueError, match="greater than zero"):
        analytics.control_chart("t", [3, value])


def test_kinds_and_denominators_must_fit():
    with pytest.raises(ValueError, match="No control chart"):
        analytics.control_chart("z", [1])
    with pytest.raises(ValueError, match="needs denominators"):
        analytics.control_chart("p", [1])
    with pytest.raises(ValueError, match="has no denominator"):
        analytics.control_chart("c", [1], [2])
    with pytest.raises(ValueError, match="1 denominators for 2"):
        analytics.control_chart("p", [1, 2], [3])
    with pytest.raises(ValueError, match="No rule profile"):
        analytics.run_chart([1], profile="mine")


def test_an_underdispersed_prime_chart_keeps_its_limits():
    chart = analytics.control_chart("pp", [50, 51] * 8, [100] * 16)
    assert chart.sigma_z < 1
    assert "underdispersed" in chart.notes
    assert chart.ucl[0] is not None


def test_an_overdispersed_p_chart_offers_the_prime():
    chart = analytics.control_chart("p", [4000, 6000] * 8, [10000] * 16)
    assert "overdispersed" in chart.notes


def test_a_freeze_longer_than_the_phase_is_clamped():
    chart = analytics.run_chart(VARIED, freeze=20)
    assert chart.notes == ("freeze_clamped",)
    assert chart.phases[0].baseline_n == 12


def test_a_short_freeze_refuses_limits():
    chart = analytics.control_chart("xmr", VARIED, freeze=5)
    assert chart.status == "too_few"
    assert "limits_refused" in chart.notes
    assert set(chart.ucl) == {None}
    assert chart.cl[0] == pytest.approx(51.4)
    assert "baseline_short" in analytics.run_chart(VARIED, freeze=5).notes
    with pytest.raises(ValueError, match="at least one period"):
        analytics.run_chart(VARIED, freeze=0)


def test_limits_by_number_of_points():
    statuses = [analytics.control_chart("xmr", VARIED[:n]).status for n in (5, 6, 11, 12)]
    assert statuses == ["too_few", "trial_limits", "trial_limits", "ok"]


def test_a_target_without_direction_assures_nothing():
    assert analytics.control_chart("xmr", VARIED, target=90).assurance is None
    chart = analytics.control_chart("xmr", VARIED, target=90, direction="neutral")
    assert chart.assurance is None


@pytest.mark.parametrize(
    ("direction", "target", "expected"),
    [
        ("increase", 90, "fail"),
        ("increase", 10, "pass"),
        ("increase", 51, "hit_or_miss"),
        ("decrease", 90, "pass"),
        ("decrease", 10, "fail"),
    ],
)
def test_assurance(direction, target, expected):
    chart = analytics.control_chart("xmr", VARIED, target=target, direction=direction)
    assert chart.assurance == expected


def test_rate_ratios_without_events():
    none = analytics.rate_ratio_ci(0, 10, 3, 10)
    assert (none.value, none.low, none.high) == (0.0, None, None)
    assert none.note == "not estimable: the group has no events"
    other = analytics.rate_ratio_ci(3, 10, 0, 10)
    assert (other.value, other.note) == (None, "not estimable: the reference has no events")
    assert analytics.rate_ratio_ci(3, 0, 1, 10) is None
    assert analytics.katz(3, 10, 0, 10).value is None
    assert analytics.katz(3, 10, 0, 0) is None


@pytest.mark.parametrize(
    "reference",
    [Stratum("r", 30, 60, 0, suppressed=True), Stratum("r", 5, 12, 0), Stratum("r", None, None, 0)],
)
def test_an_unusable_reference_asks_for_another(reference):
    rows = analytics.gap([reference, Stratum("g", 40, 90, 1)], "r", favourable=True)
    assert (rows[1].difference, rows[1].ratio, rows[1].note) == (
        None,
        None,
        "choose another reference",
    )
    assert rows[1].rate.value == pytest.approx(4 / 9)


def test_unknown_people_are_never_the_reference():
    strata = [Stratum("known", 30, 60, 0), Stratum("?", 40, 60, 1, missing_kind="unknown")]
    with pytest.raises(ValueError, match="No group"):
        analytics.gap(strata, "?", favourable=True)
    rows = analytics.gap(strata, Reference("best"), favourable=True)
    assert [row.is_reference for row in rows] == [True, False]
    assert rows[1].difference is None
    assert rows[1].rate is not None


def test_too_few_groups():
    one = analytics.inequality([Stratum("a", 1, 40), Stratum("b", 1, 40, suppressed=True)], True)
    assert one == NotApplicable("fewer than two groups can be shown")
    two = analytics.inequality([Stratum("a", 10, 40, 0), Stratum("b", 20, 40, 1)], True)
    assert two["difference"].value == 25
    assert two["bgv"] == NotApplicable("a spread needs three groups that can be shown")
    assert two["theil"] == two["bgv"]


def test_groups_that_overlap_have_no_weighted_index():
    strata = [Stratum(name, 10 + i, 40, i) for i, name in enumerate("abc")]
    found = analytics.inequality(strata, True, exclusive=False, reference="a")
    reason = "people count in several groups, so shares add up to more than the whole"
    weighted = ("bgv", "par", "paf", "theil", "mld", "mdm_weighted", "mdr_weighted")
    assert {found[name] for name in weighted} == {NotApplicable(reason)}
    assert found["mdm_unweighted"].value > 0


def test_a_hidden_group_leaves_shares_of_the_whole_unknown():
    strata = [Stratum(name, 10 + i, 40, i) for i, name in enumerate("abc")]
    found = analytics.inequality([*strata, Stratum("d", 5, 9, 3, suppressed=True)], True)
    assert found["bgv"] == NotApplicable(
        "some groups are hidden, so shares of the whole are not known"
    )


def test_the_first_of_two_best_groups_is_the_reference():
    strata = [Stratum("z", 30, 60, 0), Stratum("a", 30, 60, 1), Stratum("m", 20, 60, 2)]
    for order in (strata, strata[::-1]):
        rows = analytics.gap(order, Reference("best"), favourable=True)
        assert [(row.name, row.is_reference) for row in rows] == [
            ("z", True),
            ("a", False),
            ("m", False),
        ]


def test_phases_must_lie_in_the_series():
    for phases, words in (([12], "No point 12"), ([3, Phase(3)], "Two phases"), ([-1], "No point")):
        with pytest.raises(ValueError, match=words):
            analytics.run_chart(VARIED, phases=phases)
    with pytest.raises(ValueError, match="no point 40"):
        analytics.run_chart(VARIED, exclude=[40])


def test_every_rule_restarts_at_a_phase_edge():
    y = [40] * 5 + [41] * 6 + [60, 61] * 3 + [62] * 5
    whole = analytics.run_chart(y, profile="ihi2011")
    parts = analytics.run_chart(y, phases=[11], profile="ihi2011")
    assert any(i >= 11 > j for s in whole.signals for i in s.indices for j in s.indices)
    assert all((s.phase == 1) == (i >= 11) for s in parts.signals for i in s.indices)
    assert parts.cl[:11] == (41,) * 11


def test_two_phases_can_each_freeze():
    y = [*VARIED, *[v + 20 for v in VARIED]]
    chart = analytics.run_chart(y, phases=[Phase(0, 6), Phase(12, 8)])
    assert [phase.baseline_n for phase in chart.phases] == [6, 8]
    assert chart.phases[0].centre == 50.5


def test_excluded_points_are_drawn_but_not_computed():
    chart = analytics.run_chart([*VARIED, 900], exclude=[12])
    assert chart.value[12] == 900
    assert chart.point_class[12] == "excluded"
    assert chart.cl[0] == 51
    assert not chart.useful[12]


def test_masked_points_are_gone_before_anything_is_computed():
    seen = analytics.run_chart([*VARIED, 900], masked=[12], direction="increase")
    unseen = analytics.run_chart([*VARIED, None], direction="increase")
    assert seen.value == unseen.value
    assert seen.cl == unseen.cl
    assert seen.missing[12] == "masked"
    limits = analytics.control_chart("p", [9, *[30] * 12], [10, *[60] * 12], masked=[0])
    assert limits.cl[1] == 0.5
    assert limits.value[0] is None


@pytest.mark.parametrize("kind", ["p", "pp", "u", "up", "ip"])
def test_limits_do_not_tell_the_denominator_of_a_masked_period(kind):
    num, den = [30 + i % 3 for i in range(14)], [60 + i % 5 for i in range(14)]
    chart = analytics.control_chart(kind, num, den, masked=[4])
    other = analytics.control_chart(kind, num, [*den[:4], 7000, *den[5:]], masked=[4])
    assert (chart.lcl[4], chart.ucl[4], chart.uwl[4]) == (None, None, None)
    assert chart == other


def test_an_astronomical_point_is_only_a_candidate():
    chart = analytics.run_chart([*VARIED, 400], profile="ihi2011", direction="increase")
    candidates = [s for s in chart.signals if s.kind == "candidate"]
    assert [(s.rule, s.indices, s.side) for s in candidates] == [("astronomical", (12,), "above")]
    assert chart.point_class[12] == "common"


def test_improvement_wins_a_conflict_in_making_data_count():
    rise = [30, 29, 30, 31, 30, 29, 30, 60, 59, 58, 57, 56, 55, 54]
    chart = analytics.control_chart("xmr", rise, profile="mdc", direction="increase")
    fell = next(s for s in chart.signals if s.rule == "trend")
    above = next(s for s in chart.signals if s.rule == "shift" and s.side == "above")
    shared = set(fell.indices) & set(above.indices)
    assert {chart.point_class[i] for i in shared} == {"improvement"}


def test_display_is_clamped_but_rules_are_not():
    y = [98, 99, 97, 99, 98, 96, 99, 98, 97, 99, 98, 99]
    chart = analytics.control_chart("xmr", y, natural_bounds=(0, 100))
    assert chart.ucl[0] == 100
    assert chart.phases[0].rules["beyond_limits"] is False


def test_package_parity_at_its_edges():
    chart = analytics.control_chart(
        "i", [5], profile="plotthedots_0_2_2", direction="increase", target=9
    )
    assert (chart.assurance, chart.variation) == ("hit_or_miss", "common")
    assert analytics.control_chart("i", [], profile="plotthedots_0_2_2").variation is None
    for kind in ("c", "t"):
        empty = analytics.control_chart(kind, [None, None], profile="qicharts2_0_8_1")
        assert set(empty.ucl) == {None}


def test_excluded_points_of_a_control_chart():
    chart = analytics.control_chart("xmr", [*VARIED, 900], exclude=[12])
    assert chart.point_class[12] == "excluded"
    assert chart.cl[0] == pytest.approx(sum(VARIED) / 12)


def test_moving_ranges_have_no_runs_rules():
    chart = analytics.control_chart("mr", VARIED)
    assert chart.value[:3] == (None, 3, 4)
    assert chart.phases[0].rules == {"beyond_limits": False}
    assert chart.ucl[0] == pytest.approx(3.267 * chart.cl[0])
    assert set(chart.lcl) == {0}


def test_a_frozen_g_chart_draws_the_theoretical_median():
    y = [3, 8, 1, 9, 4, 6, 2, 7, 30, 40, 5, 6]
    assert analytics.control_chart("g", y, freeze=8).cl[0] == pytest.approx(0.693 * 5)
    assert analytics.control_chart("g", y).cl[0] == 6


def test_i_prime_limits_follow_the_number_of_cases():
    chart = analytics.control_chart("i'", [50 * n for n in (4, 100)] * 8, [4, 100] * 8)
    assert chart.status == "degenerate"
    sums = [n * v for n, v in zip([4, 100] * 8, [48, 51, 53, 50] * 4, strict=True)]
    chart = analytics.control_chart("ip", sums, [4, 100] * 8)
    assert chart.ucl[0] - chart.cl[0] == pytest.approx(5 * (chart.ucl[1] - chart.cl[1]))
