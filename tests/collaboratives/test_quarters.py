"""Measures that are counted by quarter of the year (PRODUCT §7: frequency)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from collaboratives.measure_files import check
from collaboratives.models import DataPoint, Measure
from collaboratives.queries.cohort_measures import cohort_measures, proposal
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measures import MeasureTable, Reader, expected, measure_table
from collaboratives.queries.tested_changes import NumberedChange
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
FIRST = date(2024, 7, 1)
EIGHT = [(120 + n, 300) for n in range(8)]


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team(in_host):
    return TeamFactory(host=in_host, name="Riverbend", slug="riverbend")


@pytest.fixture
def lead(team, applicant, sign_in):
    TeamMemberFactory(host=team.host, team=team, user=applicant, role="lead")
    return sign_in(applicant)


@pytest.fixture
def measure(team):
    return measure_with(
        team, {"": EIGHT, "black": EIGHT}, first=FIRST, slug="visits", frequency="quarter"
    )


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", "riverbend", *args])


def whole(measure):
    return measure_table(measure, reader=Reader(frozenset([measure.team_id])))


def test_a_measure_by_quarters_is_made_typed_in_and_read(team, lead):
    given = {
        "name": "Visits", "kind": "process", "type": "proportion", "level": "project",
        "direction": "up", "numerator_words": "Seen", "denominator_words": "Invited",
        "groups": ["hispanic", "not-hispanic"], "frequency": "quarter",
    }  # fmt: skip
    made = lead.post(url("measure_add") + "?axis=ethnicity_1997", given)
    assert made.url == url("measure_data", "visits")
    grid = lead.get(url("measure_data", "visits")).content.decode()
    assert '<th scope="row">Q4 2026</th>' in grid and '<th scope="row">Q1 2024</th>' in grid
    assert 'name="hispanic.2026-10.n"' in grid and "2026-11" not in grid
    wrong = lead.post(url("measure_data", "visits"), {"all.2026-07.n": "9", "all.2026-07.d": "4"})
    assert "Q3 2026, All patients: No more than the denominator, 4." in wrong.content.decode()
    good = {"all.2026-07.n": "41", "all.2026-07.d": "60"}
    assert lead.post(url("measure_data", "visits"), good).status_code == 302
    assert DataPoint.objects.get().period_start == date(2026, 7, 1)
    page = lead.get(url("measure", "visits")).content.decode()
    assert "Quarter by quarter" in page and "Every quarter" in page and "Q3 2026" in page


def test_how_often_is_kept_once_there_are_numbers(team, lead, measure):
    page = lead.get(url("measure_edit", "visits"))
    given = {
        **page.context["form"].initial, "frequency": "month", "groups": [], "roll_up": "alone",
        "target": "", "baseline_points": "",
    }  # fmt: skip
    kept = lead.post(url("measure_edit", "visits"), given)
    assert kept.status_code == 422
    assert Measure.objects.get().frequency == "quarter"


@pytest.mark.parametrize(
    "text", ["2026-Q3", "Q3 2026", "2026 q3", "T3 2026", "2026Q3", "2026-07", "Jul 2026"]
)
def test_quarters_as_people_write_them(measure, text):
    wanted = expected(whole(measure), date(2026, 11, 1))
    rows = check(f"quarter,group,num,den\n{text},black,3,4\n".encode(), "q.csv", wanted).rows
    assert [(row.month, row.group) for row in rows] == [(date(2026, 7, 1), "black")]


@pytest.mark.parametrize("text", ["2026-08", "2026-Q5", "2026", "Aug 2026", "0000-Q1"])
def test_another_month_of_a_quarter_is_named_as_a_problem(measure, text):
    wanted = expected(whole(measure), date(2026, 11, 1))
    found = check(f"month,group,num,den\n{text},black,3,4\n".encode(), "q.csv", wanted)
    assert not found.rows
    (problem,) = found.problems
    assert (problem.row, problem.column) == (2, "month")
    assert problem.expected == "A quarter, such as 2026-Q3 or its first month, 2026-07."


def test_templates_and_files_name_quarters_and_read_them_back(team, lead, measure):
    text = lead.get(url("measure_template", "visits")).content.decode("utf-8-sig")
    assert text.splitlines()[-1] == "2026-Q4,Black,,"
    sent = lead.get(url("measure_csv", "visits")).content
    assert b"2024-Q3,All patients,120,300" in sent
    wanted = expected(whole(measure), date(2026, 11, 1))
    assert len(check(sent, "numbers.csv", wanted).rows) == 16
    book = lead.get(url("measure_template_xlsx", "visits")).content
    assert check(book, "t.xlsx", wanted).problems == []


def test_quarters_stand_side_by_side_and_a_change_marks_its_quarter(measure):
    change = NumberedChange(1, "Calls", "", date(2025, 8, 20), "", None)
    charts = measure_charts(whole(measure), changes=[change])
    assert len(charts.table.months) == 8
    assert charts.has_flags
    assert charts.baseline_words == "Baseline: first 4 quarters."
    assert charts.now_words == "Now: last quarter."
    assert [row.label for row in charts.standings] == ["All patients", "Black"]
    assert charts.panels[0].sentence.startswith("Too few points for rules yet: 8 of 10")
    again = MeasureTable.from_json(whole(measure).as_json())
    assert again.frequency == "quarter"


def test_months_and_quarters_are_not_pooled_together(team, measure):
    other = TeamFactory(host=team.host, cohort=team.cohort)
    measure_with(other, {"": EIGHT, "black": EIGHT}, first=FIRST, slug="visits", name=measure.name)
    found = cohort_measures(team.cohort)
    assert sorted(one.pooled.frequency for one in found) == ["month", "quarter"]
    only = proposal(team.cohort, slug="visits", type_="proportion")
    assert (only.first_month, only.last_month) == (date(2024, 12, 1), date(2025, 2, 1))


def test_a_benchmark_of_quarters_is_of_one_quarter(team, measure):
    only = proposal(team.cohort, slug="visits", type_="proportion")
    assert (only.first_month, only.last_month) == (date(2026, 4, 1), date(2026, 6, 1))
