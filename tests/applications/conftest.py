from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from questionnaires.queries import form_of
from tests.factories.applications import (
    ApplicationFactory,
    LetterFactory,
    OpenCohortFactory,
    complete_answers,
)

NOW = datetime(2026, 11, 22, 16, tzinfo=UTC)  # Sunday, 10 in the morning in Chicago


@pytest.fixture
def now():
    """The tests' clock stands still, twelve days before the deadline."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def cohort(host):
    return OpenCohortFactory(
        host=host, slug="learning-network-2027", name="Learning Network 2027", code="LN27"
    )


@pytest.fixture
def draft(host, cohort, applicant):
    """Begun by the applicant, nothing answered but the name."""
    application = ApplicationFactory(
        host=host,
        cohort=cohort,
        reference="LN27-0900",
        organization_name="Riverbend Regional Medical Center",
        lead=applicant,
    )
    LetterFactory(host=host, application=application)
    return application


@pytest.fixture
def complete(in_host, draft, pdf, applicant, now):
    """A draft with every answer and the letter: it may be sent."""
    from applications import actions

    response = draft.response
    response.answers = complete_answers(form_of(response.version))
    response.revisions = dict.fromkeys(response.answers, 1)
    response.save()
    actions.upload_letter(letter=draft.letters.get(), upload=pdf(), by=applicant, now=now)
    return draft


@pytest.fixture
def pdf():
    """Makes a small letter that another program wrote."""

    def make(name="letter.pdf"):
        made = BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            document.save(made)
        return SimpleUploadedFile(name, made.getvalue(), "application/pdf")

    return make


@pytest.fixture
def photo():
    def make(name="letter.jpg"):
        made = BytesIO()
        Image.new("RGB", (60, 80), "white").save(made, "JPEG")
        return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")

    return make
