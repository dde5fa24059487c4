"""A person's consent is their own: kept apart, seen by nobody else, read by nothing else."""

import ast
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.consent.actions import network
from applications.consent.models import ConsentRecord
from applications.consent.queries import has_answered
from documents.models import Job
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from tenancy.models import AuditEvent
from tests.applications.test_copies import draw, text_of
from tests.factories import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    OpenCohortFactory,
    VersionFactory,
)
from tests.factories.collaboratives import (
    ProgramFactory,
    TeamFactory,
    TeamMemberFactory,
    blueprint_content,
)

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
TABLE = "applications_consentrecord"


@pytest.fixture
def cohort(host):
    """Of a program with a study."""
    content = blueprint_content("progress-report-ian")
    program = ProgramFactory(host=host, content=content, blueprint_key="progress-report-ian")
    version = VersionFactory(host=host, schema=content["form"])
    return OpenCohortFactory(
        host=host, program=program, slug="ian", code="IAN26", application_form=version
    )


@pytest.fixture
def own(host, cohort, applicant):
    return ApplicationFactory(host=host, cohort=cohort, lead=applicant, reference="IAN26-0900")


def page(application):
    return reverse("applications:consent", args=["prairie", application.reference])


def test_consent_is_asked_for_one_person_with_version_and_hash(  # S0-24 S0-33 S0-36
    in_host, own, applicant, sign_in, now
):
    person = sign_in(applicant)
    shown = person.get(page(own))
    assert b"Optional. Your choice does not affect your application or place." in shown.content
    assert b" checked" not in shown.content
    person.post(page(own), {"read": "on", "choice": "consent"})
    record = ConsentRecord.objects.get()
    document = own.cohort.program.blueprint.consent
    assert (record.person, record.read, record.choice, record.at) == (
        applicant,
        True,
        "consent",
        now,
    )
    assert (record.document, record.version) == (document.code, str(document.version))
    assert len(record.sha256) == 64
    assert record.network == "127.0.0.0/24"  # not the address of one machine


def sheet_url(application):
    return reverse("applications:consent_sheet", args=["prairie", application.reference])


def test_the_sheet_can_be_kept_as_a_pdf_and_says_nothing_of_a_person(  # S0-24
    in_host, own, applicant, sign_in, now, settings
):
    person = sign_in(applicant)
    assert sheet_url(own) in person.get(page(own)).content.decode()
    assert b"The PDF is being made." in person.get(sheet_url(own)).content
    person.get(sheet_url(own))
    job = Job.objects.get()
    assert (job.kind, job.requested_by) == ("study_sheet", None)
    assert applicant.email not in str(job.input) + str(own.reference)
    content = draw(job)
    assert b"".join(person.get(sheet_url(own))) == content
    document = own.cohort.program.blueprint.consent
    text = text_of(content)
    for part in document.sections:
        assert part.title.en in text
    assert f"Version {document.version}." in text
    with pikepdf.open(BytesIO(content)) as sheet:
        assert sheet.Root.MarkInfo.Marked
        assert sheet.Root.Lang == "en"
    person.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    person.get(sheet_url(own))
    assert document.title.es in text_of(draw(Job.objects.latest("pk")))
    assert Job.objects.count() == 2
    assert not ConsentRecord.objects.exists()


def test_the_sheet_is_for_who_takes_part(in_host, own, coordinator, stranger, sign_in, now):
    for other in (coordinator, stranger):
        assert sign_in(other).get(sheet_url(own)).status_code == 404
    assert not Job.objects.exists()


def test_reading_and_consenting_are_two_facts(in_host, own, applicant, sign_in, now):  # S0-33
    person = sign_in(applicant)
    refused = person.post(page(own), {"choice": "consent"})
    assert refused.status_code == 422
    person.post(page(own), {"choice": "later", "read": "on"})
    assert not ConsentRecord.objects.exists()
    person.post(page(own), {"choice": "no"})
    assert ConsentRecord.objects.get().read is False


def test_consent_never_stands_in_the_way(in_host, own, applicant, now):  # S0-26
    with pytest.raises(actions.Incomplete) as refused:
        actions.submit(application=own, signed_name="Dana", by=applicant, now=now)
    assert "study_consent" not in {one.anchor for one in refused.value.missing}


def test_consent_is_asked_last(in_host, own, applicant, sign_in, now):  # S0-25
    tasks = sign_in(applicant).get(
        reverse("applications:task_list", args=["prairie", own.reference])
    )
    html = tasks.content.decode()
    assert (
        html.index("Participant information sheet") > html.rindex('class="task-state"', 0, -1) - 900
    )
    assert html.index("part-own") < html.index('id="final"')
    assert "study_consent" not in html


def test_it_is_taken_back_in_one_click_and_nothing_is_changed(  # S0-26
    in_host, own, applicant, sign_in, now
):
    person = sign_in(applicant)
    person.post(page(own), {"read": "on", "choice": "consent"})
    person.post(page(own), {"read": "on", "choice": "consent"})
    person.post(reverse("applications:withdraw_consent", args=["prairie", own.reference]))
    choices = ConsentRecord.objects.order_by("pk").values_list("choice", flat=True)
    assert list(choices) == ["consent", "withdrawn"]
    assert b"I take my consent back" in person.get(page(own)).content


@pytest.mark.parametrize("change", ["UPDATE {} SET choice = 'no'", "DELETE FROM {}"])
def test_the_database_keeps_every_answer(in_host, own, applicant, sign_in, change, now):
    sign_in(applicant).post(page(own), {"read": "on", "choice": "consent"})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(TABLE))


def test_a_colleague_and_staff_see_nothing_of_it(
    in_host, host, own, applicant, coordinator, owner, sign_in, now
):
    sign_in(applicant).post(page(own), {"read": "on", "choice": "no"})
    colleague = ApplicationPersonFactory(host=host, application=own).user
    shown = sign_in(colleague).get(page(own))
    assert b" checked" not in shown.content
    assert b"What you answered" not in shown.content
    tasks = sign_in(colleague).get(
        reverse("applications:task_list", args=["prairie", own.reference])
    )
    assert b"Not answered" in tasks.content
    for staff in (coordinator, owner):
        assert sign_in(staff).get(page(own)).status_code == 404


def test_it_leaves_no_event_and_its_mail_is_hidden_from_staff(
    in_host, own, applicant, sign_in, now
):
    sign_in(applicant).post(page(own), {"read": "on", "choice": "consent"})
    assert not AuditEvent.objects.exists()
    mail = OutboundMessage.objects.get()
    assert (mail.to, mail.is_private) == (applicant.email, True)


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48"), ("x", "")],
)
def test_an_address_is_cut_to_its_network(address, kept):
    assert network(address) == kept


def test_a_new_version_of_the_sheet_asks_again(in_host, own, applicant, sign_in, now):  # S0-24
    person = sign_in(applicant)
    person.post(page(own), {"read": "on", "choice": "no"})
    assert has_answered(own, applicant)
    program = own.cohort.program
    program.content["consent"]["version"] += 1
    program.save()
    again = own.__class__.objects.for_page().get(pk=own.pk)
    assert not has_answered(again, applicant)
    shown = person.get(page(own)).content
    assert b"The sheet has changed" in shown and b" checked" not in shown
    person.post(page(own), {"read": "on", "choice": "no"})
    assert ConsentRecord.objects.count() == 2


@pytest.fixture
def joined(in_host, host, own, now):
    """Somebody on the team that came of the application, who never worked on it."""
    team = TeamFactory(host=host, cohort=own.cohort, application_reference=own.reference)
    return TeamMemberFactory(host=host, team=team, user=UserFactory()).user


def test_every_member_of_the_team_has_their_own_answer(  # S0-36
    own, joined, applicant, sign_in, now
):
    person = sign_in(joined)
    answer = person.post(page(own), {"read": "on", "choice": "consent"})
    assert answer["Location"] == page(own)
    record = ConsentRecord.objects.get()
    assert (record.person, record.choice) == (joined, "consent")
    person.post(reverse("applications:withdraw_consent", args=["prairie", own.reference]))
    assert ConsentRecord.objects.visible_to(joined).first().choice == "withdrawn"
    assert b"What you answered" not in sign_in(applicant).get(page(own)).content


def test_who_joins_is_told_once_and_in_private(own, joined, now):
    later = timezone.now() + timedelta(days=1, minutes=1)
    plan_reminders(now=later)
    plan_reminders(now=later + timedelta(minutes=1))
    mail = OutboundMessage.objects.get(template="applications/study_choice")
    assert (mail.to, mail.is_private) == (joined.email, True)


def test_who_has_answered_is_not_asked(own, joined, sign_in, now):
    sign_in(joined).post(page(own), {"choice": "no"})
    plan_reminders(now=timezone.now() + timedelta(days=1, minutes=1))
    assert not OutboundMessage.objects.filter(template="applications/study_choice").exists()


def mentions(path):
    """Names and imports of the consent records in one file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Name | ast.Attribute) and "ConsentRecord" in ast.unparse(node):
            found.append(ast.unparse(node))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "applications.consent.models"
        ):
            found.append(node.module)
        if isinstance(node, ast.Constant) and str(node.value).lower() in (
            TABLE,
            "applications.consentrecord",
        ):
            found.append(node.value)
    return found


def test_no_other_code_names_the_records():
    rooms = ["config", "accounts", "tenancy", "documents", "messaging", "questionnaires"]
    rooms += ["collaboratives", "applications", "sessions", "charters", "reporting"]
    outside = {
        str(path.relative_to(ROOT)): mentions(path)
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if "applications/consent" not in str(path) and "migrations" not in path.parts
    }
    assert {name: found for name, found in outside.items() if found} == {}
    assert mentions(ROOT / "applications/consent/queries.py")  # the search does find them


STAFF_PAGES = ["list", "board_numbers", "read", "log"]


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_no_staff_page_queries_the_table(in_host, host, own, owner, sign_in, name, now):
    sent = ApplicationFactory(host=host, cohort=own.cohort, status="submitted")
    args = ["prairie", own.cohort.slug]
    args += [sent.reference] if name in ("read", "log") else []
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert sign_in(owner).get(reverse(f"applications:{name}", args=args)).status_code == 200
    assert not [query for query in queries if TABLE in query["sql"]]


def test_deciding_and_taking_the_seat_never_query_the_table(
    in_host, own, applicant, coordinator, now
):
    sent = ApplicationFactory(host=own.host, cohort=own.cohort, lead=applicant, status="submitted")
    with CaptureQueriesContext(connection) as queries:
        actions.decide(application=sent, outcome="admit", by=coordinator, now=now)
        actions.release(application=sent, by=coordinator, now=now)
        actions.accept_seat(application=sent, by=applicant, now=now)
    assert not [query for query in queries if TABLE in query["sql"]]
