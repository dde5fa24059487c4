"""Who signs is data: one letter with both names, or two letters; complete when all are there."""

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Application, Letter
from applications.queries.answers import ready_codes
from tests.factories.applications import ApplicationFactory, OpenCohortFactory, VersionFactory
from tests.factories.collaboratives import ProgramFactory, blueprint_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(host):
    """A program that asks for the CEO and the Board Chair."""
    content = blueprint_content("action-community")
    program = ProgramFactory(host=host, content=content, blueprint_key="action-community")
    version = VersionFactory(host=host, schema=content["form"])
    return OpenCohortFactory(
        host=host, program=program, slug="ac", code="AC27", application_form=version
    )


@pytest.fixture
def started(in_host, community, applicant, now):
    return actions.start(cohort=community, organization_name="Riverbend", by=applicant, now=now)


def state(application):
    """For each letter: its state, who is under it, whom no letter has."""
    found = Letter.objects.filter(application=application, slot="letter").order_by("position")
    return [(one.field, one.state, one.signed_by, one.lacks) for one in found]


def ready(application):
    return ready_codes(Letter.objects.filter(application=application, slot="letter"), [])


def letter(application, field):
    return application.letters.get(field=field)


def test_two_letters_each_with_one_name(started, applicant, pdf, now):  # S4-16 S4-29
    assert state(started) == [
        ("ceo_letter", "missing", [], ["ceo"]),
        ("board_letter", "missing", [], ["board_chair"]),
    ]
    actions.upload_letter(letter=letter(started, "ceo_letter"), upload=pdf(), by=applicant, now=now)
    assert ready(started) == {"ceo_letter"}
    actions.upload_letter(
        letter=letter(started, "board_letter"), upload=pdf(), by=applicant, now=now
    )
    assert ready(started) == {"ceo_letter", "board_letter"}


def test_one_letter_with_both_names_completes_both(  # S4-29 S4-38
    started, applicant, sign_in, pdf, now
):
    page = reverse("applications:letter", args=["prairie", started.reference, "ceo_letter"])
    person = sign_in(applicant)
    assert b"One letter with both names is fine." in person.get(page).content
    person.post(page, {"file": pdf(), "signed_by": ["ceo", "board_chair"]})
    assert state(started) == [
        ("ceo_letter", "received", ["ceo", "board_chair"], []),
        ("board_letter", "missing", [], []),
    ]
    assert ready(started) == {"ceo_letter", "board_letter"}
    other = reverse("applications:letter", args=["prairie", started.reference, "board_letter"])
    assert b"Your other letter carries this signature too." in person.get(other).content
    tasks = reverse("applications:task_list", args=["prairie", started.reference])
    assert b"Under the other letter" in person.get(tasks).content


def test_taking_the_letter_away_opens_both_again(started, applicant, pdf, now):
    ceo = letter(started, "ceo_letter")
    both = ["ceo", "board_chair"]
    actions.upload_letter(letter=ceo, upload=pdf(), signed_by=both, by=applicant, now=now)
    actions.remove_letter(letter=ceo, by=applicant, now=now)
    assert [lacks for *_, lacks in state(started)] == [["ceo"], ["board_chair"]]
    assert ready(started) == set()


def test_staff_say_whose_names_are_really_there(  # S4-29
    in_host, host, community, applicant, coordinator, sign_in, pdf, now
):
    sent = ApplicationFactory(host=host, cohort=community, lead=applicant, status="submitted")
    from tests.factories.applications import LetterFactory

    ceo = LetterFactory(host=host, application=sent, position=0)
    LetterFactory(
        host=host, application=sent, field="board_letter", signatories=["board_chair"], position=1
    )
    both = ["ceo", "board_chair"]
    actions.file_letter(letter=ceo, upload=pdf(), subject_line="x", by=coordinator, now=now)
    Letter.objects.filter(pk=ceo.pk).update(signed_by=both)
    assert Application.objects.missing_material().get() == sent
    judge = reverse(
        "applications:judge_letter", args=["prairie", "ac", sent.reference, "ceo_letter"]
    )
    staff = sign_in(coordinator)
    staff.post(judge, {"verdict": "accept", "signatures": "1"})
    assert letter(sent, "ceo_letter").state == "received"  # nobody's name: it can't be accepted
    staff.post(judge, {"verdict": "accept", "signatures": "1", "signed_by": both})
    assert state(sent) == [
        ("ceo_letter", "accepted", both, []),
        ("board_letter", "missing", [], []),
    ]
    assert not Application.objects.missing_material().exists()
    actions.return_letter(letter=ceo, reason="Not signed", by=coordinator, now=now)
    assert [lacks for *_, lacks in state(sent)] == [["ceo"], ["board_chair"]]


def test_the_reading_page_says_what_is_missing_and_warns_before_a_decision(
    in_host, host, community, coordinator, sign_in, pdf, now
):
    from tests.factories.applications import LetterFactory

    sent = ApplicationFactory(host=host, cohort=community, status="submitted")
    ceo = LetterFactory(host=host, application=sent)
    actions.file_letter(letter=ceo, upload=pdf(), subject_line="x", by=coordinator, now=now)
    page = reverse("applications:read", args=["prairie", "ac", sent.reference])
    staff = sign_in(coordinator)
    warned = staff.get(page).content
    assert b"1 letter has not been checked. Read it before you decide." in warned
    actions.accept_letter(letter=ceo, points=[], by=coordinator, now=now)
    assert b"has not been checked" not in staff.get(page).content
