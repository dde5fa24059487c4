"""An application as PDF: so far, and as it was sent in."""

import json
from io import BytesIO

import pikepdf
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from applications import actions
from applications.models import Submission
from applications.queries.copies import canonical, sha256
from documents import jobs
from documents.models import Job
from documents.states import JobState
from documents.work import _finish
from tenancy.models import AuditEvent
from tests.factories.applications import (
    ApplicationPersonFactory,
    AssignmentFactory,
    DeclarationFactory,
)

pytestmark = pytest.mark.django_db


def url(name, application, *more):
    return reverse(f"applications:{name}", args=["prairie", application.reference, *more])


def draw(job):
    """Does the job here, as its worker would, and keeps its file."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        locked_by="test",
        lease_no=1,
        lease_until="2099-01-01T00:00Z",
        finished_at=None,
    )
    job.refresh_from_db()
    _finish(job, jobs.kinds[job.kind](jobs.Run(job)))
    job.refresh_from_db()
    return job.result.path.read_bytes()


def text_of(content):
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.fixture
def sent(complete, applicant, now):
    return actions.submit(
        application=complete,
        signed_name="Dana Whitfield",
        signed_title="Director",
        by=applicant,
        now=now,
    )


def test_answers_so_far_are_drawn_on_demand_and_marked_as_a_draft(
    in_host, draft, applicant, sign_in, now
):
    actions.save_section(
        application=draft, values={"city": "Ñandú"}, base_revisions=None, by=applicant, now=now
    )
    person = sign_in(applicant)
    assert b"Make the PDF" in person.get(url("copy", draft)).content
    assert not Job.objects.exists()
    assert person.post(url("copy", draft))["Location"] == url("copy", draft)
    waiting = person.get(url("copy", draft)).content
    assert b"The PDF is being made" in waiting
    assert b"Make the PDF" not in waiting
    job = Job.objects.get()
    person.post(url("copy", draft))
    assert Job.objects.count() == 1
    content = draw(job)
    assert "Draft. This has not been sent in." in text_of(content)
    assert "Ñandú" in text_of(content)
    page = person.get(url("copy", draft)).content.decode()
    there = url("answers_pdf", draft, job.uuid)
    assert there in page
    assert b"".join(person.get(there)) == content
    actions.save_section(
        application=draft, values={"city": "Peoria"}, base_revisions=None, by=applicant, now=now
    )
    assert b"Your answers have changed since." in person.get(url("copy", draft)).content
    person.post(url("copy", draft))
    assert Job.objects.count() == 2


def test_the_draft_is_tagged_and_says_so_behind_the_words(in_host, draft, applicant, now):
    content = draw(actions.draw_answers(application=draft, by=applicant))
    with pikepdf.open(BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "en"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert all(b"/Artifact" in page.Contents.read_bytes() for page in document.pages)


def test_only_its_people_get_the_answers_so_far(
    in_host, host, draft, applicant, coordinator, stranger, sign_in, now
):
    job = actions.draw_answers(application=draft, by=applicant)
    draw(job)
    other = ApplicationPersonFactory(host=host, application=draft, role="viewer").user
    assert b"".join(sign_in(other).get(url("answers_pdf", draft, job.uuid))).startswith(b"%PDF")
    for person in (coordinator, stranger):
        client = sign_in(person)
        assert client.get(url("answers_pdf", draft, job.uuid)).status_code == 404
        assert client.get(url("copy", draft)).status_code == 404
        assert client.get(url("summary", draft)).status_code == 404
    assert Client().get(url("copy", draft)).status_code == 302


def test_sending_in_freezes_the_words_and_never_waits_for_the_pdf(
    in_host, sent, applicant, coordinator, sign_in, now
):
    submission = Submission.objects.get()
    assert submission.job.state == JobState.QUEUED
    words = json.loads(submission.document)
    assert submission.sha256 == sha256(canonical(words))
    event = AuditEvent.objects.about(sent).filter(verb="submitted").get()
    assert event.after["sha256"] == submission.sha256
    person = sign_in(applicant)
    receipt = person.get(url("submitted", sent)).content
    assert b"The PDF is being made" in receipt
    assert b"being made" in person.get(url("summary", sent)).content
    content = draw(submission.job)
    text = text_of(content)
    assert submission.sha256 in text.replace(" ", "")
    assert "Signed by Dana Whitfield, Director" in text
    for part in words["parts"]:
        assert part["title"] in text
    receipt = person.get(url("submitted", sent)).content.decode()
    assert url("summary", sent) in receipt
    assert "being made" not in receipt
    # readers have the same bytes
    assert b"".join(person.get(url("summary", sent))) == content
    assert b"".join(sign_in(coordinator).get(url("summary", sent))) == content


def test_it_stays_as_it_was_sent(in_host, sent, applicant, now):
    submission = Submission.objects.get()
    sent.response.answers["city"] = "Somewhere else"
    sent.response.save()
    text = text_of(draw(submission.job))
    assert "Springfield" in text
    assert "Somewhere else" not in text
    assert draw(submission.job) == draw(submission.job)


def test_readers_never_see_what_is_private(in_host, complete, applicant, now):
    response = complete.response
    response.answers["access_note"] = "I need a lift"
    response.save()
    draft = draw(actions.draw_answers(application=complete, by=applicant))
    assert "I need a lift" in text_of(draft)
    actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)
    assert "I need a lift" not in Submission.objects.get().document


def test_a_reviewer_has_it_only_for_what_is_assigned(
    in_host, host, sent, reviewer, stranger, sign_in
):
    assert sign_in(reviewer).get(url("summary", sent)).status_code == 404
    AssignmentFactory(host=host, application=sent, reviewer=reviewer)
    assert sign_in(reviewer).get(url("summary", sent)).status_code == 404  # asked first
    DeclarationFactory(host=host, application=sent, person=reviewer)
    # This program's readers read without names, and the copy is full of them.
    assert sign_in(reviewer).get(url("summary", sent)).status_code == 404
    program = sent.cohort.program
    program.content["reviewing"]["names_hidden"] = False
    program.save()
    assert sign_in(reviewer).get(url("summary", sent)).status_code == 200
    assert sign_in(stranger).get(url("summary", sent)).status_code == 404


def test_it_is_in_the_language_it_was_sent_in(in_host, complete, applicant, sign_in, now, settings):
    person = sign_in(applicant)
    person.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    there = url("submit", complete)
    person.post(there, {"signed_name": "Dana", "signed_title": "Directora", "agree": "on"})
    submission = Submission.objects.get()
    assert json.loads(submission.document)["language"] == "es"
    with pikepdf.open(BytesIO(draw(submission.job))) as document:
        assert document.Root.Lang == "es"
