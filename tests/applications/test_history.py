"""Nothing typed is lost: history with restore, the check of a section, conflicts without script."""

from datetime import timedelta

import pytest
import time_machine

from applications import actions
from applications.queries.history import versions
from questionnaires.models import AnswerChange
from questionnaires.queries import form_of
from tests.applications.test_pages import url
from tests.factories.applications import ApplicationPersonFactory, complete_answers

pytestmark = pytest.mark.django_db


def save(application, by, now, base=None, **values):
    return actions.save_section(
        application=application, values=values, base_revisions=base, by=by, now=now
    )


def shown(application, code):
    application = type(application).objects.for_page().get(pk=application.pk)
    return versions(application, form_of(application.response.version).by_code[code])


@pytest.fixture
def marcus(in_host, host, draft):
    return ApplicationPersonFactory(host=host, application=draft, user__name="Marcus Okafor").user


def test_an_earlier_answer_is_restored_and_the_later_one_stays(
    in_host, draft, applicant, marcus, sign_in, now
):
    save(draft, applicant, now, city="Springfield")
    save(draft, marcus, now + timedelta(minutes=5), city="Peoria")
    first = AnswerChange.objects.get(value="Springfield")
    person = sign_in(applicant)
    page = person.get(url("question", draft, "city")).content.decode()
    assert "Marcus Okafor" in page
    assert page.count(">Restore<") == 1  # the answer that stands needs none
    person.post(url("restore", draft, "city", first.pk))
    draft.response.refresh_from_db()
    assert draft.response.answers["city"] == "Springfield"
    assert [one.words for one in shown(draft, "city")] == ["Springfield", "Peoria", "Springfield"]
    listed = person.get(url("history", draft)).content.decode()
    assert url("question", draft, "city") in listed


def test_the_history_shows_fifty_versions_and_a_sitting_once(
    in_host, draft, applicant, marcus, now
):
    for number in range(60):
        save(draft, (applicant, marcus)[number % 2], now, city=f"City {number}")
    found = shown(draft, "city")
    assert len(found) == 50
    assert (found[0].words, found[-1].words) == ("City 59", "City 10")
    for words in ("Sp", "Spring", "Springfield"):
        save(draft, applicant, now, organization_name=words)
    assert [one.words for one in shown(draft, "organization_name")] == ["Springfield"]


def test_nobody_restores_what_belongs_to_another_application(
    in_host, host, draft, applicant, cohort, sign_in, now
):
    from tests.factories.applications import ApplicationFactory

    other = ApplicationFactory(host=host, cohort=cohort, reference="LN27-0977")
    save(other, other.lead, now, city="Canary")
    change = AnswerChange.objects.get(value="Canary")
    page = sign_in(applicant).post(url("restore", draft, "city", change.pk), follow=True)
    assert b"not there any more" in page.content
    draft.response.refresh_from_db()
    assert "city" not in draft.response.answers


def conflict_page(draft, applicant, marcus, sign_in, code="city"):
    here = url("section", draft, "organization" if code == "city" else "focus")
    sign_in(marcus).post(here, {f"_rev.{code}": "0", code: "By Marcus"})
    person = sign_in(applicant)
    page = person.post(here, {f"_rev.{code}": "0", code: "By Dana"})
    assert page.status_code == 409
    return person, page.content.decode()


def test_a_conflict_is_settled_without_script(in_host, draft, applicant, marcus, sign_in, now):
    person, page = conflict_page(draft, applicant, marcus, sign_in)
    for words in ("By Marcus", "By Dana", "Keep mine", "Keep theirs"):
        assert words in page
    person.post(url("keep_mine", draft, "organization"), {"field": "city", "revision": "1"})
    draft.response.refresh_from_db()
    assert draft.response.answers["city"] == "By Dana"
    assert "By Marcus" in [one.words for one in shown(draft, "city")]


def test_keeping_mine_after_yet_another_change_asks_again(
    in_host, draft, applicant, marcus, sign_in, now
):
    person, _page = conflict_page(draft, applicant, marcus, sign_in)
    save(draft, marcus, now, city="By Marcus, later")
    again = person.post(url("keep_mine", draft, "organization"), {"field": "city", "revision": "1"})
    assert again.status_code == 409
    assert b"By Marcus, later" in again.content


def test_two_texts_are_edited_together(in_host, draft, applicant, marcus, sign_in, now):
    field = next(
        one.code
        for one in form_of(draft.response.version).section("focus").fields
        if one.kind == "long_text"
    )
    person, page = conflict_page(draft, applicant, marcus, sign_in, code=field)
    assert "Edit together" in page
    together = person.get(f"{url('section', draft, 'focus')}?together={field}&take={field}")
    assert "By Marcus\n\nBy Dana" in together.content.decode()


# --- the check of a section --------------------------------------------------------------------


def filled(draft, section):
    form = form_of(draft.response.version)
    answers = complete_answers(form)
    codes = {code for field in form.section(section).fields for code in field.answer_codes}
    return {code: value for code, value in answers.items() if code in codes}


def state_in_list(person, draft, section):
    page = person.get(url("task_list", draft))
    return next(task.state for task in page.context["list"].tasks if task.code == section)


def test_a_section_is_complete_once_it_was_checked_so(in_host, draft, applicant, sign_in, now):
    person, there = sign_in(applicant), url("section_check", draft, "organization")
    refused = person.post(there, {"finished": "yes"})
    assert refused.status_code == 422
    assert b"There is a problem" in refused.content
    assert person.post(there, {}).status_code == 422
    save(draft, applicant, now, **filled(draft, "organization"))
    page = person.get(there).content.decode()
    assert "Have you completed this section?" in page
    assert "Springfield" in page
    assert person.post(there, {"finished": "no"})["Location"] == url("task_list", draft)
    assert state_in_list(person, draft, "organization") == "in_progress"
    assert person.post(there, {"finished": "yes"})["Location"] == url("section", draft, "team")
    assert state_in_list(person, draft, "organization") == "complete"


def test_editing_a_completed_section_keeps_it_complete_unless_something_needed_is_empty(
    in_host, draft, applicant, sign_in, now
):
    person = sign_in(applicant)
    save(draft, applicant, now, **filled(draft, "organization"))
    person.post(url("section_check", draft, "organization"), {"finished": "yes"})
    save(draft, applicant, now, city="Peoria")
    assert state_in_list(person, draft, "organization") == "complete"
    save(draft, applicant, now, city="")
    assert state_in_list(person, draft, "organization") == "in_progress"


def test_a_reopened_section_marks_only_what_is_badly_formed(
    in_host, draft, applicant, sign_in, now
):
    save(draft, applicant, now, zip_code="12", city="")
    page = sign_in(applicant).get(url("section", draft, "organization")).content.decode()
    assert page.count('class="error-message"') == 1
    assert "Enter a ZIP code of 5 or 9 digits." in page
    assert "Answer this question." not in page


def test_the_missing_part_of_a_contact_is_named(in_host, draft, applicant, sign_in, now):
    answers = filled(draft, "organization")
    answers["lead_contact"] = {**answers["lead_contact"], "phone": ""}
    save(draft, applicant, now, **answers)
    page = sign_in(applicant).get(url("check", draft)).content.decode()
    assert "Phone: Answer this question." in page
    assert "check#q-lead_contact-phone" in page


def test_answers_that_go_out_of_sight_are_said_and_kept(in_host, draft, applicant, sign_in, now):
    form = form_of(draft.response.version)
    steering = next(
        (one, clause)
        for one in form.fields()
        if one.show_if and one.answer_codes and one.kind == "short_text"
        for clause in one.show_if.clauses
        if clause.op == "is"
    )
    hidden, clause = steering
    section = form.section_of(clause.field)
    save(draft, applicant, now, **{clause.field: clause.values[0], hidden.code: "Prairie Health"})
    other = next(
        option.code
        for option in form.by_code[clause.field].choices
        if option.code not in clause.values
    )
    revision = draft.response.revisions.get(clause.field, 0) + 1
    data = {f"_rev.{clause.field}": str(revision), clause.field: other}
    person = sign_in(applicant)
    there = url("autosave", draft, section.code)
    note = person.post(there, {**data, "_changed": clause.field}).json()["note"]
    assert str(hidden.label) in note
    draft.response.refresh_from_db()
    assert draft.response.answers[hidden.code] == "Prairie Health"


def test_a_late_page_has_a_copy_and_a_way_to_ask(in_host, draft, applicant, sign_in):
    with time_machine.travel(draft.cohort.closes_at + timedelta(hours=1), tick=False):
        page = sign_in(applicant).get(url("task_list", draft)).content.decode()
    assert "Copy of your answers" in page
    assert "Ask for more time" in page
