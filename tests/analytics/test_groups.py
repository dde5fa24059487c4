"""Gaps by group, reliability, and people whose group is not known."""

import pytest

import analytics
from analytics import Reference, Stratum
from analytics.precision import relative_standard_error, relative_standard_error_of_rate

STRATA = [
    Stratum("Asian", 260, 381, 0),
    Stratum("Black or African American", 724, 1206, 1),
    Stratum("White", 1424, 2063, 2),
    Stratum("Not known", 30, 60, 3, missing_kind="unknown"),
]


def test_a_gap_says_absolute_relative_and_how_sure():
    rows = analytics.gap(STRATA, "White", favourable=True, multiplier=100)
    asian, black, white, unknown = rows
    assert [row.name for row in rows] == [s.name for s in STRATA]
    assert black.difference.value == pytest.approx(100 * (1424 / 2063 - 724 / 1206))
    assert black.verdict == "worse"
    assert asian.verdict == "too_small_to_tell"
    assert black.ratio.value == pytest.approx((724 / 1206) / (1424 / 2063))
    adverse = (1 - 724 / 1206) / (1 - 1424 / 2063)
    assert black.adverse_ratio.value == pytest.approx(adverse)
    assert (white.is_reference, white.difference, white.verdict) == (True, None, None)
    assert (unknown.difference, unknown.missing_kind) == (None, "unknown")
    assert unknown.rate.value == 50


def test_an_adverse_measure_turns_the_gap():
    rows = analytics.gap(STRATA, "White", favourable=False)
    assert rows[1].difference.value < 0
    assert rows[1].verdict == "better"


@pytest.mark.parametrize(
    ("reference", "favourable", "name"),
    [
        (Reference("best"), True, "White"),
        (Reference("best"), False, "Black or African American"),
        (Reference("largest"), True, "White"),
        (Reference("group", "Asian"), True, "Asian"),
    ],
)
def test_reference_points(reference, favourable, name):
    rows = analytics.gap(STRATA, reference, favourable)
    assert [row.name for row in rows if row.is_reference] == [name]


def test_a_small_group_cannot_be_the_best():
    strata = [*STRATA, Stratum("Few", 12, 12, 4)]
    rows = analytics.gap(strata, Reference("best"), True)
    assert [row.name for row in rows if row.is_reference] == ["White"]
    few = rows[-1]
    assert (few.reliable, few.difference is not None) == (False, True)


def test_against_everybody_else():
    """A group is part of the whole, so it is compared with the others only."""
    rows = analytics.gap(STRATA, Reference("overall"), True)
    rest = (260 + 1424) / (381 + 2063)
    assert rows[1].difference.value == pytest.approx(rest - 724 / 1206)
    hidden = [STRATA[0], STRATA[1], Stratum("White", 1424, 2063, 2, suppressed=True)]
    assert analytics.gap(hidden, Reference("overall"), True)[0].note == "choose another reference"
    alone = analytics.gap(STRATA[:1], Reference("overall"), True)
    assert alone[0].difference is None
    empty = analytics.gap([STRATA[0], Stratum("b", 0, 0, 1)], Reference("overall"), True)
    assert empty[0].note == "choose another reference"


def test_against_a_target():
    rows = analytics.gap(STRATA, Reference("target", value=70), True, multiplier=100)
    black = rows[1]
    assert black.difference.value == pytest.approx(70 - 100 * 724 / 1206)
    assert black.difference.low < black.difference.value < black.difference.high
    adverse = analytics.gap(STRATA, Reference("target", value=20), False, multiplier=100)
    assert adverse[1].difference.value == pytest.approx(100 * 724 / 1206 - 20)
    with pytest.raises(ValueError, match="needs its value"):
        analytics.gap(STRATA, Reference("target"), True)


def test_rates_per_exposure():
    strata = [Stratum("a", 48, 4687, 0), Stratum("b", 213, 45685, 1), Stratum("c", 3, 900, 2)]
    rows = analytics.gap(strata, "b", False, kind="rate", multiplier=1000)
    assert rows[0].difference.value == pytest.approx(1000 * (48 / 4687 - 213 / 45685))
    assert rows[0].verdict == "worse"
    assert rows[0].adverse_ratio is None
    assert rows[0].ratio.value == pytest.approx((48 / 4687) / (213 / 45685))
    assert [row.reliable for row in rows] == [True, True, False]


def test_hidden_counts_do_not_leave_with_their_row():
    rows = analytics.gap([STRATA[0], Stratum("b", 5, 9, 1, suppressed=True)], "Asian", True)
    assert (rows[1].num, rows[1].den, rows[1].rate, rows[1].suppressed) == (None, None, None, True)


def test_names_are_distinct():
    with pytest.raises(ValueError, match="same name"):
        analytics.gap([STRATA[0], STRATA[0]], "Asian", True)
    with pytest.raises(ValueError, match="No group"):
        analytics.inequality(STRATA, True, reference="Nobody")


def test_nobody_reliable_means_no_reference():
    rows = analytics.gap([Stratum("a", 3, 9, 0), Stratum("b", 4, 9, 1)], Reference("best"), True)
    assert {row.note for row in rows} == {"choose another reference"}


def test_a_hidden_reference_has_no_reference_measures():
    strata = [*STRATA[:3], Stratum("d", 5, 9, 4, suppressed=True)]
    found = analytics.inequality(strata, True, reference="d")
    reasons = {found[name].reason for name in ("reference_difference", "reference_ratio")}
    assert reasons == {"no usable reference group"}
    assert found["mdr_unweighted"].reason == "no usable reference group"


def test_ordered_groups_have_gradients():
    strata = [Stratum(f"Q{i}", a, 500, i) for i, a in enumerate((100, 150, 200, 240, 300))]
    found = analytics.inequality(strata, favourable=True, ordered=True)
    assert found["sii"].value > 0 and found["sii"].low > 0
    assert found["rii"].value > 1
    assert found["sii_logit"].value == pytest.approx(found["sii"].value, rel=0.05)
    assert found["difference"].value == 40
    assert found["par"].value == pytest.approx(60 - 39.6)
    flat = analytics.inequality([Stratum(f"Q{i}", 50, 100, i) for i in range(4)], True, True)
    assert flat["sii"].reason == "the rates have no slope that can be estimated"
    two = analytics.inequality(strata[:2], True, True)
    assert two["sii"].reason == "a spread needs three groups that can be shown"


def test_gradients_of_rates_beyond_one_have_no_logit():
    strata = [Stratum(f"Q{i}", a, 100, i) for i, a in enumerate((150, 120, 90))]
    found = analytics.inequality(strata, False, True, kind="rate", multiplier=100)
    assert found["sii"].value < 0
    assert found["sii_logit"].reason == "the rates have no slope that can be estimated"
    split = [Stratum(f"Q{i}", a, 100, i) for i, a in enumerate((0, 0, 100, 100))]
    assert analytics.inequality(split, True, True)["sii"].value > 0


def test_groups_without_any_event():
    strata = [Stratum(name, 0, 100, i) for i, name in enumerate("abc")]
    found = analytics.inequality(strata, False)
    assert (found["ratio"].value, found["max_ratio"].value, found["cov"].value) == (None,) * 3
    assert (found["difference"].value, found["paf"].value) == (0, None)
    one = [Stratum(name, 40 * i, 100, i) for i, name in enumerate("abc")]
    assert analytics.inequality(one, False)["theil"].value > 0


@pytest.mark.parametrize(
    ("num", "den", "standard", "verdict", "reason"),
    [
        (25, 25, "nchs_proportion", "suppress", "n<30"),
        (40, 40, "nchs_proportion", "review", "0or100%"),
        (0, 40, "nchs_proportion", "review", "0or100%"),
        (16, 32, "nchs_proportion", "suppress", "width>=0.30"),
        (3, 90, "nchs_proportion", "suppress", "relative width>130%"),
        (1, 1000, "nchs_proportion", "present", ""),
        (400, 1000, "nchs_proportion", "present", ""),
        (9, 1000, "nchs_rate", "suppress", "events<10"),
        (3, 0, "nchs_rate", "suppress", "events<10"),
        (10, 1000, "nchs_rate", "present", ""),
        (19, 1000, "events20", "suppress", "events<20"),
        (20, 1000, "events20", "present", ""),
        (15, 1000, "uscs16", "suppress", "events<16"),
        (5, 19, "his20", "suppress", "cases<20"),
        (5, 20, "his20", "present", ""),
        (5, 50, "rse30", "suppress", "RSE>30%"),
        (0, 50, "rse30", "suppress", "RSE>30%"),
        (25, 50, "rse30", "present", ""),
    ],
)
def test_reliability(num, den, standard, verdict, reason):
    found = analytics.reliability(num, den, standard)
    assert (found.verdict, found.reason, found.standard) == (verdict, reason, standard)
    assert found.reliable == (verdict != "suppress")


def test_relative_errors():
    assert relative_standard_error(50, 100) == pytest.approx(10)
    assert relative_standard_error(0, 100) is None
    assert relative_standard_error_of_rate(25) == 20
    assert relative_standard_error_of_rate(0) is None
    with pytest.raises(ValueError, match="negative"):
        relative_standard_error_of_rate(-1)


def test_completeness():
    found = analytics.completeness({"known": 70, "declined": 10, "not_asked": 20})
    assert (found.percent, found.total, found.may_be_biased) == (70, 100, True)
    assert found.missing["unknown"] == 0
    assert found.percent < found.yardstick
    assert not analytics.completeness({"known": 80, "unknown": 20}).may_be_biased
    assert analytics.completeness({}).percent is None
    with pytest.raises(ValueError, match="No kind"):
        analytics.completeness({"refused": 3})


def test_how_far_the_unknown_could_move_a_group():
    asian, black, _ = analytics.sensitivity(STRATA)
    assert (black.name, black.rate) == (
        "Black or African American",
        pytest.approx(100 * 724 / 1206),
    )
    assert black.low == pytest.approx(100 * 724 / (1206 + 30))
    assert black.high == pytest.approx(100 * (724 + 30) / (1206 + 30))
    assert asian.low < asian.rate < asian.high
    assert analytics.sensitivity([Stratum("a", 5, 9, suppressed=True)]) == ()


def test_groups_add_up_to_the_total_or_are_named():
    total = (260 + 724 + 1424 + 30, 381 + 1206 + 2063 + 60)
    assert analytics.reconcile(STRATA, total) == ()
    (off,) = analytics.reconcile(STRATA, (total[0], total[1] + 5))
    assert (off.what, off.difference) == ("denominator", -5)
    assert analytics.reconcile(STRATA, (1, 1), exclusive=False) == ()
    assert analytics.reconcile([Stratum("a", None, None)], (1, 1)) == ()


def test_intervals_at_their_edges():
    assert analytics.wilson(0, 0) is None
    assert analytics.clopper_pearson(0, 0) is None
    assert analytics.newcombe(1, 2, 0, 0) is None
    assert analytics.poisson_ci(3, 0) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        analytics.wilson(1, 2, level=1.2)
    wide, narrow = analytics.wilson(5, 20, level=0.99), analytics.wilson(5, 20, level=0.8)
    assert wide.low < narrow.low < narrow.high < wide.high
    with pytest.raises(ValueError, match="no ends"):
        analytics.intervals.ends(analytics.Interval(None, None, None))


def test_batches_of_the_wrong_shape():
    with pytest.raises(ValueError, match="one row per series"):
        analytics.batch_run_stats([1, 2, 3])
    with pytest.raises(ValueError, match="one line per series"):
        analytics.batch_run_stats([[1, 2, 3]], cl=[1, 2])
    assert analytics.batch_run_stats([[1, 2, 3]], cl=[0]).longest[0] == 3
    assert analytics.batch_run_stats([[]]).n_useful[0] == 0
