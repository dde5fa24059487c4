"""Numbers from files in every form, in bounded memory, and nothing about single people."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from collaboratives.actions.measure_numbers import cancel_upload, receive_file
from collaboratives.measure_files import check, group_words, workbooks
from collaboratives.measure_files.expected import Expected
from collaboratives.models import DataPoint, DataUpload
from documents import work
from documents.models import Job
from tenancy.models import AuditEvent
from tests.factories.collaboratives import TeamFactory, TeamMemberFactory
from tests.factories.reporting import measure_with
from workflow.machine import TransitionNotAllowed

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
GROUPS = [("All patients", ""), ("Asian", "asian"), ("Black", "black")]


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
        team, {"": [None], "asian": [None], "black": [None]}, slug="pressure", roll_up="single",
        numerator_words="Controlled", denominator_words="Seen",
    )  # fmt: skip


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=["prairie", "riverbend", *args])


def wanted(**changes):
    words = {word: code for label, code in GROUPS for word in group_words(label, code) if word}
    facts = {
        "groups": words, "labels": tuple(label for label, _code in GROUPS),
        "needs_denominator": True, "counts": True, "latest_month": date(2026, 11, 1),
    }  # fmt: skip
    return Expected(**{**facts, **changes})


def good(checked):
    assert (checked.refused, checked.problems) == ("", [])
    return [(f"{r.month:%Y-%m}", r.group, r.numerator, r.denominator) for r in checked.rows]


def checked(text, **changes):
    return check(text.encode(), "numbers.csv", wanted(**changes))


# --- wide files ----------------------------------------------------------------------------------

WIDE = [("2026-01", "", 60, 100), ("2026-01", "asian", 20, 40), ("2026-02", "", 61, 101)]


@pytest.mark.parametrize(
    "text",
    [
        "month,All patients numerator,All patients denominator,Asian num,Asian den\n"
        "2026-01,60,100,20,40\n2026-02,61,101,,\n",
        ",All patients,,Asian,\nmonth,numerator,denominator,numerator,denominator\n"
        "Jan 2026,60,100,20,40\nFeb 2026,61,101,n/a,n/a\n",
        "month,All patients,,Asian,\n,numerator,denominator,numerator,denominator\n"
        "2026-01,60,100,20,40\n2026-02,61,101,,\n",
        "Riverbend\nMonth;All n;All d;asian n;asian d\n2026-01;60;100;20;40\n2026-02;61;101;;\n",
    ],
)
def test_a_row_for_each_month_and_columns_for_each_group(text):
    found = [row for row in good(checked(text)) if row[2] is not None]
    assert found == WIDE


def test_a_wide_file_of_counts_has_one_column_for_each_group():
    text = "month,All patients,Black\n2026-01,60,20\n"
    assert good(checked(text, needs_denominator=False)) == [
        ("2026-01", "", 60, None), ("2026-01", "black", 20, None),
    ]  # fmt: skip


def test_problems_of_a_wide_file_name_row_and_column():
    text = (
        "month,All patients numerator,All patients denominator,Black numerator,Black denominator\n"
        "2026-01,60,many,20,40\n"
        "2026-01,60,100,20,40\n"
        "2026-02,60,100,50,40\n"
        "2027-02,60,100,50,40\n"
    )
    found = checked(text)
    assert [(p.row, p.column, p.value, p.expected) for p in found.problems] == [
        (2, "All patients denominator", "many", "A whole number, such as 1204."),
        (3, "month", "2026-01", "Each month once. It is in row 2 already."),
        (4, "Black numerator", "50", "No more than the denominator, 40."),
        (5, "month", "2027-02", "A month that has begun."),
    ]
    assert [(r.row, r.group) for r in found.rows] == [(2, "black"), (4, "")]


def test_columns_that_are_no_groups_are_named():
    refused = checked("month,All patients numerator,Elves numerator\n2026-01,1,2\n").refused
    assert "There is no column “group”." in refused


# --- the template --------------------------------------------------------------------------------


@pytest.mark.parametrize("denominator", ["Seen", None])
def test_the_workbook_made_for_a_measure_reads_back(denominator):
    labels = ["All patients", "Asian", "=Black"]
    months = ["2026-01", "2026-02"]
    book = openpyxl.load_workbook(
        io.BytesIO(
            workbooks.template(
                months=months, groups=labels, numerator="Controlled", denominator=denominator,
                title="Pressure",
            )
        )
    )  # fmt: skip
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    sheet, row = book.active, 2 if denominator is None else 3
    assert sheet.cell(row, 1).value == "2026-01"
    width = 1 if denominator is None else 2
    for group in range(3):
        sheet.cell(row, 2 + group * width).value = 20 + group
        if denominator:
            sheet.cell(row, 3 + group * width).value = 40 + group
    out = io.BytesIO()
    book.save(out)
    expected = wanted(needs_denominator=denominator is not None)
    found = good(check(out.getvalue(), "template.xlsx", expected))
    assert [row for row in found if row[2] is not None] == [
        ("2026-01", code, 20 + n, 40 + n if denominator else None)
        for n, (_label, code) in enumerate(GROUPS)
    ]


def test_the_template_of_a_measure_in_the_browser(lead, measure):
    answer = lead.get(url("measure_template_xlsx", "pressure"))
    assert "pressure-template.xlsx" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [c.value for c in book.active[1]][:5] == ["month", "All patients", None, "Asian", None]
    assert book.active.max_row == 2 + 12
    assert "Numerator: Controlled" in [row[0].value for row in book.worksheets[1]]


# --- sites are added up --------------------------------------------------------------------------


def sent(lead, text, name="numbers.csv"):
    file = SimpleUploadedFile(name, text.encode(), "text/csv")
    assert lead.post(url("measure_import", "pressure"), {"file": file}).status_code == 302
    return DataUpload.objects.order_by("-pk")[0]


def run(upload):
    assert work.run_due_jobs(now=NOW) == 1
    upload.refresh_from_db()
    return upload


def points():
    rows = DataPoint.objects.order_by("period_start", "stratum__position")
    return list(rows.values_list("stratum__code", "numerator", "denominator"))


SITES = "month,group,site,numerator,denominator\n"


def test_numbers_of_several_sites_are_added_up(lead, measure):
    text = SITES + "".join(
        f"2026-01,{group},Clinic {site},{site},{10 * site}\n"
        for group in ("Asian", "Black")
        for site in (1, 2, 3)
    )
    upload = run(sent(lead, text))
    assert (upload.state, upload.rows_read, upload.added, upload.changed) == ("saved", 6, 2, 0)
    assert points() == [("asian", 6, 60), ("black", 6, 60)]
    again = run(sent(lead, text))
    assert (again.added, again.changed) == (0, 0)
    page = lead.get(url("measure_upload", "pressure", again.pk)).content.decode()
    assert "Nothing changed: these numbers were here already." in page


def test_a_sum_that_lacks_a_bad_row_is_never_accepted(lead, measure):
    text = (
        f"{SITES}2026-01,Asian,North,5,50\n2026-01,Asian,South,x,50\n2026-01,Black,North,6,60\n"
        "2026-02,Black,North,7,70\n2026-02,Black,North,8,80\n"
    )
    upload = run(sent(lead, text))
    assert upload.state == "problems"
    assert [(p["row"], p["column"], p["expected"]) for p in upload.problems] == [
        (3, "numerator", "A whole number, such as 1204."),
        (6, "site", "Each month, group and site once. It is in row 5 already."),
    ]
    assert upload.rows == [["black", "2026-01-01", 6, 60]]
    assert points() == []
    lead.post(url("measure_upload_save", "pressure", upload.pk))
    assert points() == [("black", 6, 60)]
    lost = run(sent(lead, f"{SITES}2026-03,Asian,North,5,50\nSpring,Asian,South,5,50\n"))
    assert (lost.state, lost.rows) == ("refused", [])


def test_a_site_without_a_number_is_warned_of(lead, measure):
    upload = run(sent(lead, f"{SITES}2026-01,Asian,North,5,50\n2026-01,Asian,South,n/a,n/a\n"))
    assert upload.state == "saved"
    page = lead.get(url("measure_upload", "pressure", upload.pk)).content.decode()
    assert "2026-01: 1 of 2 sites have a number, so the sum may be too small." in page


def test_patients_in_the_column_of_sites_are_refused(lead, measure):
    rows = "".join(f"2026-01,Asian,P{n},{n % 2},1\n" for n in range(40))
    upload = run(sent(lead, SITES + rows))
    assert (upload.state, upload.file, upload.rows) == ("refused", None, [])
    assert "one row for each patient" in upload.refusal


def test_groups_that_do_not_add_up_are_said_after_a_file(lead, measure):
    text = "month,group,numerator,denominator\n2026-01,All patients,60,100\n2026-01,Asian,20,40\n"
    upload = run(sent(lead, text))
    page = lead.get(url("measure_upload", "pressure", upload.pk)).content.decode()
    assert "Jan 2026: the groups&#x27; denominators make 40, everybody&#x27;s is 100." in page


def test_a_cleared_number_is_cleared_by_a_file_too(lead, measure):
    head = "month,group,numerator,denominator\n"
    run(sent(lead, f"{head}2026-01,Asian,20,40\n"))
    upload = run(sent(lead, f"{head}2026-01,Asian,n/a,n/a\n2026-02,Asian,,\n"))
    assert (upload.added, upload.changed) == (0, 1)
    assert points() == [("asian", None, None)]


# --- progress and stopping -----------------------------------------------------------------------


def test_progress_is_that_of_the_job_and_stopping_saves_nothing(lead, measure, applicant):
    upload = sent(lead, "month,group,numerator,denominator\n2026-01,Asian,20,40\n")
    state = url("measure_upload_state", "pressure", upload.pk)
    Job.objects.update(state="running", progress=37, locked_by="w", lease_until=NOW)
    assert lead.get(state).json() == {"state": "running", "progress": 37}
    Job.objects.update(state="queued", locked_by="", lease_until=None)
    stop = url("measure_upload_cancel", "pressure", upload.pk)
    assert lead.get(stop).status_code == 405
    assert lead.post(stop).status_code == 302
    page = lead.get(url("measure_upload", "pressure", upload.pk)).content.decode()
    assert "You stopped this file. Nothing of it was saved." in page
    assert Job.objects.get().state == "cancelled"
    assert work.run_due_jobs(now=NOW) == 0
    assert points() == []
    assert AuditEvent.objects.about(measure)[0].verb == "stopped upload"
    with pytest.raises(TransitionNotAllowed):
        cancel_upload(upload=upload, by=applicant, now=NOW)
    assert lead.get(state).json()["state"] == "done"


def test_a_check_that_ends_after_the_stop_saves_nothing(lead, measure, applicant):
    """The worker was past its last look when the person stopped it."""
    from collaboratives import tasks
    from documents import jobs

    upload = sent(lead, "month,group,numerator,denominator\n2026-01,Asian,20,40\n")
    Job.objects.update(state="running", locked_by="w", lease_until=NOW)
    one = jobs.Run(Job.objects.get())
    DataUpload.objects.filter(pk=upload.pk).update(state="cancelled")
    tasks.check_file(one)
    upload.refresh_from_db()
    assert upload.state == "cancelled"
    assert points() == []


def test_a_failed_check_says_so(lead, measure):
    upload = sent(lead, "month,group,numerator,denominator\n2026-01,Asian,20,40\n")
    Job.objects.update(
        state="failed", error="It did not work after several tries.", finished_at=NOW
    )
    told = lead.get(url("measure_upload_state", "pressure", upload.pk)).json()
    assert told["state"] == "failed" and told["error"] == "It did not work after several tries."


@pytest.mark.parametrize("rows", [120_000])
def test_many_rows_go_through_in_blocks(lead, measure, applicant, rows):
    """A small one of the million (PERFORMANCE P15): the sums are right, a bad row is named."""
    lines = [
        f"{2016 + n % 10}-{n // 10 % 12 + 1:02},{('Asian', 'Black')[n // 120 % 2]},"
        f"S{n // 240},{n % 7},{20 + n % 11}\n"
        for n in range(rows)
    ]
    file = SimpleUploadedFile("many.csv", (SITES + "".join(lines)).encode(), "text/csv")
    upload = run(receive_file(measure=measure, file=file, by=applicant))
    assert (upload.state, upload.rows_read, upload.problem_count) == ("saved", rows, 0)
    assert upload.added == 240
    assert sum(numerator for _code, numerator, _den in points()) == sum(n % 7 for n in range(rows))
    lines[99_000] = "2016-01,Martians,S1,1,2\n"
    file = SimpleUploadedFile("many.csv", (SITES + "".join(lines)).encode(), "text/csv")
    upload = run(receive_file(measure=measure, file=file, by=applicant))
    assert (upload.state, upload.problem_count) == ("refused", 1)
    assert (upload.problems[0]["row"], upload.problems[0]["value"]) == (99_002, "Martians")


# --- the grid ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["ada@example.org", "078-05-1120", "Lovelace, Ada", "12/10/1815 1/2/1980"]
)
def test_something_about_a_person_is_not_even_shown_again(lead, measure, typed):
    sent = {"all.2026-10.n": typed, "all.2026-10.d": "60"}
    refused = lead.post(url("measure_data", "pressure"), sent)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "This looked like data about people. We kept nothing of it." in text
    assert typed not in text
    assert points() == []


def test_the_rate_stands_beside_the_boxes(lead, team):
    measure_with(team, {"": [(30, 60)]}, slug="pressure", first=date(2026, 10, 1))
    page = lead.get(url("measure_data", "pressure")).content.decode()
    assert '<output data-times="100" data-unit="%">50%</output>' in page


def test_after_saving_the_grid_sums_that_do_not_fit_are_warned_of(lead, measure):
    sent = {
        "all.2026-10.n": "60", "all.2026-10.d": "100", "asian.2026-10.n": "20",
        "asian.2026-10.d": "40", "black.2026-10.n": "30", "black.2026-10.d": "70",
    }  # fmt: skip
    done = lead.post(url("measure_data", "pressure"), sent, follow=True)
    text = done.content.decode()
    assert "denominators make 110, everybody&#x27;s is 100." in text
    assert len(points()) == 3
