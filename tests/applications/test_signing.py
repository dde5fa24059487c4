"""The signer's link: upload, photograph, or sign by typing a name; and the letter to print."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from docx import Document

from applications import actions
from applications.models import TypedSignature
from applications.queries.letter_text import letter_text
from applications.tasks import signers
from documents import jobs, preview
from documents.jobs import Run
from documents.models import Job
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from messaging.sealing import unseal
from tenancy.models import AuditEvent

pytestmark = pytest.mark.django_db


def address(mail):
    return urlsplit(
        next(word for word in unseal(mail.body).text.split() if "/r/letter/" in word)
    ).path


@pytest.fixture
def asked(in_host, draft, applicant, now):
    actions.request_letter(
        letter=draft.letters.get(),
        name="Lucia",
        email="CEO@x.example",
        note="Thank you, Lucia.",
        by=applicant,
        now=now,
    )
    return address(OutboundMessage.objects.get())


def typed(page, **changed):
    shown = Client().get(page, follow=True).content.decode()
    seal = shown.split('name="read" value="')[1].split('"')[0]
    return {
        "sign": "1",
        "name": "Lucia Perez",
        "title": "CEO",
        "agree": "on",
        "read": seal,
    } | changed


def made(kind):
    """Do the one job of a kind, as a worker does."""
    job = Job.objects.get(kind=kind)
    result = jobs.kinds[kind](Run(job))
    from documents.work import _keep

    return _keep(job, result), result


def test_the_mail_carries_the_note(asked):
    assert "Thank you, Lucia." in unseal(OutboundMessage.objects.get().body).text


def test_a_name_typed_under_the_words_is_a_letter(asked, draft, applicant, now):  # S3-23 S3-31
    signer = Client()
    page = signer.get(asked, follow=True).content.decode()
    for point in draft.cohort.program.blueprint.letters[0].points:
        assert str(point.text).replace("'", "&#x27;") in page
    assert signer.post(asked, typed(asked)).status_code == 302
    letter, signature = draft.letters.get(), TypedSignature.objects.get()
    assert (letter.state, letter.received_how, letter.signed_by) == ("received", "typed", ["ceo"])
    assert (letter.is_complete, letter.file, letter.signature) == (True, None, signature)
    assert (signature.name, signature.title, signature.signed_at) == ("Lucia Perez", "CEO", now)
    event = AuditEvent.objects.about(draft).get(verb="signed by typing")
    assert event.after == {"file": "ceo_letter", "sha256": signature.sha256}
    assert OutboundMessage.objects.filter(to=applicant.email).count() == 1
    assert b"Signed by Lucia Perez" in signer.get(asked, follow=True).content


def test_the_pdf_is_made_by_a_worker_and_says_how_it_was_signed(
    asked, draft, coordinator, sign_in, now
):
    Client().post(asked, typed(asked))
    stored, again = made("signed_letter")
    letter = draft.letters.get()
    assert (letter.file, letter.signature.file) == (stored, stored)
    assert Job.objects.filter(kind=preview.KIND).exists()
    with pikepdf.open(BytesIO(again.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("en")
    from pypdf import PdfReader

    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(again.content)).pages)
    for said in ("Signed electronically", "Lucia Perez", "CEO", letter.signature.sha256[:16]):
        assert said in words.replace("\n", ""), said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, b"Type your full name."),
        ({"title": ""}, b"Enter your role."),
        ({"agree": ""}, b"Tick this box to sign the letter."),
        ({"read": "0" * 64}, b"The words of the letter have changed."),
    ],
)
def test_what_is_not_whole_is_not_signed(asked, draft, now, change, sentence):
    refused = Client().post(asked, typed(asked, **change))
    assert (refused.status_code, sentence in refused.content) == (422, True)
    assert draft.letters.get().state == "requested"
    assert not TypedSignature.objects.exists()


def test_looking_changes_nothing(asked, draft, now):  # T16
    for page in (asked, f"{asked}template/"):
        assert Client().get(page, follow=True).status_code == 200
        assert Client().head(page, follow=True).status_code == 200
    assert draft.letters.get().state == "requested"
    assert not Job.objects.exists()


def test_a_letter_of_two_names_takes_paper(asked, draft, now):  # S4-29
    letter = draft.letters.get()
    letter.signatories = ["ceo", "board_chair"]
    letter.save()
    page = Client().get(asked, follow=True).content
    assert b"by typing" not in page
    assert (
        Client().post(asked, {"sign": "1", "name": "L", "title": "CEO", "agree": "on"}) is not None
    )
    assert draft.letters.get().state == "requested"


def test_a_photo_may_be_taken_on_the_spot(asked, draft, photo, now):
    assert b'capture="environment"' in Client().get(asked, follow=True).content
    Client().post(asked, {"file": photo("image.jpg")})
    assert draft.letters.get().received_how == "link"


def test_a_withdrawn_application_needs_no_letter(asked, draft, applicant, pdf, now):
    actions.withdraw(application=draft, by=applicant, now=now)
    assert Client().post(asked, {"file": pdf()}).status_code == 422
    assert draft.letters.get().state == "requested"


# --- reminded once, after five days -----------------------------------------------------------


def test_the_signer_is_reminded_once_and_both_links_work(asked, draft, pdf, now):
    import time_machine

    assert [one.due_at for one in signers(now)] == []
    later = now + timedelta(days=5, minutes=1)
    with time_machine.travel(later, tick=False):
        plan_reminders(now=later)
        plan_reminders(now=later + timedelta(minutes=5))
        mail = OutboundMessage.objects.get(template="applications/letter_reminder")
        assert (mail.to, mail.subject) == (
            "ceo@x.example",
            "Reminder: a letter for Riverbend Regional Medical Center",
        )
        assert Client().get(asked, follow=True).status_code == 200
        assert Client().post(address(mail), {"file": pdf()}).status_code == 302
    assert draft.letters.get().state == "received"


def test_who_has_sent_it_is_not_reminded(asked, draft, pdf, now):
    Client().post(asked, {"file": pdf()})
    plan_reminders(now=now + timedelta(days=6))
    assert not OutboundMessage.objects.filter(template="applications/letter_reminder").exists()


# --- the letter to print and sign -----------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("en", "Signature"), ("es", "Firma")])
def test_the_template_is_a_word_file_in_the_readers_language(  # S1-15
    in_host, draft, applicant, sign_in, now, language, word
):
    person = sign_in(applicant)
    person.cookies["django_language"] = language
    url = reverse("applications:letter_template", args=["prairie", draft.reference, "ceo_letter"])
    answer = person.get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    document = Document(BytesIO(answer.content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert word in words
    with translation.override(language):
        for point in draft.cohort.program.blueprint.letters[0].points:
            assert str(point.text) in words
    assert document.core_properties.language == language


def test_the_template_as_a_tagged_pdf(in_host, draft, applicant, sign_in, now):
    url = reverse(
        "applications:letter_template_pdf", args=["prairie", draft.reference, "ceo_letter"]
    )
    person = sign_in(applicant)
    assert person.get(url).status_code == 302  # not asked for yet
    assert not Job.objects.exists()
    person.post(url)
    job = Job.objects.get(kind="letter_template")
    assert job.page == url
    content = jobs.kinds["letter_template"](Run(job)).content
    with pikepdf.open(BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked


def test_the_words_are_the_programs(in_host, draft):
    letter = draft.letters.get()
    letter.application = draft
    text = letter_text(draft, letter)
    assert text.title == "Letter of support"
    assert text.signers == ("CEO",)
    assert text.sha256 == letter_text(draft, letter).sha256
    with translation.override("es"):
        assert letter_text(draft, letter).sha256 != text.sha256
