"""What an applicant meets on the way: saving, autosave, the deadline, the receipt."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applications.models import Application
from questionnaires.models import AnswerChange
from questionnaires.queries import form_of
from tests.factories.applications import ApplicationFactory, ApplicationPersonFactory

pytestmark = pytest.mark.django_db


def url(name, application, *more):
    return reverse(f"applications:{name}", args=["prairie", application.reference, *more])


def test_a_section_saves_and_goes_on_to_the_next(in_host, draft, applicant, sign_in, now):
    person = sign_in(applicant)
    here = url("section", draft, "organization")
    saved = person.post(here, {"_rev.city": "0", "city": "Springfield"})
    assert saved["Location"] == url("section", draft, "team")
    back = person.post(here, {"_rev.city": "1", "city": "Peoria", "back": "1"})
    assert back["Location"] == url("task_list", draft)
    draft.response.refresh_from_db()
    assert draft.response.answers == {"city": "Peoria"}


def test_saving_shows_no_errors_but_a_look_back_does(in_host, draft, applicant, sign_in, now):
    person = sign_in(applicant)
    here = url("section", draft, "organization")
    assert b"error-message" not in person.get(here).content
    checked = person.get(f"{here}?check").content
    assert b"There is a problem" in checked
    assert b"Answer this question." in checked


def test_a_row_is_added_to_a_table_without_script(in_host, draft, applicant, sign_in, now):
    person = sign_in(applicant)
    here = url("section", draft, "team")
    added = person.post(
        here,
        {"_rev.team": "0", "team-0-name": "Dana", "team-0-email": "d@x.example", "_add": "team"},
    )
    assert added["Location"] == f"{here}?add=team#q-team"
    assert b'name="team-1-name"' in person.get(f"{here}?add=team").content


def test_a_conflict_shows_both_versions(in_host, host, draft, applicant, sign_in, now):
    other = ApplicationPersonFactory(host=host, application=draft, user__name="Marcus Okafor").user
    here = url("section", draft, "organization")
    sign_in(other).post(here, {"_rev.city": "0", "city": "Springfield"})
    page = sign_in(applicant).post(here, {"_rev.city": "0", "city": "Peoria"})
    assert page.status_code == 409
    assert b"Marcus Okafor changed this answer too" in page.content
    assert b"Springfield" in page.content
    assert b"Peoria" in page.content
    assert set(AnswerChange.objects.values_list("value", "kept")) == {
        ("Springfield", True),
        ("Peoria", False),
    }


def test_autosave_keeps_the_changed_field_and_says_its_revision(
    in_host, host, draft, applicant, sign_in, now
):
    person = sign_in(applicant)
    there = url("autosave", draft, "organization")
    data = {"_changed": "city", "_rev.city": "0", "city": "Springfield", "_key": "k1"}
    first = person.post(there, data)
    assert (first.status_code, first.json()) == (
        200,
        {"revisions": {"city": 1}, "saved_at": "10 a.m.", "conflicts": [], "people": []},
    )
    assert person.post(there, data).json()["revisions"] == {"city": 1}
    other = ApplicationPersonFactory(host=host, application=draft).user
    clash = sign_in(other).post(there, {**data, "city": "Peoria"})
    assert clash.status_code == 409
    assert clash.json()["conflicts"] == [
        {"field": "city", "theirs": "Springfield", "name": "Dana Whitfield", "revision": 1}
    ]


def test_autosave_needs_a_sign_in_and_an_open_application(in_host, draft, applicant, sign_in):
    there = url("autosave", draft, "organization")
    data = {"_changed": "city", "_rev.city": "0", "city": "Springfield"}
    assert Client().post(there, data).status_code == 302
    person = sign_in(applicant)
    with time_machine.travel(draft.cohort.closes_at + timedelta(hours=1), tick=False):
        closed = sign_in(applicant).post(there, data)
    assert closed.status_code == 423
    assert closed.json() == {
        "detail": "Applications have closed. What you changed just now is not saved."
    }
    assert person.get(there).status_code == 405


@pytest.mark.parametrize("hands", [1, 3])
@pytest.mark.parametrize("section", ["organization", "focus"])
def test_a_section_page_asks_five_times_and_nothing_twice(  # P9
    in_host, host, draft, applicant, sign_in, section, hands, django_assert_max_num_queries, now
):
    form = form_of(draft.response.version)
    long = next(one.code for one in form.section("focus").fields if one.kind == "long_text")
    for other in ApplicationPersonFactory.create_batch(hands - 1, host=host, application=draft):
        answer = {"_changed": long, f"_rev.{long}": "9", long: f"Words of {other.pk}"}
        sign_in(other.user).post(url("autosave", draft, "focus"), answer)
    person = sign_in(applicant)
    person.get(url("section", draft, section))  # the form is read once per process
    with django_assert_max_num_queries(12) as captured:
        page = person.get(url("section", draft, section))
    assert (b"presence held" in page.content) is (hands > 1 and section == "focus")
    asked = [one["sql"] for one in captured.captured_queries if "FROM" in one["sql"]]
    assert len(asked) == 5, asked  # host, login session, person, membership, application
    assert len(set(asked)) == 5


def test_an_autosave_asks_six_times_and_writes_three(  # P3
    in_host, host, draft, applicant, sign_in, django_assert_max_num_queries, now
):
    person = sign_in(applicant)
    there, data = url("autosave", draft, "organization"), {"_changed": "city", "_rev.city": "0"}
    person.post(there, {**data, "city": "Springfield", "_key": "k1"})
    with django_assert_max_num_queries(20) as captured:
        saved = person.post(there, {**data, "_rev.city": "1", "city": "Peoria", "_key": "k2"})
    assert saved.json()["revisions"] == {"city": 2}
    asked = [one["sql"] for one in captured.captured_queries]
    reads = [sql for sql in asked if " FROM " in sql]
    writes = [sql.split('"')[1] for sql in asked if sql.startswith(("UPDATE", "INSERT", "DELETE"))]
    # host, login session, person, membership; the row, locked; all that is judged; the key
    assert len(reads) == 7, reads
    assert len(set(reads)) == 7
    assert writes == [
        "questionnaires_response",
        "questionnaires_answerchange",
        "questionnaires_savekey",
    ]
    assert sum(sql.startswith("SAVEPOINT") for sql in asked) == 2  # the host's, the action's


def test_unknown_and_hidden_sections_do_not_exist(in_host, draft, applicant, sign_in, now):
    person = sign_in(applicant)
    for code in ("nothing", "letter"):
        assert person.get(url("section", draft, code)).status_code == 404


def test_a_late_page_keeps_everything(in_host, draft, applicant, sign_in):
    draft.response.answers = {"city": "Springfield"}
    draft.response.save()
    with time_machine.travel(draft.cohort.closes_at + timedelta(hours=1), tick=False):
        person = sign_in(applicant)
        tasks = person.get(url("task_list", draft))
        assert b"Applications have closed" in tasks.content
        assert b"Your answers are kept" in tasks.content
        section = person.get(url("section", draft, "organization"))
        assert b"Springfield" in section.content
        assert b"Save and continue" not in section.content


def test_in_the_grace_the_page_still_takes_answers(in_host, draft, applicant, sign_in):
    with time_machine.travel(draft.cohort.closes_at + timedelta(minutes=10), tick=False):
        page = sign_in(applicant).get(url("section", draft, "organization"))
        assert b"Save and continue" in page.content


def test_a_closed_program_says_when_it_was_open(host, cohort, applicant, sign_in):
    with time_machine.travel(cohort.closes_at, tick=False):
        page = sign_in(applicant).get(reverse("applications:start", args=["prairie", cohort.slug]))
    assert b"This program is not taking applications now" in page.content
    assert b"Friday, December 4" in page.content


def test_submitting_twice_from_the_page_gives_one_receipt(  # T20
    in_host, complete, applicant, sign_in, now
):
    person = sign_in(applicant)
    data = {"signed_name": "Dana Whitfield", "signed_title": "Director", "agree": "on"}
    for _ in range(2):
        sent = person.post(url("submit", complete), data)
        assert sent["Location"] == url("submitted", complete)
    receipt = person.get(url("submitted", complete)).content.decode()
    assert complete.reference in receipt
    assert "Sunday, November 22 at 10:00 a.m. Central" in receipt
    assert "Tuesday, December 22, 2026" in receipt  # S3-29: 30 days from receipt


def test_the_statement_must_be_agreed_to(in_host, complete, applicant, sign_in, now):
    page = sign_in(applicant).post(url("submit", complete), {"signed_name": ""})
    assert page.status_code == 422
    for sentence in (b"Type your full name.", b"Tick this box to agree with the statement."):
        assert sentence in page.content


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        ("submitted", "", "Received"),
        ("info_asked", "", "We asked you a question"),
        ("in_review", "", "We are reading it"),
        ("decided", "decline", "We are reading it"),
        ("released", "admit", "You are invited to join"),
        ("released", "waitlist", "You are on the waitlist"),
        ("released", "decline", "Not this time"),
        ("offer_declined", "admit", "You said no to the place"),
        ("offer_expired", "admit", "The offer has ended"),
        ("withdrawn", "", "Withdrawn"),
    ],
)
def test_the_status_page_in_plain_words(
    in_host, host, cohort, applicant, sign_in, status, outcome, words, now
):
    application = ApplicationFactory(
        host=host,
        cohort=cohort,
        lead=applicant,
        status=status,
        outcome=outcome,
        feedback="SECRET" if status == "decided" else "Feedback",
    )
    person = sign_in(applicant)
    page = person.get(url("status", application))
    assert f'<p class="lede">{words}</p>' in page.content.decode()
    assert b"SECRET" not in page.content
    mine = person.get(reverse("applications:mine", args=["prairie"]))
    assert words in mine.content.decode()
    assert b"SECRET" not in mine.content


def test_my_applications_are_empty_at_first(host, applicant, sign_in, now):
    page = sign_in(applicant).get(reverse("applications:mine", args=["prairie"]))
    assert b"You have no applications yet" in page.content


@pytest.mark.parametrize("rows", [1, 3])
def test_my_applications_cost_the_same_for_any_number(
    host, cohort, applicant, sign_in, rows, django_assert_num_queries, now
):
    ApplicationFactory.create_batch(rows, host=host, cohort=cohort, lead=applicant)
    person = sign_in(applicant)
    with django_assert_num_queries(5 + 4):
        page = person.get(reverse("applications:mine", args=["prairie"]))
    assert page.content.count(b'id="application-') == rows


def test_withdrawing_and_bringing_back_by_page(in_host, draft, applicant, sign_in, now):
    person = sign_in(applicant)
    assert person.get(url("withdraw", draft)).status_code == 200
    assert Application.objects.get().status == "draft"
    person.post(url("withdraw", draft), {"reason": "No time"})
    assert b"Bring it back" in person.get(url("status", draft)).content
    person.post(url("undo_withdrawal", draft))
    assert Application.objects.get().status == "draft"


def test_declining_by_page(in_host, host, cohort, applicant, sign_in, now):
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="released")
    person = sign_in(applicant)
    assert b"Accept the place" in person.get(url("decision", application)).content
    person.post(url("decline_seat", application), {"reason": "No staff"})
    application.refresh_from_db()
    assert (application.status, application.answer_reason) == ("offer_declined", "No staff")
    person.post(url("accept_seat", application))
    application.refresh_from_db()
    assert application.status == "offer_declined"


@pytest.mark.parametrize("name", ["accept_seat", "decline_seat", "undo_withdrawal"])
def test_only_a_post_acts(in_host, host, cohort, applicant, sign_in, name, now):
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="released")
    assert sign_in(applicant).get(url(name, application)).status_code == 405


def test_the_reading_view_costs_the_same_queries(  # P9
    in_host, host, cohort, coordinator, sign_in, django_assert_num_queries, now
):
    application = ApplicationFactory(host=host, cohort=cohort, status="in_review")
    staff = sign_in(coordinator)
    address = reverse("applications:read", args=["prairie", cohort.slug, application.reference])
    staff.get(address)
    # opening the host and who reads 5, may read it, the application; letters, films, hidden words,
    # criteria, versions sent, what was asked 2, others of it, scores 2, assigned, notes
    with django_assert_num_queries(21):
        assert staff.get(address).status_code == 200
