"""Charts, gaps and completeness of a measure, as their reader may see them."""

from datetime import date

import pytest

from collaboratives.forms.measures import MeasureForm
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measure_pages import mismatches
from collaboratives.queries.measures import Reader, measure_table
from collaboratives.states import CHARTS_OF_TYPE, ChartKind
from tests.factories.collaboratives import TeamFactory
from tests.factories.reporting import measure_with

RATES = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 70, 72, 71, 69, 73, 70, 71, 72]


@pytest.fixture
def team(in_host):
    return TeamFactory(host=in_host, name="Riverbend", slug="riverbend")


def charts_of(measure, *, whole=True):
    reader = Reader(frozenset([measure.team_id])) if whole else Reader.outsider()
    return measure_charts(measure_table(measure, reader=reader))


TYPES = [
    (type_, kind) for type_, kinds in CHARTS_OF_TYPE.items() for kind in kinds if kind != "run"
]


@pytest.mark.parametrize(("type_", "kind"), TYPES)
def test_each_chart_that_a_type_allows_is_drawn_with_its_limits(team, type_, kind):
    """PRODUCT 7: run and SPC charts. A run chart has no limits, the others do from 12 months."""
    counted = type_ in ("count", "time_between")
    numbers = {"": [(n, None if counted else 100 + n % 3) for n in RATES]}
    measure = measure_with(team, numbers, type=type_, chart=kind, rule_profile="mdc")
    charts = charts_of(measure)
    assert charts.has_limits
    assert "#8A989E" in charts.panels[0].svg
    assert "Rules: Making Data Count." in charts.false_signals
    as_run = charts_of(measure_with(team, numbers, type=type_))
    assert not as_run.has_limits
    assert "#8A989E" not in as_run.panels[0].svg
    assert "Rules: Anhøj 2014." in as_run.false_signals


def test_a_time_of_zero_gets_a_run_chart(team):
    numbers = {"": [(n, None) for n in [0, *RATES]]}
    assert not charts_of(measure_with(team, numbers, type="time_between", chart="t")).has_limits


def test_a_rate_is_shown_per_thousand(team):
    measure = measure_with(team, {"": [(4, 2000)] * 3}, type="rate", per=1000, target=1.5)
    charts = charts_of(measure)
    assert charts.numbers[0].cells == ["2.0 (4/2,000)"]
    assert charts.table.goal == 1.5


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"type": "count", "chart": "p"}, "chart", "This type can be drawn as: Run chart, c chart"),
        ({"chart": "p", "rule_profile": "ihi2011"}, "rule_profile", "another kind of chart"),
        ({"chart": "run", "rule_profile": "nelson"}, "rule_profile", "another kind of chart"),
    ],
)
def test_a_chart_that_does_not_fit_is_refused(sent, field, words):
    whole = {
        "name": "A", "kind": "outcome", "type": "proportion", "level": "project",
        "direction": "up", "numerator_words": "n", "denominator_words": "d",
        "groups": ["hispanic"], "reference": "",
    }  # fmt: skip
    form = MeasureForm({**whole, **sent}, axis="ethnicity_1997")
    assert not form.is_valid()
    assert words in str(form.errors[field])
    plain = MeasureForm({**whole, "chart": "p"}, axis="ethnicity_1997")
    assert plain.is_valid() and plain.cleaned_data["rule_profile"] == "mdc"


def test_the_rules_say_how_often_they_are_false(db):
    form = MeasureForm(None, axis="ethnicity_1997")
    words = dict(form.fields["rule_profile"].choices)
    assert words["anhoej2014"] == (
        "Anhøj 2014, run chart: 3 of 100 charts signal by chance in 24 points"
    )
    assert words["ihi2011"].startswith("IHI 2011, run chart: 37 of 100")
    assert not any(name.startswith(("plotthedots", "qicharts2")) for name in words)


def test_signals_are_counted_beside_their_false_rate(team):
    numbers = {"": [(n, 100) for n in RATES], "b": [(50 + n % 2, 100) for n in range(18)]}
    said = charts_of(measure_with(team, numbers)).false_signals
    assert said.startswith("1 of 2 charts show a signal. Rules: Anhøj 2014. About ")


def test_too_few_points_is_said_in_words(team):
    charts = charts_of(measure_with(team, {"": [(50 + n, 100) for n in range(6)]}))
    assert charts.panels[0].sentence == "Too few points for rules yet: 6 of 10."
    assert charts.false_signals == ""


# --- the gap -------------------------------------------------------------------------------------

GROUPS = {
    "": [(150 + n % 2, 300) for n in range(14)],
    "white": [(80 + n % 2, 100) for n in range(14)],
    "black": [(40, 100)] * 8 + [(55, 100)] * 6,
    "asian": [(30, 100)] * 14,
}


def with_gap(team, chosen, reference="white"):
    measure = measure_with(team, GROUPS, reference=reference)
    measure.gap_group = measure.strata.get(code=chosen) if chosen else None
    measure.save(update_fields=["gap_group"])
    return measure


def test_the_gap_is_of_the_group_and_reference_that_the_team_chose(team):
    chosen = charts_of(with_gap(team, "black")).gap
    assert (chosen.label, chosen.reference, chosen.chosen) == ("Black", "White", True)
    assert "Gap of Black" in chosen.svg
    assert chosen.sentence.startswith("The gap is 26 points (")
    assert "It was 40." in chosen.sentence
    assert chosen.change.startswith("The gap became smaller because the group did better.")
    assert "Black: +15 points. White: 0 points." in chosen.change
    widest = charts_of(with_gap(team, None)).gap
    assert (widest.label, widest.chosen) == ("Asian", False)
    others = charts_of(with_gap(team, "black", reference="")).gap
    assert others.reference == "All others"


def test_a_gap_of_one_point_is_said_so_and_nobody_moves_by_nothing(team):
    numbers = {
        "": [(1500, 3000)] * 14,
        "white": [(800, 1000)] * 13 + [(799, 1000)],
        "black": [(500, 1000)] * 8 + [(790, 1000)] * 6,
    }
    measure = measure_with(team, numbers, reference="white")
    measure.gap_group = measure.strata.get(code="black")
    measure.save(update_fields=["gap_group"])
    gap = charts_of(measure).gap
    assert gap.sentence.startswith("The gap is 1 point (")
    assert gap.change == (
        "The gap became smaller because the group did better. Black: +29 points. White: 0 points."
    )


def test_a_chosen_group_that_is_hidden_is_not_replaced_by_another(team):
    numbers = {**GROUPS, "black": [(4, 100)] * 14}
    measure = measure_with(team, numbers, reference="white")
    measure.gap_group = measure.strata.get(code="black")
    measure.save(update_fields=["gap_group"])
    assert charts_of(measure).gap.label == "Black"
    assert charts_of(measure, whole=False).gap is None


def test_a_gap_that_chance_could_make_is_too_small_to_tell(team):
    small = {"": [(30, 60)] * 12, "a": [(16, 30)] * 12, "b": [(14, 30)] * 12}
    gap = charts_of(measure_with(team, small, reference="a")).gap
    assert "It is too small to tell from none." in gap.sentence
    assert gap.change.startswith("The change since baseline is too small to tell.")


def test_every_group_now_absolute_and_relative(team):
    summary = charts_of(with_gap(team, "black")).gaps
    assert summary.reference == "White"
    black = next(line for line in summary.lines if line.label == "Black")
    assert (black.rate, black.verdict) == ("55%", "behind")
    assert black.gap.startswith("26 (") and black.ratio.startswith("0.68 (")
    assert [line.label for line in summary.lines] == ["Black", "Asian"]


def test_sets_that_overlap_block_weighted_summaries_with_the_reason(team):
    def reasons(**fields):
        summary = charts_of(measure_with(team, GROUPS, reference="white", **fields)).gaps
        return {line.label: (line.value, line.reason) for line in summary.indices}

    exclusive = reasons()
    assert all(value != "–" and not why for value, why in exclusive.values())
    overlapping = reasons(groups_are_exclusive=False, roll_up="combination")
    blocked = ("–", "People count in several groups, so shares add up to more than the whole.")
    assert overlapping["Mean distance from the average, weighted"] == blocked
    assert overlapping["What everybody would gain at the best rate"] == blocked
    assert overlapping["Largest difference between two groups"][1] == ""


# --- completeness, and what does not add up ------------------------------------------------------


def known_of(team, unknown, *, whole=True):
    numbers = {
        "": [(60, 100 + unknown)] * 12,
        "a": [(30, 50)] * 12,
        "b": [(30, 50)] * 12,
        "unknown": [(0 if unknown else None, unknown)] * 12,
    }
    measure = measure_with(team, numbers, missing={"unknown": "unknown"})
    return charts_of(measure, whole=whole).known


def test_completeness_is_a_measure_with_a_chart_of_its_own(team):
    known = known_of(team, 20)
    assert known.share == "83%"
    assert not known.biased
    assert known.kinds == [("Unknown", "60")]
    assert "Group is known: " in known.panel.svg and "Goal 75%" in known.panel.svg
    assert known_of(team, 40).biased
    assert known_of(team, 7, whole=False) is None  # seven people a month are hidden
    assert charts_of(measure_with(team, {"": [(1, 2)] * 3})).known is None


def test_groups_that_do_not_add_up_are_warned_of_and_stop_nobody(team):
    numbers = {"": [(60, 100), (60, 100)], "a": [(30, 50), (30, 50)], "b": [(30, 48), (30, 50)]}
    first = date(2026, 1, 1)
    whole = Reader(frozenset([team.pk]))
    measure = measure_with(team, numbers, first=first, roll_up="single")
    assert mismatches(measure_table(measure, reader=whole)) == [
        "Jan 2026: the groups' denominators make 98, everybody's is 100."
    ]
    for fields in [
        {"roll_up": "alone"},
        {"roll_up": "combination", "groups_are_exclusive": False},
        {"groups_are_exclusive": False},
    ]:
        other = measure_with(team, numbers, first=first, **fields)
        assert mismatches(measure_table(other, reader=whole)) == []


def test_kinds_of_chart_are_all_offered_for_some_type():
    assert {kind for kinds in CHARTS_OF_TYPE.values() for kind in kinds} == set(ChartKind)
