"""The drawing: well-formed, named, escaped, one scale, nothing hidden in it."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

import analytics
from analytics import Phase, charts
from analytics.charts import Flag

NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = [f"{name} {year}" for year in (2025, 2026) for name in NAMES]
Y = [49, 50, 48, 49, 47, 50, 49, 48, 52, 53, 55, 56, 58, 58, 60, 61, 62, 63]
SVG = "{http://www.w3.org/2000/svg}"


def draw(chart=None, **rest):
    chart = chart or analytics.run_chart(Y, freeze=8, direction="increase")
    given = {"labels": MONTHS[: len(chart.value)], "title": "Blood pressure", "uid": "c1"}
    return charts.run_chart_svg(chart, **(given | rest))


def gap_series(**rest):
    reference = [(600 + 3 * i, 900) for i in range(12)]
    group = [(40 + 2 * i, 90) for i in range(12)]
    return analytics.gap_series(reference, group, **rest)


def draw_gap(series=None, **rest):
    given = {
        "labels": MONTHS[:12],
        "title": "Gap",
        "uid": "g1",
        "reference_name": "All patients",
        "group_name": "Native Hawaiian or Pacific Islander",
    }
    return charts.gap_chart_svg(series or gap_series(), **(given | rest))


def every_drawing():
    scale = charts.scale_for([50, 70])
    return {
        "run": draw(unit="%", goal=70, flags=[Flag(1, 7)], others=[[v + 3 for v in Y]]),
        "control": draw(analytics.control_chart("p", Y, [100] * 18, multiplier=100), unit="%"),
        "wide": draw(size="wide", goal=70),
        "gap": draw_gap(goal=80, flags=[Flag(1, 3)]),
        "row": charts.dumbbell_svg(50, 60, scale=scale, title="Row", uid="d1", goal=70),
        "variation": charts.variation_icon_svg("improvement_high", title="Better", uid="v1"),
        "common": charts.variation_icon_svg("common", title="Ordinary", uid="v2"),
        "low": charts.variation_icon_svg("neutral_low", title="Lower", uid="v3"),
        "assurance": charts.assurance_icon_svg("hit_or_miss", title="Unsure", uid="v4"),
        "axis": charts.dumbbell_axis_svg(scale, title="Axis", uid="a1", goal=70),
    }


@pytest.mark.parametrize("name", sorted(every_drawing()))
def test_every_drawing_is_named_and_needs_no_style(name):
    root = ElementTree.fromstring(every_drawing()[name])
    title, desc = list(root)[:2]
    assert (title.tag, desc.tag) == (f"{SVG}title", f"{SVG}desc")
    assert title.text and desc.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert root.get("role") == "img"
    names = {key for element in root.iter() for key in element.attrib}
    assert not names & {"style", "class"} and not any(key.startswith("on") for key in names)
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "line", "path", "circle", "text", "g")
    }
    assert "nan" not in every_drawing()[name]


def test_ids_are_the_charts_own():
    ids = re.findall(r' id="([^"]*)"', draw(uid="c1") + draw(uid="c2"))
    assert sorted(ids) == ["c1-desc", "c1-title", "c2-desc", "c2-title"]


def test_text_is_escaped():
    text = draw(
        title='<b>&"',
        uid='u"><script>',
        labels=[f"<i>{i}\x07" for i in range(18)],
        goal=70,
        goal_label="<goal>",
        desc="a < b",
    )
    root = ElementTree.fromstring(text)
    assert root[0].text == '<b>&"'
    assert root[1].text == "a < b"
    assert "<script" not in text and "<i>" not in text and "\x07" not in text


def test_the_description_is_the_sentence():
    root = ElementTree.fromstring(draw(unit="%"))
    assert root[1].text == "Improving. 10 points in a row above 49%, since Sep 2025."


def test_marks_by_finding_and_shape():
    geometry = charts.run_geometry(
        analytics.run_chart(Y, freeze=8, direction="increase"), labels=MONTHS[:18]
    )
    assert [m.marker for m in geometry.marks] == ["round"] * 8 + ["diamond"] * 10
    worse = charts.run_geometry(
        analytics.run_chart(Y, freeze=8, direction="decrease"), labels=MONTHS[:18]
    )
    assert {m.marker for m in worse.marks[8:]} == {"square"}
    neutral = charts.run_geometry(analytics.run_chart(Y, freeze=8), labels=MONTHS[:18])
    assert {m.marker for m in neutral.marks[8:]} == {"up"}
    lower = charts.run_geometry(analytics.run_chart([-v for v in Y], freeze=8), labels=MONTHS[:18])
    assert {m.marker for m in lower.marks[8:]} == {"down"}


def test_a_trend_alone_is_the_weaker_mark():
    y = [60, 50, 55, 45, 52, 48, 49, 50, 51, 52, 53, 54]
    chart = analytics.run_chart(y, freeze=6, profile="ihi2011", direction="increase")
    geometry = charts.run_geometry(chart, labels=MONTHS[:12])
    assert [m.weak for m in geometry.marks] == [False] * 5 + [True] * 7


def test_few_cases_are_hollow():
    chart = analytics.run_chart(Y, den=[30] * 17 + [12])
    geometry = charts.run_geometry(chart, labels=MONTHS[:18])
    assert [m.hollow for m in geometry.marks] == [False] * 17 + [True]


def test_a_hidden_point_is_a_cross_and_a_gap_and_its_number_is_nowhere():
    chart = analytics.run_chart([*Y[:4], 77.7, *Y[5:]], masked=[4])
    text = draw(chart, decimals=1)
    assert "77.7" not in text
    geometry = charts.run_geometry(chart, labels=MONTHS[:18])
    assert len(geometry.masked) == 1
    assert [len(piece) for piece in geometry.line] == [4, 13]
    assert 4 not in [mark.index for mark in geometry.marks]


def test_phases_break_the_centre_line():
    chart = analytics.run_chart(Y, phases=[Phase(9)])
    first, second = charts.run_geometry(chart, labels=MONTHS[:18]).centres
    assert first.x2 < second.x1
    assert first.y > second.y


def test_limits_are_steps_broken_between_phases():
    chart = analytics.control_chart("p", [30, 35] * 12, [60, 90] * 12, phases=[12])
    geometry = charts.run_geometry(chart, labels=MONTHS)
    assert [len(piece) for piece in geometry.limits] == [24, 24, 24, 24]
    assert geometry.trial_limits == ()
    trial = analytics.control_chart("xmr", [1, 2, 3, 2, 1, 2, 4])
    geometry = charts.run_geometry(trial, labels=MONTHS[:7])
    assert (len(geometry.limits), len(geometry.trial_limits)) == (0, 2)
    assert 'stroke-dasharray="3 3"' in draw(trial)


def test_flags_move_apart_but_their_lines_stay_true():
    flags = [Flag(1, 16), Flag(2, 17), Flag(3, 17)]
    geometry = charts.run_geometry(analytics.run_chart(Y), labels=MONTHS[:18], flags=flags)
    badges = [flag.badge_x for flag in geometry.flags]
    assert all(b - a >= 17.5 for a, b in pairwise(badges))
    assert badges[-1] <= geometry.frame.width - 8
    assert geometry.flags[1].x == geometry.flags[2].x == geometry.frame.edge


def test_one_scale_for_all():
    panels = [analytics.run_chart([v + offset for v in Y]) for offset in (0, 12, -20)]
    scale = charts.shared_scale(panels, bounds=(0, 100), goal=80)
    assert scale.low <= 27 and scale.high >= 80
    drawn = [charts.run_geometry(p, labels=MONTHS[:18], scale=scale) for p in panels]
    assert len({geometry.y_ticks for geometry in drawn}) == 1


@pytest.mark.parametrize(
    ("values", "bounds", "expected"),
    [
        ([47, 69, 70], (0, 100), (40, 80)),
        ([98, 99, 100], (0, 100), (97, 100)),
        ([0, 0, 0], (0, 100), (0, 1)),
        ([100, 100], (0, 100), (94, 100)),
        ([], (0, 100), (0, 100)),
        ([], (None, None), (0, 1)),
        ([5, None], (0, None), (4, 6)),
        ([-3, 8], (None, None), (-10, 15)),
        ([60, 61], (0, 100), (59, 62)),
        ([1.2, 7.9], (0.5, 8.5), (2, 8)),
        ([100, 100], (None, 100), (94, 100)),
    ],
)
def test_scales_are_round_and_within_bounds(values, bounds, expected):
    scale = charts.scale_for(values, bounds=bounds)
    assert (scale.low, scale.high) == expected
    assert scale.ticks[0] == scale.low and scale.ticks[-1] == scale.high


def test_time_is_true_to_the_calendar():
    chart = analytics.run_chart([50, 52, 51])
    geometry = charts.run_geometry(chart, labels=MONTHS[:3], positions=[0, 10, 40])
    xs = [mark.x for mark in geometry.marks]
    assert (xs[1] - xs[0]) * 3 == pytest.approx(xs[2] - xs[1])
    with pytest.raises(ValueError, match="increase"):
        charts.run_geometry(chart, labels=MONTHS[:3], positions=[0, 10, 10])


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": ["a"]},
        {"others": [[1, 2]]},
        {"positions": [1]},
        {"flags": [Flag(1, 18)]},
    ],
)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(ValueError, match=r"per point|No point"):
        draw(**wrong)


def test_an_empty_chart_can_be_drawn():
    text = draw(analytics.run_chart([]), labels=[])
    assert ElementTree.fromstring(text)[1].text == "No data yet."
    ElementTree.fromstring(draw(analytics.run_chart([None, None]), labels=["a", "b"]))
    ElementTree.fromstring(draw(analytics.run_chart([5]), labels=["a"]))


def test_wide_charts_name_the_line_clear_of_the_last_value():
    chart = analytics.run_chart([50, 52] * 6)
    geometry = charts.run_geometry(chart, labels=MONTHS[:12], size="wide")
    assert geometry.centre_label.text == "Median 51"
    assert abs(geometry.centre_label.y - geometry.last_value.y) >= 17


def test_the_goal_names_itself_below_when_points_are_above():
    high = [70, 71, 70, 72, 60, 61]
    geometry = charts.run_geometry(
        analytics.run_chart(high), labels=MONTHS[:6], goal=69, number=lambda v: f"{v:.0f}%"
    )
    assert geometry.goal.text == "Goal 69%"
    assert geometry.goal.y > geometry.goal_y


def test_the_goal_moves_where_the_line_would_run_through_its_words():
    crossing = [90, 60, 85, 62, 88, 61, 75, 74, 75, 74, 60, 60, 61, 60, 61, 60, 61, 60]
    geometry = charts.run_geometry(analytics.run_chart(crossing), labels=MONTHS[:18], goal=72)
    assert geometry.goal.x > geometry.frame.left + 3


def test_months_are_named_at_both_ends_and_in_january():
    geometry = charts.run_geometry(analytics.run_chart(Y), labels=MONTHS[:18])
    assert [tick.text for tick in geometry.x_labels] == ["Jan 2025", "Jun 2026", "Oct 2025"]
    assert len(geometry.x_ticks) == 6


def test_a_gap_chart_shades_between_its_lines_and_shows_intervals():
    series = gap_series(masked=[4], freeze=6)
    text = draw_gap(series)
    root = ElementTree.fromstring(text)
    assert root[1].text.startswith("Gap ")
    assert "Native Hawaiian or" in text and "Pacific Islander" in text
    assert series.gap[4] is None and series.reference[4] is None
    assert series.chart.direction == "decrease"
    assert len(re.findall(r'fill="#DCEBEC"', text)) == 2


def test_a_gap_series_without_anything_says_so():
    series = analytics.gap_series([None, (5, 9)], [(3, 9), None])
    text = draw_gap(series, labels=["a", "b"])
    assert ElementTree.fromstring(text)[1].text == "No gap to show yet."
    one = analytics.gap_series([(50, 90)], [(30, 90)])
    assert ElementTree.fromstring(draw_gap(one, labels=["a"]))[1].text.startswith("Gap 22 points")
    with pytest.raises(ValueError, match="2 periods of the reference"):
        analytics.gap_series([None, None], [None])
    with pytest.raises(ValueError, match="1 labels for 2"):
        draw_gap(series, labels=["a"])


def test_gap_verdicts_by_period():
    series = analytics.gap_series([(90, 100), (50, 100)], [(40, 100), (48, 100)])
    assert series.verdicts == ("worse", "too_small_to_tell")
    adverse = analytics.gap_series([(90, 100)], [(40, 100)], favourable=False)
    assert adverse.verdicts == ("better",)


def test_a_row_shows_what_may_be_shown():
    scale = charts.scale_for([40, 80], bounds=(0, 100))
    both = charts.dumbbell_svg(49, 61, scale=scale, title="Row", uid="d", point_class="improvement")
    assert ElementTree.fromstring(both)[1].text == "49% at baseline, 61% now."
    hidden = charts.dumbbell_svg(49, None, scale=scale, title="Row", uid="d")
    assert ElementTree.fromstring(hidden)[1].text == "49% at baseline, not shown now."
    neither = charts.dumbbell_svg(None, None, scale=scale, title="Row", uid="d", desc="Nichts")
    assert ElementTree.fromstring(neither)[1].text == "Nichts"
    axis = charts.dumbbell_axis_svg(scale, title="Axis", uid="a")
    assert "Goal" not in axis


def test_a_page_of_thirty_charts_costs_little():
    from time import process_time

    y = [40 + 5 * (i % 7) + i for i in range(24)]
    for compute in (
        lambda: analytics.run_chart(y, freeze=8, direction="increase"),
        lambda: analytics.control_chart("p", [20, 30] * 12, [60] * 24, multiplier=100),
    ):
        compute()
        best = 1.0
        for _ in range(5):
            start = process_time()
            for _ in range(30):
                compute()
            best = min(best, process_time() - start)
        assert best < 0.010


def test_forty_thousand_series_take_less_than_a_second():
    from time import process_time

    import numpy as np

    values = np.random.default_rng(5).normal(60, 5, (40_000, 24))
    best = 9.0
    for _ in range(2):
        start = process_time()
        analytics.batch_run_stats(values)
        analytics.batch_xmr(values)
        best = min(best, process_time() - start)
    assert best < 1


def test_a_unit_in_a_word_stays_off_the_axis():
    text = draw(analytics.run_chart([3, 8, 2, 90, 9]), labels=MONTHS[:5], unit="days")
    assert ">9 days</text>" in text
    assert not re.search(r'text-anchor="end">\d+ days<', text)
    assert re.search(r'text-anchor="end">\d+%<', draw(unit="%"))


@pytest.mark.parametrize("wrong", ["", "common_high", "improvement", "worse_low"])
def test_there_is_no_icon_for_what_is_no_finding(wrong):
    with pytest.raises(ValueError, match="No variation"):
        charts.variation_icon_svg(wrong, title="t", uid="u")
    with pytest.raises(ValueError, match="No assurance"):
        charts.assurance_icon_svg(wrong, title="t", uid="u")
