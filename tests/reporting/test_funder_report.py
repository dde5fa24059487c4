"""The report for funders, and the plan to sustain and scale that it counts."""

import csv
import io

import openpyxl
import pikepdf
import pypdf
import pytest
from django.utils import translation

from collaboratives.models import Measure
from documents import work
from reporting import actions, queries
from reporting.funder_files import file_of
from reporting.models import Project, ScalePlan
from reporting.queries.funder import funder_content, tables_to_release
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import cohort_with_periods, measure_with, submitted_report
from tests.reporting.conftest import NOW
from tests.reporting.test_cohort_teams import CLOSING, LEVEL, gap_of
from tests.reporting.test_reports import url

SMALL = [(7, 43)] * 18  # found nowhere else
PLAN = dict.fromkeys(ScalePlan.PARTS, "Two posts stay in the budget.")


@pytest.fixture
def community(in_host):
    """A program that says what it expects, of how many teams."""
    return cohort_with_periods(in_host, key="action-community", slug="ac", leader_replies=False)


@pytest.fixture
def two(community):
    """Teams of it: one that gains, one that does not."""
    names = ("Oak", "Elm")
    return [
        TeamFactory(host=community.host, cohort=community, name=n, slug=n.lower()) for n in names
    ]


def report_of(cohort, by):
    return actions.make_funder_report(cohort=cohort, now=NOW, by=by)


def csv_of(report, kind="csv"):
    text = file_of(report.content, report.cohort, kind).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# --- what teams have reached ---------------------------------------------------------------------


def test_the_share_of_teams_with_progress_at_project_level(clock, community, two, coordinator):
    """S4-08, S4-12: most see progress in their project; all close a gap. By the gap, not by
    everybody's rate; at project level alone for the first."""
    oak, elm = two
    gap_of(oak, CLOSING, LEVEL)
    gap_of(elm, [(50, 100)] * 18, LEVEL)
    report = report_of(community, coordinator)
    signs = report.content["signs"]
    assert signs["project_progress"] == signs["gap"] == {"yes": 1, "untold": 0, "of": 2}
    (first, *_others) = queries.funder_page(report.content, community).outcomes
    assert first.label.startswith("Most teams come closer")
    assert (first.expected, first.words) == ("Most teams", "1 of 2")
    Measure.objects.filter(team=oak).update(level="population")
    signs = report_of(community, coordinator).content["signs"]
    assert (signs["project_progress"]["yes"], signs["gap"]["yes"]) == (0, 1)


def test_process_measures_of_the_whole_population(clock, community, two, coordinator):
    """S4-09: some begin to see progress on process measures at the population level."""
    rising = [(50, 100)] * 8 + [(70, 100)] * 10
    for one, level in zip(two, ("population", "project"), strict=True):
        fields = {"slug": "calls", "name": "Calls", "kind": "process", "baseline_points": 8}
        measure_with(one, {"": rising}, level=level, **fields)
    signs = report_of(community, coordinator).content["signs"]
    assert signs["population_process"] == {"yes": 1, "untold": 1, "of": 2}


def test_scale_sustain_and_the_plan(clock, community, two, coordinator):
    """S4-10, S4-11: flags of projects; a plan counts once each part has words."""
    oak, elm = two
    for team, stage in ((oak, "scaled"), (elm, "sustained")):
        given = {"title": "Calls", "stage": stage, "started_on": NOW.date()}
        actions.add_piece(Project, team=team, given=given, by=coordinator)
    for team, given in ((oak, PLAN), (elm, {**PLAN, "risks": ""})):
        actions.save_scale_plan(team=team, given=given, saves=0, now=NOW, by=coordinator)
    signs = report_of(community, coordinator).content["signs"]
    assert [signs[code]["yes"] for code in ("scale", "sustain", "scale_plan")] == [1, 1, 1]


def test_a_program_without_the_plan_is_not_measured_by_it(clock, cohort, team, coordinator):
    assert "scale_plan" not in report_of(cohort, coordinator).content["signs"]


# --- what is left out ----------------------------------------------------------------------------


def test_small_numbers_are_in_no_result_and_a_note_says_so(clock, cohort, team, coordinator):
    """G26: page, PDF and data are of masked tables; the note comes by itself, and the measure
    remembers what was given out."""
    measure = gap_of(team.team, SMALL, LEVEL)
    report = report_of(cohort, coordinator)
    assert report.content["signs"]["gap"] == {"yes": 0, "untold": 1, "of": 1}
    assert report.content["measures"] == {"all": 1, "hiding": 1}
    page = queries.funder_page(report.content, cohort)
    notes = " ".join(note.text for note in page.notes)
    assert "1 of 1 measures have months with 1 to 10 people" in notes
    assert "For 1 team this can’t be told; it counts as no." in notes
    measure.refresh_from_db()
    assert ["b", "2026-10-01"] in measure.given_out["hidden"]
    for row in csv_of(report):
        assert row["value"] not in ("7", "43"), row


def test_rates_are_pooled_from_five_organizations_or_none(clock, cohort, coordinator):
    """The rule of the cohort's benchmarks: five or more, and only what a person gave out."""
    for n in range(4):
        one = TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {n}")
        measure_with(one, {"": [(40 + n, 80)] * 18}, slug="control", name="Control")
    page = queries.funder_page(report_of(cohort, coordinator).content, cohort)
    (rate,) = page.rates
    assert (rate.rate, rate.words) == ("–", "Fewer than five organizations have numbers.")


def test_the_gap_of_all_teams_together_from_five_organizations(clock, cohort, coordinator):
    """S4-12: pooled where each of five shows both groups; a hidden group counts nobody in."""
    for n in range(4):
        gap_of(TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {n}"), CLOSING, LEVEL)
    gap_of(TeamFactory(host=cohort.host, cohort=cohort, name="Small"), SMALL, LEVEL)
    report = report_of(cohort, coordinator)
    assert report.content["pooled_gaps"] == [
        {"slug": "control", "name": "Control", "reason": "few"}
    ]
    (few,) = queries.funder_page(report.content, cohort).pooled_gaps
    assert few.words == "Fewer than five organizations have numbers."
    gap_of(TeamFactory(host=cohort.host, cohort=cohort, name="Fifth"), CLOSING, LEVEL)
    report = report_of(cohort, coordinator)
    (one,) = report.content["pooled_gaps"]
    assert (one["code"], one["was"], one["now"], one["organizations"]) == ("closing", 20, 2, 5)
    assert one["low"] < 2 < one["high"]
    (said,) = queries.funder_page(report.content, cohort).pooled_gaps
    assert said.words == "Smaller, the group does better. From 5 organizations."
    rows = [row for row in csv_of(report) if row["about"].startswith("pooled gap")]
    assert [(row["about"], row["value"], row["of"]) for row in rows] == [
        ("pooled gap at baseline", "20", "5"), ("pooled gap now", "2", "5"),
    ]  # fmt: skip
    assert {row["fact"] for row in rows} <= {row["Name"] for row in csv_of(report, "codebook")}


def test_teams_that_compare_with_other_groups_are_pooled_against_all_others(
    clock, cohort, coordinator
):
    for n in range(5):
        one = TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {n}")
        numbers = {"": [(100, 200)] * 18, "b": [(40, 100)] * 18, "w": [(60, 100)] * 18}
        fields = {"slug": "control", "name": "Control", "baseline_points": 8}
        measure_with(one, numbers, reference="w" if n else "b", **fields)
    report = report_of(cohort, coordinator)
    (one,) = report.content["pooled_gaps"]
    assert (one["group"], one["reference"], one["code"]) == ("B", "", "unclear")
    assert (one["was"], one["now"]) == (20, 20)
    (said,) = queries.funder_page(report.content, cohort).pooled_gaps
    assert said.between == "B, compared with All others"


def test_a_month_in_which_the_group_is_hidden_counts_for_nobody(clock, cohort, coordinator):
    """Else the hidden people would stand among all others."""
    for n in range(6):
        one = TeamFactory(host=cohort.host, cohort=cohort, name=f"Team {n}")
        group = [(40, 100)] * 3 + [(40, 100) if n else (3, 100)] * 3 + [(40, 100)] * 12
        numbers = {"": [(100, 200)] * 18, "b": group, "w": [(60, 100)] * 18}
        fields = {"slug": "control", "name": "Control", "baseline_points": 6 + 2 * n}
        measure_with(one, numbers, reference="w" if n else "b", **fields)
    (one,) = report_of(cohort, coordinator).content["pooled_gaps"]
    assert (one["was"], one["now"], one["organizations"]) == (20, 20, 6)


def test_who_left_counts_as_joined_and_in_nothing_else(clock, community, two, coordinator):
    gap_of(two[1], CLOSING, LEVEL)
    two[1].ended_at = NOW
    two[1].save()
    content = report_of(community, coordinator).content
    assert (content["reach"]["joined"], content["reach"]["running"]) == (2, 1)
    assert content["gaps"] == {} and [one["name"] for one in content["teams"]] == ["Oak"]
    notes = [one.text for one in queries.funder_page(content, community).notes]
    assert "1 team has left. It counts as joined and in nothing else." in notes


# --- page, PDF and data say the same -------------------------------------------------------------


def test_the_report_stays_as_it_was_made(
    clock, cohort, team, third, applicant, coordinator, sign_in
):
    submitted_report(team.team, third, applicant, now=NOW)
    client = sign_in(coordinator)
    assert "No report yet" in client.get(url("funder_reports", "ln")).content.decode()
    made = client.post(url("funder_reports", "ln"))
    assert made.url == url("funder_report", "ln", 1)
    page = client.get(made.url).content.decode()
    assert "1 of 3" in page and "Riverbend" in page and "PDF for funders" in page
    TeamMemberFactory(host=cohort.host, team=TeamFactory(host=cohort.host, cohort=cohort))
    assert client.get(made.url).content.decode().count("1 of 3") == page.count("1 of 3")
    event = AuditEvent.objects.about(cohort).get(verb="made a report for funders")
    assert event.after["number"] == 1 and len(event.after["sha256"]) == 64
    client.post(url("funder_reports", "ln"))
    assert "Number 2" in client.get(url("funder_reports", "ln")).content.decode()


def test_a_worker_draws_it_tagged(clock, settings, tmp_path, cohort, team, coordinator, sign_in):
    settings.MEDIA_ROOT = tmp_path
    gap_of(team.team, CLOSING, LEVEL)
    client = sign_in(coordinator)
    client.post(url("funder_reports", "ln"))
    where = url("funder_pdf", "ln", 1)
    assert client.get(where).url == url("funder_report", "ln", 1)
    assert client.get(url("funder_pdf_state", "ln", 1)).json()["state"] == "queued"
    work.run_due_jobs(now=NOW)
    assert client.get(url("funder_pdf_state", "ln", 1)).json()["result_url"] == where
    file = b"".join(client.get(where).streaming_content)
    with pikepdf.open(io.BytesIO(file)) as document:
        assert document.Root.MarkInfo.Marked
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    assert "What teams have reached" in text and "Smaller, the group does better" in text


def test_data_comes_with_its_codebook_and_a_record(clock, cohort, team, coordinator, sign_in):
    """CSV and XLSX hold what the page shows; every fact is in the codebook; no cell a formula."""
    team.team.name = "=HYPERLINK(1)"
    team.team.save()
    report = report_of(cohort, coordinator)
    rows = csv_of(report)
    known = {row["Name"] for row in csv_of(report, "codebook")}
    assert {row["fact"] for row in rows} <= known and set(rows[0]) <= known
    assert {row["team"] for row in rows} == {"", "'=HYPERLINK(1)"}
    client = sign_in(coordinator)
    answer = client.post(url("funder_data", "ln", 1), {"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Numbers", "Codebook"]
    assert len(list(book["Numbers"].rows)) == len(rows) + 1
    assert 'filename="ln-report-1.xlsx"' in answer["Content-Disposition"]
    event = AuditEvent.objects.about(cohort).get(verb="took a report for funders away")
    assert event.after == {"number": 1, "as": "xlsx"}
    assert client.post(url("funder_data", "ln", 1), {"format": "doc"}).status_code == 404
    with translation.override("es"):
        page = queries.funder_page(report.content, cohort)
        assert page.sections[0].title == "Alcance"


def test_only_who_may_take_data_away_makes_it(
    clock, cohort, team, analyst, coach, stranger, applicant, sign_in, coordinator
):
    report_of(cohort, coordinator)
    assert sign_in(analyst).get(url("funder_report", "ln", 1)).status_code == 200
    for one in (coach, stranger, applicant):
        for where in (url("funder_reports", "ln"), url("funder_report", "ln", 1)):
            assert sign_in(one).get(where).status_code in (403, 404), where


@pytest.mark.parametrize("rows", [1, 3])
def test_what_it_freezes_costs_the_same_for_any_number_of_teams(
    clock, rows, cohort, django_assert_num_queries
):
    for n in range(rows):
        gap_of(TeamFactory(host=cohort.host, cohort=cohort, name=f"T{n}"), CLOSING, LEVEL)
    tables = tables_to_release(cohort)
    with django_assert_num_queries(19):
        assert len(funder_content(cohort, tables, now=NOW)["teams"]) == rows


# --- the plan ------------------------------------------------------------------------------------


def test_a_team_writes_its_plan_part_by_part(clock, team, applicant, coordinator, sign_in):
    """S4-11: what stays, who owns it, how it is seen, where it goes, what it takes, what could
    stop it."""
    client, where = sign_in(applicant), url("scale_plan", "riverbend")
    assert "What will you keep?" in client.get(where).content.decode()
    sent = {**PLAN, "risks": "", "saves": "0"}
    page = client.post(where, sent, follow=True).content.decode()
    assert "1 part is still empty." in page
    client.post(where, {**PLAN, "saves": "1"})
    assert ScalePlan.objects.get().is_whole and ScalePlan.objects.whole().count() == 1
    assert "Every part has words" in client.get(url("work", "riverbend")).content.decode()
    staff = sign_in(coordinator)
    assert PLAN["keep"] in staff.get(where).content.decode()
    assert staff.post(where, {**PLAN, "saves": "2"}).status_code == 403


def test_nobody_writes_over_anothers_plan_unseen(clock, team, applicant, sign_in):
    client, where = sign_in(applicant), url("scale_plan", "riverbend")
    client.post(where, {**PLAN, "keep": "Their words.", "saves": "0"})
    answer = client.post(where, {**PLAN, "keep": "My words.", "saves": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Their words." in page and "My words." in page
    assert ScalePlan.objects.get().keep == "Their words."
    assert client.post(where, {**PLAN, "keep": "My words.", "saves": "1"}).status_code == 302
    events = AuditEvent.objects.about(team.team).filter(verb="wrote the plan to sustain and scale")
    assert events.first().before == {"keep": "Their words."}


def test_only_the_team_and_staff_read_a_plan(clock, team, other, applicant, sign_in, stranger):
    actions.save_scale_plan(team=team.team, given=PLAN, saves=0, now=NOW, by=applicant)
    for one in (other.user, stranger):
        assert sign_in(one).get(url("scale_plan", "riverbend")).status_code == 404
