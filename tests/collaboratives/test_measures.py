"""Measures, their numbers, and who may see them whole."""

import ast
import re
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from collaboratives import tasks
from collaboratives.actions import measure_numbers as numbers
from collaboratives.actions import measures as actions
from collaboratives.actions.measure_numbers import Kept, Point
from collaboratives.actions.measures import Definition, Group
from collaboratives.category_sets import BY_KEY, SETS
from collaboratives.models import DataPoint, DataUpload, Measure, Stratum
from collaboratives.models.measures import UploadState
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measures import (
    Cell,
    MeasureTable,
    Reader,
    masked,
    measure_table,
    measure_tables,
    member_of,
)
from documents import jobs
from documents.models import Job, StoredFile
from documents.states import FileState
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with
from workflow.machine import TransitionNotAllowed

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
PRESSURE = Definition(
    name="Blood pressure control",
    numerator_words="Patients with blood pressure below 140/90",
    denominator_words="Patients with hypertension",
    target=0.7,
    groups=(Group("black", "Black or African American"), Group("white", "White")),
    reference="",
)


@pytest.fixture
def team(in_host):
    return TeamFactory(host=in_host, name="Riverbend", slug="riverbend")


@pytest.fixture
def lead(team, applicant):
    return TeamMemberFactory(host=team.host, team=team, user=applicant, role="lead")


# --- defining ------------------------------------------------------------------------------------


def test_a_measure_is_defined_with_its_groups(team, applicant):
    """S1-30, S1-31: process and outcome measures, split into groups."""
    measure = actions.add_measure(team=team, definition=PRESSURE, by=applicant)
    groups = Stratum.objects.filter(measure=measure).order_by("position")
    assert [(g.code, g.label) for g in groups] == [
        ("", "All patients"),
        ("black", "Black or African American"),
        ("white", "White"),
    ]
    assert measure.reference.code == ""
    assert [e.verb for e in AuditEvent.objects.about(measure)] == ["added"]
    second = actions.add_measure(team=team, definition=PRESSURE, by=applicant)
    assert (measure.slug, second.slug) == ("blood-pressure-control", "blood-pressure-control-2")


def test_a_group_with_numbers_is_never_lost(team, applicant):
    measure = measure_with(team, {"": [(50, 90)], "black": [(20, 40)], "white": [None]})
    without_white = Definition(**{**vars(PRESSURE), "groups": (Group("black", "Black"),)})
    actions.change_measure(measure=measure, definition=without_white, by=applicant)
    assert set(Stratum.objects.filter(measure=measure).values_list("code", flat=True)) == {
        "",
        "black",
    }
    without_black = Definition(**{**vars(PRESSURE), "groups": (Group("white", "White"),)})
    with pytest.raises(actions.HasNumbers):
        actions.change_measure(measure=measure, definition=without_black, by=applicant)
    as_count = Definition(**{**vars(without_white), "type": "count"})
    with pytest.raises(actions.HasNumbers):
        actions.change_measure(measure=measure, definition=as_count, by=applicant)


def test_standard_groups_are_data():
    """S2-15: race and ethnicity, disability, sexual orientation and gender identity, language."""
    assert [s.key for s in SETS] == [
        "race_ethnicity_2024",
        "race_1997",
        "ethnicity_1997",
        "race_ethnicity_reald",
        "language",
        "disability",
        "sexual_orientation",
        "gender_identity",
        "own",
    ]
    for one in SETS:
        codes = [category.code for category in one.categories]
        assert len(codes) == len(set(codes))
        kinds = [c.missing_kind for c in one.categories if c.missing_kind]
        assert kinds == (
            ["unknown", "declined", "not_asked", "not_collected_by_site"] if one.categories else []
        )
    first = [c.label for c in BY_KEY["race_ethnicity_2024"].categories][:7]
    assert first == sorted(first, key=str)


# --- numbers -------------------------------------------------------------------------------------


def test_the_same_numbers_twice_change_nothing(team, applicant):
    measure = actions.add_measure(team=team, definition=PRESSURE, by=applicant)
    points = [
        Point("", date(2026, 1, 1), 60, 100),
        Point("black", date(2026, 1, 1), 20, 40),
        Point("white", date(2026, 1, 1), None, None),
    ]
    assert numbers.save_points(measure=measure, points=points, by=applicant) == Kept(2, 0)
    first = list(DataPoint.objects.order_by("pk").values_list("pk", "entered_at"))
    assert numbers.save_points(measure=measure, points=points, by=applicant) == Kept(0, 0)
    assert list(DataPoint.objects.order_by("pk").values_list("pk", "entered_at")) == first
    points[1] = Point("black", date(2026, 1, 1), 21, 40)
    assert numbers.save_points(measure=measure, points=points, by=applicant) == Kept(0, 1)
    event = AuditEvent.objects.about(measure)[0]
    assert (event.verb, event.after) == ("entered data", {"added": 0, "changed": 1})


# --- files ---------------------------------------------------------------------------------------


def upload(measure, text, by, name="numbers.csv"):
    file = SimpleUploadedFile(name, text.encode("utf-8-sig"), "text/csv")
    received = numbers.receive_file(measure=measure, file=file, by=by)
    run = jobs.Run(Job.objects.get(kind=numbers.CHECK_FILE, input={"upload": received.pk}))
    Job.objects.filter(pk=run.job.pk).update(
        state="running", lease_until=NOW, locked_by=run.job.locked_by or "worker"
    )
    run.job.refresh_from_db()
    tasks.check_file(run)
    received.refresh_from_db()
    return received


HEAD = "month;group;numerator;denominator\n"


@time_machine.travel(NOW, tick=False)
def test_a_good_file_is_saved_and_twice_changes_nothing(team, applicant):
    """S1-30, S1-31: data comes from a spreadsheet program."""
    measure = actions.add_measure(team=team, definition=PRESSURE, by=applicant)
    text = f"{HEAD}Jan 2026;All patients;1.204;2.000\n1/1/2026;Black or African American;20;40\n"
    first = upload(measure, text, applicant)
    assert (first.state, first.rows_read, first.added, first.changed) == ("saved", 2, 2, 0)
    assert (first.saved_by, first.saved_at) == (applicant, NOW)
    again = upload(measure, text, applicant)
    assert (again.state, again.rows_read, again.added, again.changed) == ("saved", 2, 0, 0)
    kept = DataPoint.objects.order_by("-denominator").values_list("numerator", "denominator")
    assert list(kept) == [(1204, 2000), (20, 40)]


@time_machine.travel(NOW, tick=False)
def test_nothing_of_a_file_with_problems_is_saved_until_a_person_says_so(team, applicant):
    measure = actions.add_measure(team=team, definition=PRESSURE, by=applicant)
    received = upload(
        measure, f"{HEAD}2026-01;All patients;60;100\n2026-02;Martians;1;2\n", applicant
    )
    assert received.state == UploadState.PROBLEMS
    assert received.problems == [
        {
            "row": 3,
            "column": "group",
            "value": "Martians",
            "expected": "One of: All patients, Black or African American, White.",
        }
    ]
    assert not DataPoint.objects.exists()
    saved = numbers.save_upload(upload=received, by=applicant, now=NOW)
    assert (saved.state, saved.added) == (UploadState.SAVED, 1)
    assert DataPoint.objects.get().numerator == 60
    with pytest.raises(TransitionNotAllowed):
        numbers.save_upload(upload=received, by=applicant, now=NOW)


@time_machine.travel(NOW, tick=False)
def test_a_file_with_rows_about_people_is_thrown_away(
    team, applicant, django_capture_on_commit_callbacks
):
    measure = actions.add_measure(team=team, definition=PRESSURE, by=applicant)
    with django_capture_on_commit_callbacks(execute=True):
        received = upload(
            measure,
            "MRN;month;group;numerator;denominator\n123;2026-01;White;1;1\n",
            applicant,
            name="Ada Lovelace.csv",
        )
    assert received.state == UploadState.REFUSED
    assert "Nothing of this file was kept." in received.refusal
    assert (received.rows, received.problems, received.file) == ([], [], None)
    stored = StoredFile.objects.get()
    assert (stored.state, stored.original_name) == (FileState.REMOVED, "removed")
    assert not stored.path.exists()
    assert "Lovelace" not in str(DataUpload.objects.values())
    assert not DataPoint.objects.exists()


# --- who sees what -------------------------------------------------------------------------------

# Unusual numbers, so that finding one anywhere means that it leaked.
SMALL = 7
CANARY = {"": (617, 953), "aian": (SMALL, 43), "black": (211, 397), "white": (399, 533)}


@pytest.fixture
def counted(team):
    return measure_with(team, {code: [counts] * 14 for code, counts in CANARY.items()})


def shown(table):
    """Cells that are not hidden, of the first month."""
    return {g.code: g.cells[0].numerator for g in table.groups if not g.cells[0].hidden}


def test_the_team_and_its_leaders_see_the_numbers_whole(team, counted, lead, coordinator):
    leader = TeamMemberFactory(host=team.host, team=team, user=None, leadership="senior_leader")
    gone = TeamMemberFactory(
        host=team.host, team=team, user=None, email="x@example.org", left_at=NOW
    )
    whole = {code: counts[0] for code, counts in CANARY.items()}
    for reader in [Reader.person(lead.user), Reader.member(lead), Reader.leader(leader)]:
        assert shown(measure_table(counted, reader=reader)) == whole
    outsiders = [
        Reader.outsider(),
        Reader.person(coordinator),
        Reader.member(None),
        Reader.member(gone),
        Reader.leader(lead),
    ]
    for reader in outsiders:
        table = measure_table(counted, reader=reader)
        assert table.masked
        assert "aian" not in shown(table)
        assert len(shown(table)) <= 2  # one more group hides the small one from subtraction


def test_a_reader_of_another_team_sees_it_masked(team, counted, stranger):
    other = TeamMemberFactory(host=team.host, team=TeamFactory(host=team.host), user=stranger)
    assert member_of(team, stranger) is None
    assert "aian" not in shown(measure_table(counted, reader=Reader.person(stranger)))
    assert Reader.person(stranger).whole(other.team)


@pytest.mark.parametrize(
    ("counts", "is_hidden"),
    [
        ((0, 40), False),  # zero is shown
        ((1, 40), True),
        ((10, 40), True),
        ((11, 40), False),
        ((30, 40), True),  # ten are not in the numerator
        ((29, 40), False),
        ((40, 40), False),
        ((0, 10), True),  # ten in all
        ((0, 0), False),
    ],
)
def test_small_counts_are_hidden(team, counts, is_hidden):
    measure = measure_with(team, {"": [counts]})
    table = measure_table(measure, reader=Reader.outsider())
    assert table.groups[0].cells[0] == (Cell(hidden=True) if is_hidden else Cell(*counts))


def test_what_is_hidden_is_in_no_picture_and_no_words(team, counted):
    """Pictures, their titles and sentences are made from the masked table."""
    table = measure_table(counted, reader=Reader.outsider())
    charts = measure_charts(table)
    hidden = [g for g in table.groups if g.cells[0].hidden]
    assert {"aian"} < {g.code for g in hidden}
    drawn = "".join(str(panel.svg) for panel in charts.panels) + str(charts.gap)
    titles = re.findall(r"<title[^>]*>[^<]*|<desc[^>]*>[^<]*|data-value=.[^'\"]*", drawn)
    said = [
        *titles,
        *[f"{p.note} {p.lead} {p.sentence}" for p in charts.panels],
        *[str(vars(row)) for row in charts.numbers],
        *[f"{row.baseline} {row.now} {row.change}" for row in charts.standings],
        *map(str, table.as_rows()),
        *[str(group["cells"]) for group in table.as_json()["groups"]],
    ]
    assert len(said) > 30
    for group in hidden:
        num, den = CANARY[group.code]
        secrets = rf"\b({num}|{den}|{100 * num / den:.0f}%)(?!\w)"
        assert [text for text in said if re.search(secrets, text)] == []
    assert [p.code for p in charts.panels] == [g.code for g in table.drawn]
    assert charts.held_back == [g.label for g in hidden]


def test_subtracting_what_is_shown_finds_no_small_count(team):
    """SECURITY G26, a small run of it: every pair of totals and groups, month by month."""
    counts = {
        "": [(60 + m, 130 + m) for m in range(12)],
        "a": [(m, 20 + m) for m in range(12)],
        "b": [(25, 50)] * 12,
        "c": [(35, 60)] * 12,
    }
    table = masked(measure_table(measure_with(team, counts), reader=Reader(frozenset([team.pk]))))
    for month in range(12):
        cells = {g.code: g.cells[month] for g in table.groups}
        known = {code: cell for code, cell in cells.items() if not cell.hidden}
        unknown = set(cells) - set(known)
        assert len(unknown) != 1, month
        for size in range(len(known) + 1):
            for some in combinations(set(known) - {""}, size):
                rest = set("abc") - set(some)
                if len(rest) == 1 and "" in known and rest <= unknown:
                    raise AssertionError(f"month {month}: {rest} can be worked out")


def test_a_frozen_table_reads_back_the_same(team, counted):
    table = measure_table(counted, reader=Reader.outsider())
    assert MeasureTable.from_json(table.as_json()) == table


@pytest.mark.parametrize("rows", [1, 3])
def test_tables_cost_the_same_for_any_number_of_measures(team, rows, django_assert_num_queries):
    for _ in range(rows):
        measure_with(team, {"": [(50, 90)] * 3, "black": [(20, 40)] * 3})
    with django_assert_num_queries(4):  # measures, groups, points, decisions
        tables = measure_tables(team, reader=Reader.outsider())
    assert len(tables) == rows


def names_data_points(path):
    """Imports it, gets it as an attribute, or asks for it by its name as text."""
    return any(
        (isinstance(node, ast.alias) and node.name.split(".")[-1] == "DataPoint")
        or (
            isinstance(node, ast.Attribute | ast.Name)
            and "DataPoint" in (getattr(node, "attr", ""), getattr(node, "id", ""))
        )
        or (isinstance(node, ast.Constant) and str(node.value).lower().endswith(".datapoint"))
        for node in ast.walk(ast.parse(path.read_text()))
    )


ROOMS = "collaboratives applications sessions charters reporting messaging documents config"


def test_nothing_else_reads_data_points():
    """One read layer: else a small number would find a way out. A group has no way to its
    points either: the key has no name on that side."""
    found = {
        str(path.relative_to(ROOT))
        for room in ROOMS.split()
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and names_data_points(path)
    }
    assert found - {"config/demo/data.py"} == {
        "collaboratives/models/__init__.py",
        "collaboratives/queries/measures.py",
        "collaboratives/actions/measures.py",  # asks whether there are any
        "collaboratives/actions/measure_numbers.py",  # writes them
    }
    assert not any(
        f.auto_created and not f.hidden
        for f in Stratum._meta.get_fields()
        if f.related_model is DataPoint
    )


# --- visible_to ----------------------------------------------------------------------------------


def test_measures_are_visible_to_their_team_and_staff(team, counted, lead, coordinator, stranger):
    with_role = coordinator.memberships.get()
    assert list(Measure.objects.visible_to(lead.user)) == [counted]
    assert list(Measure.objects.visible_to(coordinator, with_role)) == [counted]
    assert list(Measure.objects.visible_to(coordinator)) == []
    assert list(Measure.objects.visible_to(stranger)) == []
