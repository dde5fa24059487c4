"""The pages of measures, as people use them."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from collaboratives import tasks
from collaboratives.models import DataPoint, DataUpload, Measure
from documents import work
from documents.models import Job
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
CANARY = {"": (617, 953), "aian": (7, 43), "black": (211, 397), "white": (399, 533)}
HIDDEN = ("7/43", "16%", ",7,43")


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
    numbers = {code: [counts] * 14 for code, counts in CANARY.items()}
    return measure_with(team, numbers, slug="pressure", baseline_points=8, target=0.7)


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", "riverbend", *args])


def test_a_measure_is_made_in_two_steps(team, lead):
    first = lead.get(url("measure_add")).content.decode()
    assert "Race and ethnicity (OMB 2024)" in first and "Disability" in first
    add = url("measure_add") + "?axis=ethnicity_1997"
    refused = lead.post(add, {"name": "Control", "type": "proportion"})
    assert refused.status_code == 422
    assert "Say out of whom you count." in refused.content.decode()
    whole = {
        "name": "Control",
        "kind": "outcome",
        "type": "proportion",
        "level": "project",
        "direction": "up",
        "numerator_words": "Controlled",
        "denominator_words": "With hypertension",
        "target": "70",
        "baseline_points": "8",
        "groups": ["hispanic", "not-hispanic", "unknown"],
        "reference": "not-hispanic",
    }
    done = lead.post(add, whole)
    assert done.url == url("measure_data", "control")
    measure = Measure.objects.get()
    assert (measure.target, measure.reference.code) == (0.7, "not-hispanic")
    page = lead.get(url("measure_edit", "control")).content.decode()
    assert 'value="70.0"' in page
    changed = lead.post(url("measure_edit", "control"), {**whole, "name": "Pressure control"})
    assert changed.url == url("measure", "control")
    measure.refresh_from_db()
    assert measure.name == "Pressure control"


def test_own_groups_are_named_one_on_a_line(team, lead):
    sent = {
        "name": "Visits", "kind": "process", "type": "count", "level": "project",
        "direction": "up", "numerator_words": "Visits",
        "own_groups": "North clinic\nSouth clinic\n",
    }  # fmt: skip
    assert lead.post(url("measure_add") + "?axis=own", sent).status_code == 302
    assert [s.label for s in Measure.objects.get().strata.order_by("position")] == [
        "All patients",
        "North clinic",
        "South clinic",
    ]


def test_numbers_are_typed_into_a_grid(team, lead):
    measure_with(team, {"": [None], "black": [None]}, slug="pressure")
    page = lead.get(url("measure_data", "pressure")).content.decode()
    assert page.count('<th scope="row">') == 12
    assert 'name="black.2026-11.n"' in page
    bad = {"all.2026-10.n": "61", "all.2026-10.d": "60", "black.2026-10.n": "some"}
    refused = lead.post(url("measure_data", "pressure"), bad)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Oct 2026, All patients: No more than the denominator, 60." in text
    assert "Oct 2026, Black: A whole number, such as 1204." in text
    assert 'value="some"' in text
    assert not DataPoint.objects.exists()
    good = {"all.2026-10.n": "41", "all.2026-10.d": "60", "black.2026-10.n": "", "x": "y"}
    assert lead.post(url("measure_data", "pressure"), good).url == url("measure", "pressure")
    assert DataPoint.objects.get().numerator == 41


def test_a_file_is_checked_by_a_worker_and_the_good_rows_are_accepted(team, lead, applicant):
    measure_with(team, {"": [None], "black": [None]}, slug="pressure")
    text = "month,group,numerator,denominator\nJan 2026,Black,20,40\nJan 2026,Martians,1,2\n"
    file = SimpleUploadedFile("from excel.csv", text.encode("utf-8-sig"), "text/csv")
    sent = lead.post(url("measure_import", "pressure"), {"file": file})
    upload = DataUpload.objects.get()
    path = url("measure_upload", "pressure", upload.pk)
    assert sent.url == path
    state = url("measure_upload_state", "pressure", upload.pk)
    assert lead.get(state).json() == {"state": "running", "progress": 2}
    assert "Checking your file" in lead.get(path).content.decode()
    assert work.run_due_jobs(now=NOW) == 1
    assert Job.objects.get().state == "done"
    assert lead.get(state).json()["result_url"] == path
    page = lead.get(path).content.decode()
    assert "1 problem. Nothing is saved yet." in page
    assert "<td>Martians</td><td>One of: All patients, Black.</td>" in page
    done = lead.post(url("measure_upload_save", "pressure", upload.pk))
    assert done.url == url("measure", "pressure")
    assert DataPoint.objects.get().entered_by == applicant
    assert "1 number saved." in lead.get(done.url).content.decode()


def test_a_file_of_another_kind_is_refused_at_once(team, lead):
    measure_with(team, {"": [None]}, slug="pressure")
    file = SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n", "image/png")
    refused = lead.post(
        url("measure_import", "pressure"), {"file": file}, headers={"accept": "application/json"}
    )
    assert refused.status_code == 422
    assert refused.json()["error"]


def test_the_template_has_the_months_and_groups(team, lead, measure):
    text = lead.get(url("measure_template", "pressure")).content.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[:3] == [
        "month,group,numerator,denominator",
        "2025-12,All patients,,",
        "2025-12,Aian,,",
    ]
    assert len(lines) == 1 + 12 * 4


def test_a_group_that_looks_like_a_formula_is_only_text(team, lead):
    measure_with(team, {"": [(50, 90)]}, slug="pressure", labels={"": "=cmd()"})
    text = lead.get(url("measure_csv", "pressure")).content.decode()
    assert "2025-05,'=cmd(),50,90" in text


def test_the_team_sees_its_charts_and_numbers(team, lead, measure):
    page = lead.get(url("measure", "pressure")).content.decode()
    assert "16% (7/43)" in page
    assert page.count("<svg xmlns") >= 4
    listed = lead.get(url("measures")).content.decode()
    assert 'id="measure-pressure"' in listed


@pytest.mark.parametrize("who", ["coordinator", "analyst", "owner"])
def test_staff_see_them_masked_everywhere(team, measure, who, request, sign_in):
    """SECURITY T22: page, picture titles, table, CSV."""
    client = sign_in(request.getfixturevalue(who))
    for path in [url("measures"), url("measure", "pressure"), url("measure_csv", "pressure")]:
        response = client.get(path)
        assert response.status_code == 200
        text = response.content.decode()
        assert [secret for secret in HIDDEN if secret in text] == []
    assert "hidden,hidden" in text


def test_beside_signals_stands_how_often_they_are_false(team, lead):
    numbers = {"": [(600 + month % 5, 950) for month in range(14)]}
    measure_with(team, numbers, slug="pressure")
    page = lead.get(url("measure", "pressure")).content.decode()
    assert "of 100 charts without any change show a signal." in page


def test_staff_neither_enter_nor_upload(team, measure, coordinator, sign_in):
    client = sign_in(coordinator)
    for name in ["measure_data", "measure_import", "measure_template", "measure_edit"]:
        assert client.get(url(name, "pressure")).status_code == 403
    assert client.get(url("measure_add")).status_code == 403


def test_without_the_second_factor_staff_are_strangers(team, measure, coordinator, sign_in):
    client = sign_in(coordinator, second_factor=False)
    assert client.get(url("measure", "pressure")).status_code == 404


def test_strangers_and_other_teams_find_nothing(team, measure, stranger, reviewer, sign_in):
    other = TeamMemberFactory(host=team.host, team=TeamFactory(host=team.host), role="lead")
    for person in [stranger, reviewer, other.user]:
        client = sign_in(person)
        for path in [
            url("measures"),
            url("measure", "pressure"),
            url("measure", "missing"),
            url("measure_csv", "pressure"),
            url("measure_data", "pressure"),
        ]:
            assert client.get(path).status_code == 404


def test_an_upload_is_seen_by_its_team_only(team, measure, lead, coordinator, applicant, sign_in):
    upload = DataUpload.objects.create(
        host=team.host, measure=measure, file_name="a.csv", uploaded_by=applicant
    )
    path = url("measure_upload", "pressure", upload.pk)
    assert lead.get(path).status_code == 200
    assert sign_in(coordinator).get(path).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(team, lead, rows, django_assert_num_queries):
    for _ in range(rows):
        measure_with(team, {"": [(50, 90)] * 3, "black": [(20, 40)] * 3})
    # opening the host 4, login session, user, membership, team, place; measures, groups, points,
    # decisions; changes tested; who saw them
    with django_assert_num_queries(15):
        page = lead.get(url("measures"))
    assert page.content.count(b'<section id="measure-') == rows


def test_a_web_process_never_loads_pandas():
    """PERFORMANCE P12: the pages are imported, the heavy libraries are not."""
    code = (
        "import os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "django.setup()\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "import collaboratives.views.measures, reporting.views.replies\n"
        "heavy = {'pandas', 'scipy.stats', 'scipy.optimize', 'weasyprint', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


assert tasks.check_file  # registers the kind that the worker runs
