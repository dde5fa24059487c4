"""More information is asked question by question; the answer comes back as a new version with the
difference shown, and the clock stands still meanwhile. S3-29, PRODUCT 3 and 4"""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Asked
from applications.queries.asked import diff, open_questions, rounds
from applications.queries.deadlines import decision_due
from applications.states import Status
from messaging.models import OutboundMessage
from messaging.queries import shown
from tests.factories.applications import ApplicationFactory, AssignmentFactory, DeclarationFactory
from workflow.machine import TransitionNotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_host")]

COHORT = ["prairie", "learning-network-2027"]
OLD = "Cut the gap in early prenatal care by half by June 2028."
NEW = "Cut the gap in early prenatal care by a third by June 2028."


@pytest.fixture
def sent(complete, applicant, now):
    return actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)


@pytest.fixture
def asked(sent, coordinator, now):
    return actions.ask(
        application=sent,
        question="Two things, please.",
        about=[("aim", "Is half possible?"), ("team", "Who speaks for patients?")],
        by=coordinator,
        now=now,
    )


def answer(asked, applicant, at, **values):
    if values:
        actions.save_section(
            application=asked, values=values, base_revisions=None, by=applicant, now=at
        )
    return actions.answer(application=asked, by=applicant, now=at)


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", []),
        ("a b", "a b", [("same", "a b")]),
        ("a b c", "a x c", [("same", "a "), ("removed", "b"), ("added", "x"), ("same", " c")]),
        ("", "new", [("added", "new")]),
        ("gone", "", [("removed", "gone")]),
    ],
)
def test_a_difference_by_words(before, after, parts):
    assert diff(before, after) == parts


def test_the_form_names_questions(sent, coordinator, sign_in, now):
    url = reverse("applications:ask", args=[*COHORT, sent.reference])
    client = sign_in(coordinator)
    half = client.post(url, {"about_1": "aim"})
    assert half.status_code == 422
    assert "Choose a question and write what is missing there." in half.content.decode()
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"about_1": "no-such", "text_1": "x"}).status_code == 422
    done = client.post(url, {"about_1": "aim", "text_1": "Is half possible?"})
    assert done.status_code == 302
    sent.refresh_from_db()
    assert (sent.status, sent.question) == ("info_asked", "")
    one = Asked.objects.get()
    assert (one.field, one.text, one.before) == ("aim", "Is half possible?", 1)


def test_the_applicants_read_it_where_they_answer(asked, applicant, sign_in, now):
    mail = OutboundMessage.objects.get(template="applications/information_asked")
    text = shown(mail).text
    for words in ["Two things, please.", "Is half possible?", "Who speaks for patients?"]:
        assert words in text
    client = sign_in(applicant)
    for page in ["task_list", "status"]:
        html = client.get(reverse(f"applications:{page}", args=[*COHORT[:1], asked.reference]))
        section = open_questions(asked)[1].section
        link = reverse("applications:section", args=["prairie", asked.reference, section])
        assert f'href="{link}#q-aim"' in html.content.decode()
        assert "Is half possible?" in html.content.decode()


def test_the_answer_is_a_new_version_with_its_difference(
    asked, applicant, coordinator, sign_in, now
):
    later = now + timedelta(days=3)
    back = answer(asked, applicant, later, aim=NEW, city="Peoria")
    assert back.status == "in_review"
    assert [one.number for one in back.submissions.order_by("number")] == [1, 2]
    (found,) = rounds(back)
    assert (found.version, found.answered_at) == (2, later)
    whole, aim, team = found.answers
    assert (whole.label, whole.change) == ("", None)
    assert ("removed", "half") in aim.change.parts
    assert ("added", "a third") in aim.change.parts
    assert team.change is None
    assert [one.code for one in found.others] == ["city"]
    page = sign_in(coordinator).get(reverse("applications:read", args=[*COHORT, back.reference]))
    html = page.content.decode()
    assert "<del>" in html
    assert "This answer was not changed." in html
    assert "1 other answer changed" in html
    assert not Asked.objects.open_of(back).exists()


def test_an_answer_without_changes_is_no_new_version(asked, applicant, now):
    back = answer(asked, applicant, now + timedelta(days=1))
    (found,) = rounds(back)
    assert (found.version, back.submissions.count()) == (1, 1)
    assert [one.change for one in found.answers] == [None, None, None]


def test_the_clock_stands_still(asked, applicant, now):
    """30 days from receipt, and those that the applicant took. S3-29"""
    decision = asked.cohort.program.blueprint.decision
    promised = decision_due(asked, decision, now)
    assert decision_due(asked, decision, now + timedelta(days=5)) == promised + timedelta(days=5)
    back = answer(asked, applicant, now + timedelta(days=5), aim=NEW)
    after = now + timedelta(days=20)
    assert decision_due(back, decision, after) == promised + timedelta(days=5)


def test_a_reader_without_names_sees_no_name_in_the_difference(
    asked, host, applicant, reviewer, sign_in, now
):
    AssignmentFactory(host=host, application=asked, reviewer=reviewer)
    DeclarationFactory(host=host, application=asked, person=reviewer)
    answer(asked, applicant, now + timedelta(days=1), aim=f"{NEW} Dana Whitfield leads it.")
    page = sign_in(reviewer).get(reverse("applications:read", args=[*COHORT, asked.reference]))
    html = page.content.decode()
    assert "a third" in html
    assert "Whitfield" not in html


@pytest.mark.parametrize("status", Status)
def test_asking_in_each_state(host, cohort, coordinator, status, now):
    application = ApplicationFactory(host=host, cohort=cohort, status=status)
    ask = {"about": [("aim", "More?")], "by": coordinator, "now": now}
    if status in ("submitted", "in_review"):
        actions.ask(application=application, **ask)
        assert Asked.objects.count() == 1
    else:
        with pytest.raises(TransitionNotAllowed):
            actions.ask(application=application, **ask)
        assert not Asked.objects.exists()


def test_what_is_not_in_the_form_can_not_be_asked(sent, coordinator, now):
    with pytest.raises(actions.Refused):
        actions.ask(application=sent, about=[("no-such", "x")], by=coordinator, now=now)
    with pytest.raises(actions.Refused):
        actions.ask(application=sent, question=" ", about=[("aim", " ")], by=coordinator, now=now)
