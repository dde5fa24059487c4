"""Answers are kept field by field, and two people lose nothing."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from questionnaires import actions, queries
from questionnaires.actions import Conflict
from questionnaires.models import AnswerChange, Questionnaire, Response
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories import UserFactory
from tests.questionnaires.samples import field, form, option, text

NOW = datetime(2027, 3, 4, 15, 0, tzinfo=UTC)
LATER = datetime(2027, 3, 4, 16, 0, tzinfo=UTC)

FORM = form(
    field("name", "short_text"),
    field("story", "long_text", max_words=3),
    field("area", "multiple", options=[option("a"), option("b"), option("z", other=True)]),
    field("promise", "acknowledgement", text=text("We will share")),
    field("letter", "upload", slot="letter"),
)


@pytest.fixture
def marcus(db) -> User:
    return UserFactory(name="Marcus Okafor")


@pytest.fixture
def questionnaire(in_host, coordinator) -> Questionnaire:
    return actions.add_questionnaire(
        host_id=in_host.pk, key="apply", name="Application", by=coordinator
    )


@pytest.fixture
def version(questionnaire, coordinator):
    return actions.publish(questionnaire=questionnaire, form=FORM, now=NOW, by=coordinator)


@pytest.fixture
def response(version, applicant) -> Response:
    return actions.start_response(version=version, now=NOW, by=applicant)


def save(response, by, base=None, now=NOW, **values):
    return actions.save(response=response, values=values, base_revisions=base, now=now, by=by)


def changes(response):
    return list(
        AnswerChange.objects.filter(response=response)
        .order_by("pk")
        .values_list("field", "revision", "value", "kept", "changed_by__name")
    )


def test_only_what_changed_gets_a_revision_and_a_place_in_history(response, applicant):
    first = save(response, applicant, {}, name="Riverbend", story="one two three four")
    assert (first.revisions, first.changed) == ({"name": 1, "story": 1}, ("name", "story"))
    second = save(response, applicant, {"name": 1, "story": 1}, name="Riverbend", story="Short")
    assert (second.revisions, second.changed) == ({"name": 1, "story": 2}, ("story",))
    response.refresh_from_db()
    assert response.answers == {"name": "Riverbend", "story": "Short"}
    assert response.updated_at == NOW
    assert changes(response) == [
        ("name", 1, "Riverbend", True, "Dana Whitfield"),
        ("story", 1, "one two three four", True, "Dana Whitfield"),
        ("story", 2, "Short", True, "Dana Whitfield"),
    ]


def test_an_answer_can_be_emptied_and_history_keeps_it(response, applicant):
    save(response, applicant, {}, name="Riverbend")
    emptied = save(response, applicant, {"name": 1}, name=" ")
    assert (emptied.response.answers, emptied.revisions) == ({}, {"name": 2})
    assert [change.value for change in queries.history(response, "name")] == [None, "Riverbend"]


def test_different_fields_of_two_people_both_win(response, applicant, marcus):
    save(response, applicant, {}, name="Riverbend")
    saved = save(response, marcus, {}, story="Ours")
    assert saved.response.answers == {"name": "Riverbend", "story": "Ours"}
    assert saved.conflicts == ()


def test_an_answer_changed_meanwhile_is_not_overwritten_but_shown(response, applicant, marcus):
    save(response, applicant, {}, name="Riverbend", story="Old")
    save(response, marcus, {"name": 1}, now=LATER, name="Riverbend Regional")
    saved = save(response, applicant, {"name": 1, "story": 1}, name="Riverbend Inc", story="New")
    assert saved.conflicts == (
        Conflict(
            field="name",
            key="name",
            mine="Riverbend Inc",
            theirs="Riverbend Regional",
            revision=2,
            name="Marcus Okafor",
            at=LATER,
        ),
    )
    assert saved.response.answers == {"name": "Riverbend Regional", "story": "New"}
    assert saved.revisions == {"name": 2, "story": 2}
    assert ("name", 2, "Riverbend Inc", False, "Dana Whitfield") in changes(response)


def test_nobody_conflicts_with_the_page_that_saved_itself(response, applicant, marcus):
    save(response, applicant, {}, story="Half a")
    saved = save(response, applicant, {}, story="Half a sentence")
    assert (saved.conflicts, saved.revisions) == ((), {"story": 2})
    save(response, marcus, {"story": 2}, story="Another sentence")
    saved = save(response, applicant, {}, story="Half a sentence more")
    assert [(one.theirs, one.revision) for one in saved.conflicts] == [("Another sentence", 3)]
    assert [change.value for change in queries.history(response, "story")] == [
        "Half a sentence more",
        "Another sentence",
        "Half a sentence",
        "Half a",
    ]


def test_the_same_words_from_two_people_are_no_conflict(response, applicant, marcus):
    save(response, applicant, {}, name="Riverbend")
    saved = save(response, marcus, {}, name="Riverbend ")
    assert (saved.conflicts, saved.revisions) == ((), {"name": 1})


def test_the_same_save_twice_changes_nothing(response, applicant):
    save(response, applicant, {}, name="Riverbend")
    again = save(response, applicant, {}, now=LATER, name="Riverbend")
    assert (again.changed, again.conflicts, again.revisions) == ((), (), {"name": 1})
    assert again.response.updated_at == NOW
    assert len(changes(response)) == 1


def test_other_words_share_the_revision_of_their_question(response, applicant, marcus):
    first = save(response, applicant, {}, area=["z"], area_other="Dental")
    assert first.revisions == {"area": 1}
    saved = save(response, marcus, {}, area=["z"], area_other="Vision")
    assert [(one.field, one.key, one.theirs) for one in saved.conflicts] == [
        ("area", "area_other", "Dental")
    ]


def test_what_the_form_does_not_ask_is_not_kept(response, applicant):
    saved = save(response, applicant, {}, letter="x", secret="y", name="Riverbend")
    assert saved.unknown == ("letter", "secret")
    assert saved.response.answers == {"name": "Riverbend"}


def test_a_promise_is_kept_in_the_words_and_language_that_were_read(response, applicant):
    saved = actions.save(
        response=response,
        values={"promise": "yes"},
        base_revisions={},
        now=NOW,
        by=applicant,
        language="es",
    )
    assert saved.response.answers["promise"]["text"] == "We will share (es)"


def test_an_import_may_overwrite_and_history_still_has_the_old_answer(response, applicant, marcus):
    save(response, applicant, {}, name="Riverbend")
    saved = save(response, marcus, None, name="From paper")
    assert (saved.response.answers, saved.conflicts) == ({"name": "From paper"}, ())


def save_once(response, by, base, save_key, now=NOW, **values):
    return actions.save(
        response=response, values=values, base_revisions=base, now=now, by=by, save_key=save_key
    )


def test_a_key_is_taken_once_and_a_late_copy_of_it_changes_nothing(response, applicant):
    save_once(response, applicant, {}, "k1", story="First words")
    save_once(response, applicant, {"story": 1}, "k2", story="Second words")
    late = save_once(response, applicant, {}, "k1", story="First words")  # its copy, delayed
    assert (late.changed, late.conflicts, late.revisions) == ((), (), {"story": 2})
    assert late.response.answers == {"story": "Second words"}
    assert len(changes(response)) == 2
    again = save_once(response, applicant, {"story": 2}, "k3", story="First words")
    assert again.response.answers == {"story": "First words"}  # typed anew, with a key of its own


def test_a_conflict_is_told_again_when_its_answer_was_lost(response, applicant, marcus):
    save(response, marcus, {}, story="Theirs")
    first = save_once(response, applicant, {}, "k1", story="Mine")
    again = save_once(response, applicant, {}, "k1", story="Mine")
    assert [(c.mine, c.theirs, c.name) for c in again.conflicts] == [
        (c.mine, c.theirs, c.name) for c in first.conflicts
    ]
    assert [kept for *_rest, kept, _who in changes(response)] == [True, False]


def test_a_page_does_not_take_back_what_it_only_showed(response, applicant, marcus):
    save(response, applicant, {}, name="Riverbend", story="Shown")
    save(response, marcus, {"story": 1}, story="By Marcus meanwhile")
    saved = actions.save(
        response=response,
        values={"name": "Riverbend Regional", "story": "Shown"},
        base_revisions={"name": 1, "story": 1},
        now=LATER,
        by=applicant,
        whole_page=True,
    )
    assert saved.conflicts == ()
    assert saved.response.answers == {
        "name": "Riverbend Regional",
        "story": "By Marcus meanwhile",
    }


def test_two_tabs_of_one_person_do_not_undo_each_other(response, applicant):
    save(response, applicant, {}, story="Shown in both")
    save(response, applicant, {"story": 1}, story="Typed in one tab")
    other_tab = actions.save(
        response=response,
        values={"name": "Typed in the other", "story": "Shown in both"},
        base_revisions={"story": 1},
        now=LATER,
        by=applicant,
        whole_page=True,
    )
    assert other_tab.response.answers == {
        "story": "Typed in one tab",
        "name": "Typed in the other",
    }


def statements(queries_):
    verbs = [query["sql"].split()[0] for query in queries_]
    return [verb for verb in verbs if verb not in ("SAVEPOINT", "RELEASE")]


def test_a_save_costs_three_statements_and_a_conflict_one_more(response, applicant, marcus):
    save(response, applicant, {}, name="Warm the form")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        save(response, applicant, {"name": 1}, name="Riverbend", story="Ours", area=["a", "b"])
    assert statements(seen) == ["SELECT", "UPDATE", "INSERT"]
    with CaptureQueriesContext(connection) as seen:
        save(response, marcus, {"name": 1}, name="Other", story="Ours")
    assert statements(seen) == ["SELECT", "SELECT", "INSERT"]
    with CaptureQueriesContext(connection) as seen:
        save(response, applicant, {"name": 2}, name="Riverbend")
    assert statements(seen) == ["SELECT"]
    with CaptureQueriesContext(connection) as seen:
        save(response, applicant, {"name": 0}, name="Riverbend Regional")
    assert statements(seen) == ["SELECT", "SELECT", "UPDATE", "INSERT"]


def test_the_row_is_locked_while_it_is_judged(response, applicant):
    with CaptureQueriesContext(connection) as seen:
        save(response, applicant, {}, name="Riverbend")
    assert 'FOR UPDATE OF "questionnaires_response"' in seen[1]["sql"] + seen[0]["sql"]


def test_a_published_version_is_numbered_recorded_and_not_repeated(
    questionnaire, version, coordinator
):
    again = actions.publish(questionnaire=questionnaire, form=FORM, now=LATER, by=coordinator)
    assert (again.pk, again.number, again.published_at) == (version.pk, 1, NOW)
    longer = form(field("name", "short_text"))
    second = actions.publish(questionnaire=questionnaire, form=longer, now=LATER, by=coordinator)
    assert second.number == 2
    assert [event.verb for event in AuditEvent.objects.about(second)] == ["published"]
    assert queries.form_of(version) == FORM
    assert queries.form_of(second) == longer


def test_a_draft_moves_to_a_new_version_with_nothing_lost(
    questionnaire, response, applicant, coordinator
):
    save(response, applicant, {}, name="Riverbend", story="Kept", area=["a", "b"])
    after = form(
        field("name", "short_text", required=True),
        field("area", "multiple", options=[option("a"), option("c")]),
        field("new", "short_text"),
    )
    version = actions.publish(questionnaire=questionnaire, form=after, now=LATER, by=coordinator)
    moved = actions.move_to(response=response, version=version, now=LATER, by=coordinator)
    response.refresh_from_db()
    assert response.version_id == version.pk
    assert response.answers == {"name": "Riverbend", "story": "Kept", "area": ["a"]}
    assert moved.set_aside == ()
    assert {(d.field, d.change) for d in moved.differences} == {
        ("story", "removed"),
        ("promise", "removed"),
        ("letter", "removed"),
        ("name", "required"),
        ("area", "options"),
        ("new", "added"),
    }
    assert ("area", 1, ["a", "b"], False, "Renata Solis") in changes(response)
    late = save(response, applicant, {"area": 1}, area=["c"])
    assert [one.theirs for one in late.conflicts] == [["a"]]


def test_a_promise_in_new_words_is_asked_again(questionnaire, response, applicant, coordinator):
    save(response, applicant, {}, promise="yes")
    reworded = form(field("promise", "acknowledgement", text=text("We will share it all")))
    version = actions.publish(questionnaire=questionnaire, form=reworded, now=LATER, by=coordinator)
    moved = actions.move_to(response=response, version=version, now=LATER, by=coordinator)
    assert (moved.set_aside, moved.response.answers) == (("promise",), {})


def test_a_response_may_begin_with_what_is_known(version, applicant):
    response = actions.start_response(
        version=version, answers={"name": " Riverbend "}, now=NOW, by=applicant
    )
    assert (response.answers, response.revisions) == ({"name": "Riverbend"}, {"name": 1})


def test_another_host_sees_no_answers(response, applicant, other_host):
    save(response, applicant, {}, name="Canary")
    with open_host(other_host.pk):
        assert list(Response.objects.all()) == []
        assert list(AnswerChange.objects.all()) == []
        with pytest.raises(Response.DoesNotExist):
            save(response, applicant, {}, name="Taken over")


def test_section_state_reads_the_version(response, applicant):
    saved = save(response, applicant, {}, story="one two three four")
    state = queries.section_state(saved.response.version, saved.response.answers, "main")
    assert (state.state, [problem.reason for problem in state.problems]) == (
        "in_progress",
        ["too_many_words"],
    )
