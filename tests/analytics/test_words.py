"""Every chart says one thing, plainly, and never more than the rules allow."""

import pytest

import analytics
from analytics import Interval, words

NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = [f"{name} {year}" for year in (2025, 2026) for name in NAMES]
PERCENT = words.plain_number("%")
BASE = [49, 50, 48, 49, 47, 50, 49, 48]


def told(y, **rest):
    chart = analytics.run_chart(y, **({"direction": "increase"} | rest))
    return words.sentence(chart, labels=MONTHS[: len(y)], number=PERCENT)


def test_improving():
    found = told([*BASE, *range(51, 62)], freeze=8)
    assert found.text == "Improving. 11 points in a row above 49%, since Sep 2025."
    assert (found.kind, found.lead, found.tone) == ("shift", "Improving.", "improvement")
    assert found.params == {
        "count": 11,
        "side": "above",
        "centre": "49%",
        "first": "Sep 2025",
        "last": "Jul 2026",
        "tone": "improvement",
    }


@pytest.mark.parametrize(
    ("direction", "lead"),
    [("decrease", "Getting worse."), ("neutral", "Higher."), (None, "Higher.")],
)
def test_the_same_rise_in_other_directions(direction, lead):
    assert told([*BASE, *range(51, 62)], freeze=8, direction=direction).lead == lead


def test_a_run_that_is_over():
    found = told([*BASE, *range(51, 62), 40, 41], freeze=8)
    assert found.text == "Was better. 11 points in a row above 49%, Sep 2025 to Jul 2026."
    assert found.kind == "shift_past"


def test_no_signal():
    found = told([66, 68, 67, 66, 68, 67, 65, 69, 67, 66, 68, 67, 66, 68])
    assert found.text == "No signal. Points vary around 67%."
    assert (found.kind, found.tone) == ("no_signal", "common")


def test_too_few_points():
    assert told([1, 2, 3, 4, 5, 6, 7]).text == "Too few points for rules yet: 6 of 10."
    chart = analytics.control_chart("xmr", [1, 2, 3, 5, 4, 6, 7])
    assert chart.status == "trial_limits"
    assert words.sentence(chart, labels=MONTHS[:7]).kind == "too_few"


def test_nothing_varies():
    assert told([70] * 12).text == "No variation: every point is 70%."
    chart = analytics.control_chart("xmr", [5] * 13 + [6], screen_mr=True)
    found = words.sentence(chart, labels=MONTHS[:14])
    assert found.text == "Too little variation for limits. Points lie about 5."


def test_nothing_there():
    assert told([]).text == "No data yet."
    assert told([None, None]).text == "No data yet."
    assert told([5, 6], masked=[0, 1]).text == "Too few people to show."
    assert told([5, 6, None], phases=[2]).text == "No data in this phase yet."


def test_few_crossings_and_many_runs():
    few = told([1, 2, 1, 2, 9, 8, 9, 8, 1, 2, 1, 9, 8, 9, 8, 9, 2, 1, 9, 2, 1, 2, 9, 8])
    assert few.text == "Changing. The line crosses 5% 7 times; chance gives at least 8."
    assert few.kind == "few_crossings"
    many = told([1, 2] * 10, profile="ihi2011")
    assert many.text == "Changing. The points jump from side to side of 2% more than chance would."
    runs = told([1] * 5 + [9] * 5, profile="ihi2011")
    assert runs.text == "Changing. The line crosses 5% once; chance gives at least 2."


def test_a_trend():
    found = told([60, 50, 55, 45, 52, 48, 49, 50, 51, 52, 53, 54], profile="ihi2011", freeze=6)
    assert found.text == "Improving. 7 points in a row going up, since Jun 2025."


def test_beyond_a_limit():
    y = [50, 53, 49, 51, 54, 48, 52, 55, 47, 51, 53, 90]
    chart = analytics.control_chart("xmr", y, direction="decrease")
    found = words.sentence(chart, labels=MONTHS[:12])
    assert found.text == "Getting worse. 1 point above the upper limit, Dec 2025."
    y = [*y, 95, 50, 52]
    chart = analytics.control_chart("xmr", y, direction="decrease", freeze=11)
    found = words.sentence(chart, labels=MONTHS[:15])
    assert found.text == "Was worse. 2 points above the upper limit, last in Jan 2026."


def test_a_zone():
    y = [50, 53, 49, 51, 54, 48, 52, 55, 47, 51, 53, 50, 61, 60, 52]
    chart = analytics.control_chart("xmr", y, direction="increase", freeze=12)
    assert {s.kind for s in chart.signals} == {"zone"}
    found = words.sentence(chart, labels=MONTHS[:15])
    assert found.text == "Was better. 2 points near a limit or in a pattern, Jan 2026 to Feb 2026."


def test_labels_must_fit():
    with pytest.raises(ValueError, match="1 labels for 2 points"):
        words.sentence(analytics.run_chart([1, 2]), labels=["a"])


def test_every_note_has_its_text():
    charts = [
        analytics.run_chart([0, 100, 0] * 4, freeze=30, den=[5] * 12, natural_bounds=(0, 100)),
        analytics.run_chart([1, 2, 3], freeze=2),
        analytics.control_chart("xmr", [1, 2, 3, 4]),
        analytics.control_chart("xmr", [1, 2, 3, 4, 2, 1, 3]),
        analytics.control_chart("xmr", [5] * 13 + [6], screen_mr=True),
        analytics.control_chart("pp", [50, 51] * 8, [100] * 16),
        analytics.control_chart("p", [4000, 6000] * 8, [10000] * 16),
    ]
    codes = {code for chart in charts for code in chart.notes}
    assert codes == set(words.NOTES)
    assert words.notes(charts[1]) == ("The baseline has fewer than 6 points.",)


def test_the_rate_of_false_signals_stands_beside_a_count_of_them():
    found = words.false_signals("ihi2011", 24)
    assert found.text == (
        "About 37 of 100 charts with no real change show a signal by these rules."
    )
    assert found.params == {"percent": 37, "points": 24}
    assert words.false_signals("ihi2011", 9) is None
    assert words.false_signals("plotthedots_0_2_2", 24) is None
    assert words.false_signals("other", 24) is None
    chart = analytics.run_chart(list(range(12)), profile="ihi2011")
    assert chart.false_signal_rate == 0.134


def test_rates_between_and_beyond_the_simulated_lengths():
    profile = analytics.PROFILES["ihi2011"]
    assert profile.false_signal_rate(14) == pytest.approx((0.134 + 0.214) / 2)
    assert profile.false_signal_rate(500) == 0.799
    assert analytics.PROFILES["mdc"].false_signal_rate(10) == 0.032


def test_gap_captions():
    found = words.gap_caption(
        Interval(12.2, 5.4, 18.9), was=20.3, group_change=9, reference_change=1
    )
    assert found.text == "Gap 12 points (5 to 19), was 20; group rose 9, reference rose 1."
    assert found.kind == "gap"
    unclear = words.gap_caption(Interval(6.1, -3.2, 15))
    assert unclear.text == "Gap 6 points (−3 to 15). Too small to tell."
    assert unclear.kind == "gap_too_small"
    one = words.gap_caption(Interval(1.2, 0.4, 2), group_change=-2, reference_change=0.2)
    assert one.text == "Gap 1 point (0 to 2); group fell 2, reference did not move."
    ahead = words.gap_caption(Interval(-7, -12, -2), was=3)
    assert ahead.text == "Gap −7 points (−12 to −2), was 3. The group does better."
    assert words.gap_caption(Interval(None, None, None)).kind == "no_gap"


def test_change_of_a_gap_never_says_more_than_its_interval():
    clear = analytics.gap_change(((900, 1000), (500, 1000)), ((900, 1000), (800, 1000)))
    assert words.change_sentence(clear).text == "The gap became smaller. The group did better."
    down = analytics.gap_change(((900, 1000), (500, 1000)), ((600, 1000), (500, 1000)))
    assert down.mover == "levelled_down"
    assert words.change_sentence(down).text == "The gap became smaller. The reference did worse."
    both = analytics.gap_change(((900, 1000), (500, 1000)), ((800, 1000), (700, 1000)))
    assert both.mover == "both"
    wider = analytics.gap_change(((900, 1000), (800, 1000)), ((900, 1000), (500, 1000)))
    assert (wider.verdict, wider.mover) == ("widening", "mixed")
    assert words.change_sentence(wider).text == "The gap became larger."
    unclear = analytics.gap_change(((90, 100), (70, 100)), ((90, 100), (75, 100)))
    assert words.change_sentence(unclear).text == "The change of the gap is too small to tell."
    assert analytics.gap_change(((0, 0), (1, 2)), ((1, 2), (1, 2))) is None
    fell = analytics.gap_change(((900, 1000), (500, 1000)), ((600, 1000), (400, 1000)))
    assert fell.mover == "levelled_down"
    rose = analytics.gap_change(((500, 1000), (500, 1000)), ((0, 1000), (900, 1000)))
    assert rose.ratio1 is None and rose.ratio_of_ratios is None


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("%", 61.4, "61%"),
        ("", -3.2, "−3"),
        ("days", 12, "12 days"),
        ("", 1234, "1,234"),
        ("", -0.2, "0"),
    ],
)
def test_numbers_in_words(unit, value, text):
    assert words.plain_number(unit)(value) == text


def test_simulated_rates_are_what_simulation_gives():
    import numpy as np

    rng = np.random.default_rng(20261108)
    for points in (12, 24):
        values = rng.normal(size=(8000, points))
        runs, xmr = analytics.batch_run_stats(values), analytics.batch_xmr(values)
        shares = {
            "anhoej2014": runs.long_run | runs.few_crossings,
            "ihi2011": runs.shift | runs.trend | runs.few_runs | runs.many_runs,
            "mdc": xmr.beyond_limits | xmr.shift | xmr.trend | xmr.two_of_three,
        }
        for name, fired in shares.items():
            stated = analytics.PROFILES[name].false_signal_rate(points)
            assert fired.mean() == pytest.approx(stated, abs=0.015), name
