"""The list as a file: exactly what is filtered, and no cell is a formula."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from applications.models import Application
from tenancy.models import AuditEvent
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory, DeclarationFactory, LetterFactory
from tests.factories.collaboratives import OrganizationFactory

pytestmark = pytest.mark.django_db


def export(staff, cohort, kind, query=""):
    url = reverse("applications:export", args=["prairie", cohort.slug]) + query
    return staff.post(url, {"format": kind})


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def book(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.content))


@pytest.fixture
def three(in_host, host, cohort):
    for name, state, status in [
        ("Alder", "IL", "submitted"),
        ('=HYPERLINK("http://x","y")', "IL", "decided"),
        ("Cedar", "IA", "submitted"),
    ]:
        one = ApplicationFactory(
            host=host,
            cohort=cohort,
            status=status,
            organization_name=name,
            organization=OrganizationFactory(host=host, name=name, state=state),
            lead=UserFactory(name="@Dana"),
        )
        LetterFactory(host=host, application=one)


def test_the_file_is_what_the_list_shows_in_its_order(three, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    query = "?state=IL&sort=organization"
    page = staff.get(reverse("applications:list", args=["prairie", cohort.slug]) + query)
    shown = [one.reference for one in page.context["page"].object_list]
    rows = table(export(staff, cohort, "csv", query))
    assert [row["reference"] for row in rows] == shown
    assert len(rows) == 2
    sheet = book(export(staff, cohort, "xlsx", query)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == shown


def test_no_cell_is_a_formula(three, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    rows = {row["organization"]: row for row in table(export(staff, cohort, "csv"))}
    assert set(rows) == {"Alder", "Cedar", '\'=HYPERLINK("http://x","y")'}
    assert rows["Alder"]["lead"] == "'@Dana"
    assert (rows["Alder"]["stage"], rows["Alder"]["missing_letters"]) == ("Needs first read", "1")
    sheets = book(export(staff, cohort, "xlsx")).worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert '=HYPERLINK("http://x","y")' in [cell.value for cell in cells]
    codebook = {row[0]: row for row in sheets[1].iter_rows(min_row=2, values_only=True)}
    assert set(next(sheets[0].iter_rows(max_row=1, values_only=True))) <= set(codebook)
    assert "Needs first read; Waiting on applicant" in codebook["stage"][2]


def test_it_is_written_down_who_took_what(three, cohort, coordinator, sign_in, now):
    export(sign_in(coordinator), cohort, "csv", "?q=Alder&state=IL")
    event = AuditEvent.objects.get(verb="export")
    assert (event.object_id, event.actor_id) == (str(cohort.pk), coordinator.pk)
    assert event.after == {
        "rows": 1,
        "format": "csv",
        "view": "all",
        "state": "IL",
        "sort": "-submitted",
        "searched": True,
    }


def test_looking_at_the_page_takes_nothing(three, cohort, coordinator, sign_in, now):
    url = reverse("applications:export", args=["prairie", cohort.slug]) + "?state=IL"
    page = sign_in(coordinator).get(url)
    assert "The file holds 2 applications" in page.content.decode()
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_a_conflict_hides_the_row_in_the_file_too(three, host, cohort, coordinator, sign_in, now):
    hidden = Application.objects.get(organization_name="Alder")
    DeclarationFactory(host=host, application=hidden, person=coordinator, stance="conflict")
    staff = sign_in(coordinator)
    assert b"Alder" not in export(staff, cohort, "csv").content
    assert len(table(export(staff, cohort, "csv"))) == 2
    assert book(export(staff, cohort, "xlsx")).worksheets[0].max_row == 3


def test_nobody_else_gets_a_file(three, cohort, reviewer, analyst, sign_in, now):
    assert export(sign_in(reviewer), cohort, "csv").status_code == 403
    assert table(export(sign_in(analyst), cohort, "csv")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_for_any_length(
    in_host, host, cohort, coordinator, sign_in, rows, django_assert_num_queries, now
):
    ApplicationFactory.create_batch(rows, host=host, cohort=cohort, status="submitted")
    staff = sign_in(coordinator)
    # host, login session, person, membership, cohort, rows, event; and what opens the host
    with django_assert_num_queries(7 + 5):
        assert len(table(export(staff, cohort, "csv"))) == rows
