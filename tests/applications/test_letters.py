"""Letters arrive, are replaced, asked for, judged."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Application, Letter
from documents.models import StoredFile
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from tenancy.models import AuditEvent
from tests.factories.applications import ApplicationFactory, ApplicationPersonFactory, LetterFactory

pytestmark = pytest.mark.django_db


def page(application):
    return reverse("applications:letter", args=["prairie", application.reference, "ceo_letter"])


def test_an_uploaded_letter_is_received(
    in_host, draft, applicant, sign_in, pdf, now
):  # S3-23 S1-15
    answer = sign_in(applicant).post(page(draft), {"file": pdf()})
    assert answer["Location"] == reverse(
        "applications:task_list", args=["prairie", draft.reference]
    )
    letter = draft.letters.get()
    assert (letter.state, letter.received_how, letter.received_by) == (
        "received",
        "upload",
        applicant,
    )
    assert letter.file.original_name == "letter.pdf"
    assert AuditEvent.objects.about(draft).get().verb == "uploaded"


def test_a_photo_from_a_phone_is_a_letter_too(in_host, draft, applicant, sign_in, photo, now):
    sign_in(applicant).post(page(draft), {"file": photo()})
    assert draft.letters.get().file.content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("letter.pdf", b""), b"This file is empty. Choose it again."),
        (
            SimpleUploadedFile("letter.exe", b"MZ"),
            b"take this type of file here. Upload a PDF, Word, PNG, JPEG or HEIC file.",
        ),
        (
            SimpleUploadedFile("letter.pdf", b"%PDF-1.4 <html>"),
            b"id_file_error",
        ),
    ],
)
def test_a_refused_file_says_why_and_loses_nothing(
    in_host, draft, applicant, sign_in, pdf, now, upload, sentence
):
    person = sign_in(applicant)
    person.post(page(draft), {"file": pdf("first.pdf")})
    upload.seek(0)
    refused = person.post(page(draft), {"file": upload})
    assert refused.status_code == 422
    assert sentence in refused.content
    letter = draft.letters.get()
    assert (letter.state, letter.file.original_name) == ("received", "first.pdf")
    assert StoredFile.objects.count() == 1


def test_without_a_file_the_page_says_so(in_host, draft, applicant, sign_in, now):
    refused = sign_in(applicant).post(page(draft), {})
    assert refused.status_code == 422
    assert b"Choose a file first." in refused.content


def test_the_script_gets_its_answer_as_json(in_host, draft, applicant, sign_in, pdf, now):
    person = sign_in(applicant)
    bad = person.post(page(draft), {}, headers={"accept": "application/json"})
    assert (bad.status_code, bad.json()) == (422, {"error": "Choose a file first."})
    good = person.post(page(draft), {"file": pdf()}, headers={"accept": "application/json"})
    assert good.json() == {
        "next": reverse("applications:task_list", args=["prairie", draft.reference])
    }


def test_replacing_serves_the_new_file_only(in_host, complete, applicant, sign_in, pdf, now):
    old = complete.letters.get().file
    person = sign_in(applicant)
    person.post(page(complete), {"file": pdf("second.pdf")})
    assert complete.letters.get().file.original_name == "second.pdf"
    url = reverse("applications:file", args=["prairie", complete.reference, old.uuid])
    assert person.get(url).status_code == 404


def test_a_letter_can_be_removed_from_a_draft(in_host, complete, applicant, sign_in, now):
    url = reverse("applications:remove_letter", args=["prairie", complete.reference, "ceo_letter"])
    sign_in(applicant).post(url)
    letter = complete.letters.get()
    assert (letter.state, letter.file) == ("missing", None)


def test_a_viewer_changes_no_letter(in_host, host, draft, sign_in, pdf, now):
    viewer = ApplicationPersonFactory(host=host, application=draft, role="viewer").user
    assert sign_in(viewer).post(page(draft), {"file": pdf()}).status_code == 422
    assert draft.letters.get().state == "missing"


def test_the_deadline_holds_for_letters_too(in_host, draft, applicant, pdf):  # S4-31
    late = draft.cohort.closes_at + timedelta(hours=1)
    with pytest.raises(actions.Closed):
        actions.upload_letter(letter=draft.letters.get(), upload=pdf(), by=applicant, now=late)


@pytest.fixture
def asked(in_host, draft, applicant, now):
    """The CEO has been asked by mail; gives the address in that mail."""
    actions.request_letter(
        letter=draft.letters.get(), name="Lucia", email="CEO@x.example", by=applicant, now=now
    )
    body = unseal(OutboundMessage.objects.get().body)
    return body.text.split("http://127.0.0.1:8000")[1].split()[0]


def test_a_signer_sends_the_letter_by_link_without_an_account(  # T16 T17
    asked, draft, applicant, pdf, now
):
    mail = OutboundMessage.objects.get()
    assert (mail.to, mail.subject) == (
        "ceo@x.example",
        "Action needed: a letter for Riverbend Regional Medical Center",
    )
    signer = Client()
    for _ in range(3):
        assert signer.get(asked, follow=True).status_code == 200
        signer.head(asked)
    assert draft.letters.get().state == "requested"
    assert signer.post(asked, {"file": pdf()}).status_code == 302
    letter = draft.letters.get()
    assert (letter.state, letter.received_how, letter.received_by) == ("received", "link", None)
    assert OutboundMessage.objects.get(template="applications/letter_arrived").to == applicant.email
    assert b"We have your letter" in signer.get(asked, follow=True).content


def test_a_refused_file_of_the_signer_says_why(asked, draft, now):
    bad = SimpleUploadedFile("letter.txt", b"hello")
    refused = Client().post(asked, {"file": bad})
    assert refused.status_code == 422
    assert b"Upload a PDF, Word, PNG, JPEG or HEIC file" in refused.content
    assert draft.letters.get().state == "requested"


def test_a_new_request_closes_the_link_before(asked, draft, applicant, now):
    actions.request_letter(
        letter=draft.letters.get(), name="Omar", email="coo@x.example", by=applicant, now=now
    )
    assert Client().get(asked).status_code == 404


def test_accepting_closes_the_link(asked, draft, coordinator, pdf, now):
    Client().post(asked, {"file": pdf()})
    actions.accept_letter(letter=draft.letters.get(), points=["supports"], by=coordinator, now=now)
    assert Client().get(asked).status_code == 404


def test_an_unknown_link_and_an_old_one_are_the_same_page(asked, draft, pdf, now):
    import time_machine

    with time_machine.travel(now + timedelta(days=21, seconds=1), tick=False):
        old = Client().get(asked)
    unknown = Client().get("/r/letter/nothing/")
    assert (old.status_code, unknown.status_code) == (404, 404)


def test_a_requested_letter_does_not_hold_a_submission_up(in_host, complete, applicant, now):
    actions.remove_letter(letter=complete.letters.get(), by=applicant, now=now)
    actions.request_letter(
        letter=complete.letters.get(), name="L", email="ceo@x.example", by=applicant, now=now
    )
    sent = actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)
    assert sent.status == "submitted"
    assert Application.objects.missing_material().get() == sent


@pytest.fixture
def received(in_host, complete, applicant, now):
    actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)
    return complete


def judge(staff, application, **data):
    cohort = application.cohort
    url = reverse(
        "applications:judge_letter",
        args=["prairie", cohort.slug, application.reference, "ceo_letter"],
    )
    return staff.post(url, data)


def test_staff_accept_a_letter_with_the_points_it_covers(received, coordinator, sign_in, now):
    terms = received.cohort.program.blueprint.letters[0]
    points = [point.code for point in terms.points][:2]
    judge(sign_in(coordinator), received, verdict="accept", points=points)
    letter = received.letters.get()
    assert (letter.state, letter.points, letter.judged_by) == ("accepted", points, coordinator)


def test_a_returned_letter_needs_a_reason_and_comes_again(
    received, coordinator, applicant, sign_in, pdf, now
):
    staff = sign_in(coordinator)
    judge(staff, received, verdict="return", reason="")
    assert received.letters.get().state == "received"
    judge(staff, received, verdict="return", reason="It is not signed.")
    assert received.letters.get().returned_reason == "It is not signed."
    mail = OutboundMessage.objects.get(template="applications/letter_returned")
    assert mail.subject.startswith("Action needed: ")
    person = sign_in(applicant)
    assert b"It is not signed." in person.get(page(received)).content
    person.post(page(received), {"file": pdf("signed.pdf")})
    letter = received.letters.get()
    assert (letter.state, letter.returned_reason) == ("received", "")


def test_staff_file_a_letter_that_came_by_email(  # S3-26 S3-27 S4-30
    in_host, host, cohort, coordinator, pdf, now
):
    application = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    letter = LetterFactory(host=host, application=application)
    subject = "Learning Network Application – Riverbend"
    actions.file_letter(letter=letter, upload=pdf(), subject_line=subject, by=coordinator, now=now)
    letter = Letter.objects.get()
    assert (letter.state, letter.received_how, letter.subject_line) == (
        "received",
        "email",
        subject,
    )


def test_filing_by_page_names_the_subject_and_keeps_what_was_typed(  # S3-27
    in_host, host, cohort, coordinator, sign_in, pdf, now
):
    application = ApplicationFactory(
        host=host, cohort=cohort, status="submitted", organization_name="Riverbend"
    )
    letter = LetterFactory(host=host, application=application)
    staff = sign_in(coordinator)
    address = reverse(
        "applications:file_letter", args=["prairie", cohort.slug, application.reference]
    )
    assert "Learning Network Application – Riverbend" in staff.get(address).content.decode()
    data = {"letter": letter.pk, "subject_line": "FW: letter", "file": pdf("l.txt")}
    refused = staff.post(address, data)
    assert refused.status_code == 422
    assert b"FW: letter" in refused.content
    staff.post(address, {**data, "file": pdf()})
    assert application.letters.get().received_how == "email"


def test_a_letter_of_another_application_can_not_be_chosen(  # T6
    in_host, host, cohort, coordinator, sign_in, pdf, now
):
    one, other = ApplicationFactory.create_batch(2, host=host, cohort=cohort, status="submitted")
    foreign = LetterFactory(host=host, application=other)
    address = reverse("applications:file_letter", args=["prairie", cohort.slug, one.reference])
    data = {"letter": foreign.pk, "subject_line": "x", "file": pdf()}
    assert sign_in(coordinator).post(address, data).status_code == 422
    foreign.refresh_from_db()
    assert foreign.state == "missing"
