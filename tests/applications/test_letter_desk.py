"""The staff's side: mailed letters find their application, one letter serves two programs."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import actions
from applications.models import Application, Letter
from applications.queries.filing import organization_in, suggestions
from documents import files, intake, word
from documents.models import PagePicture
from tenancy.models import AuditEvent
from tests.factories.applications import ApplicationFactory, LetterFactory, OpenCohortFactory

pytestmark = pytest.mark.django_db
LN = "Learning Network Application – {organization}"
AC = "Action Community Application – {organization}"


@pytest.mark.parametrize(
    ("template", "subject", "name"),
    [
        (LN, "Learning Network Application – Riverbend Health", "riverbend health"),  # S3-27
        (AC, "Action Community Application – Your Hospital", "your hospital"),  # S4-30
        (LN, "FW: RE: learning network application - Riverbend", "riverbend"),
        (LN, "Learning Network Application—Clínica Río", "clinica rio"),
        (LN, "“Learning Network Application – Riverbend.”", "riverbend"),
        (AC, "Learning Network Application – Riverbend", ""),
        (LN, "Our letter", ""),
    ],
)
def test_the_organization_is_read_from_the_subject(template, subject, name):
    assert organization_in(subject, template) == name


@pytest.fixture
def three(in_host, host, cohort):
    names = ["Riverbend Regional Medical Center", "Río Grande Clinic", "Lakota Plains"]
    return [
        ApplicationFactory(host=host, cohort=cohort, status=status, organization_name=name)
        for name, status in zip(names, ["submitted", "draft", "withdrawn"], strict=True)
    ]


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Learning Network Application – Riverbend Regional Medical Center", [0]),
        ("RE: Learning Network Application - Riverbend Regional Med. Center", [0]),
        ("Learning Network Application – Rio Grande Clinic", [1]),
        ("Letter for Riverbend Regional Medical Center from our CEO", [0]),
        ("Learning Network Application – Lakota Plains", []),
        ("Hello", []),
    ],
)
def test_the_application_is_suggested(three, cohort, subject, found):  # S3-26 S3-27 S4-30
    letters = cohort.program.blueprint.letters
    seen = suggestions(cohort, subject, letters, Application.objects.all())
    assert [one.application for one in seen] == [three[number] for number in found]


def test_the_desk_leads_from_the_subject_to_the_filed_letter(
    three, cohort, coordinator, sign_in, pdf, now
):
    draft = three[1]
    LetterFactory(host=draft.host, application=draft)
    staff = sign_in(coordinator)
    desk = reverse("applications:letter_desk", args=["prairie", cohort.slug])
    subject = "Learning Network Application – Rio Grande Clinic"
    shown = staff.get(desk, {"subject": subject}).content.decode()
    url = reverse("applications:file_letter", args=["prairie", cohort.slug, draft.reference])
    assert f"{url}?subject=" in shown
    form = staff.get(url, {"subject": subject})
    assert subject in form.content.decode()
    letter = draft.letters.get()
    data = {"letter": letter.pk, "subject_line": subject, "file": pdf()}
    assert staff.post(url, data)["Location"] == desk
    letter.refresh_from_db()
    assert (letter.state, letter.received_how, letter.subject_line) == (
        "received",
        "email",
        subject,
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_for_any_length(
    in_host, host, cohort, coordinator, sign_in, now, rows, django_assert_num_queries
):
    for _ in range(rows):
        sent = ApplicationFactory(host=host, cohort=cohort, status="submitted")
        letter = LetterFactory(host=host, application=sent)
        stored = files.keep(b"x", "a.pdf", "application/pdf", host_id=host.pk, slot="letter")
        Letter.objects.filter(pk=letter.pk).update(
            state="received", file=stored, received_at=now, received_how="upload", lacks=[]
        )
    staff = sign_in(coordinator)
    desk = reverse("applications:letter_desk", args=["prairie", cohort.slug])
    staff.get(desk)
    with django_assert_num_queries(10):
        page = staff.get(desk)
    assert page.content.count(b"Uploaded by the applicant") == rows


# --- one letter for a second program -------------------------------------------------------------


@pytest.fixture
def pair(in_host, host, cohort, coordinator, pdf, now):
    """An accepted letter; and the same organization's application elsewhere, without one."""
    first = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    elsewhere = OpenCohortFactory(host=host, slug="second", code="SE27")
    second = ApplicationFactory(
        host=host, cohort=elsewhere, status="submitted", organization=first.organization
    )
    source = LetterFactory(host=host, application=first)
    missing = LetterFactory(host=host, application=second)
    actions.file_letter(letter=source, upload=pdf(), subject_line="x", by=coordinator, now=now)
    actions.accept_letter(letter=source, points=[], by=coordinator, now=now)
    return source, missing


def use(staff, letter, **data):
    application = letter.application
    url = reverse(
        "applications:use_letter_again",
        args=["prairie", application.cohort.slug, application.reference, letter.field],
    )
    return staff.post(url, data)


def read(staff, application):
    args = ["prairie", application.cohort.slug, application.reference]
    return staff.get(reverse("applications:read", args=args)).content.decode()


def test_it_serves_once_staff_have_confirmed(pair, coordinator, sign_in, now):
    source, missing = pair
    staff = sign_in(coordinator)
    assert "may serve here too" in read(staff, missing.application)
    use(staff, missing, source=source.pk)
    assert Letter.objects.get(pk=missing.pk).state == "missing"  # not confirmed
    point = missing.application.cohort.program.blueprint.letters[0].points[0].code
    use(staff, missing, source=source.pk, confirmed="on", points=[point])
    used = Letter.objects.get(pk=missing.pk)
    source.refresh_from_db()
    assert (used.state, used.received_how, used.file) == ("accepted", "again", source.file)
    assert (used.taken_from, used.points, used.lacks) == (source, [point], [])
    assert source.application.reference in read(staff, missing.application)
    assert missing.application.reference in read(staff, source.application)
    verbs = {
        AuditEvent.objects.about(one.application).filter(verb__contains="again").get().verb
        for one in pair
    }
    assert verbs == {"used a letter again", "letter used again"}


def test_another_organizations_letter_or_one_without_the_names_does_not(
    pair, host, coordinator, sign_in, now
):
    source, missing = pair
    staff = sign_in(coordinator)
    Letter.objects.filter(pk=missing.pk).update(
        signatories=["ceo", "chair"], lacks=["ceo", "chair"]
    )
    assert "may serve here too" not in read(staff, missing.application)
    use(staff, missing, source=source.pk, confirmed="on")
    stranger = ApplicationFactory(host=host, cohort=missing.application.cohort, status="submitted")
    theirs = LetterFactory(host=host, application=stranger)
    assert "may serve here too" not in read(staff, stranger)
    use(staff, theirs, source=source.pk, confirmed="on")
    states = Letter.objects.filter(pk__in=[missing.pk, theirs.pk]).values_list("state", flat=True)
    assert set(states) == {"missing"}


def test_a_letter_that_was_not_accepted_does_not(pair, coordinator, sign_in, now):
    source, missing = pair
    actions.return_letter(letter=source, reason="No", by=coordinator, now=now)
    use(sign_in(coordinator), missing, source=source.pk, confirmed="on")
    assert Letter.objects.get(pk=missing.pk).state == "missing"


def test_pages_are_shown_to_who_may_read_and_to_nobody_else(
    pair, coordinator, sign_in, applicant, now
):
    source, _ = pair
    source.refresh_from_db()
    picture = files.keep(b"png", "page-1.png", "image/png", host_id=source.host_id, slot="page")
    PagePicture.objects.create(host_id=source.host_id, file=source.file, number=1, picture=picture)
    args = ["prairie", source.application.reference, source.file.uuid]
    page = reverse("applications:file_page", args=[*args, 1])
    shown = sign_in(coordinator).get(page)
    assert (shown.status_code, shown["Content-Disposition"]) == (
        200,
        'inline; filename="page-1.png"',
    )
    assert b"".join(shown) == b"png"
    assert page in read(sign_in(coordinator), source.application)
    assert sign_in(applicant).get(page).status_code == 404
    for number in (0, 2):
        beyond = reverse("applications:file_page", args=[*args, number])
        assert sign_in(coordinator).get(beyond).status_code == 404


def test_where_no_page_can_be_shown_that_is_said(
    in_host, host, cohort, coordinator, sign_in, pdf, now
):
    sent = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    letter = LetterFactory(host=host, application=sent)
    reading = reverse("applications:read", args=["prairie", cohort.slug, sent.reference])
    content = word.made("Letter", ["We support it."], language="en")
    for upload, words in (
        (SimpleUploadedFile("letter.docx", content), "A Word file can't be shown on this page."),
        (pdf(), "There are no pictures of its pages yet."),
    ):
        stored = intake.store(upload, slot="letter", by=coordinator, host_id=host.pk)
        Letter.objects.filter(pk=letter.pk).update(
            file=stored, state="received", received_how="upload", received_at=now
        )
        page = sign_in(coordinator).get(reading).content.decode()
        assert words in unescape(page)
        assert "Read it here" not in page
        assert str(stored.uuid) in page  # to download
