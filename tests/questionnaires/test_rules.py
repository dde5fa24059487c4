"""What is shown, what is missing, how far a form is."""

import pytest
from django.utils import translation

from questionnaires import rules
from questionnaires.rules import Problem
from questionnaires.schema import Condition
from tests.questionnaires.samples import field, form, option, text

LETTERS = [option("a"), option("b"), option("none", exclusive=True)]


def clause(name, op, value=None):
    return {"field": name, "op": op, **({} if value is None else {"value": value})}


@pytest.mark.parametrize(
    ("condition", "answers", "met"),
    [
        (clause("x", "is", "a"), {"x": "a"}, True),
        (clause("x", "is", ["a", "b"]), {"x": "b"}, True),
        (clause("x", "is", "a"), {}, False),
        (clause("x", "is_not", "a"), {"x": "b"}, True),
        (clause("x", "is_not", "a"), {}, False),
        (clause("x", "includes", "a"), {"x": ["a", "b"]}, True),
        (clause("x", "includes", ["a", "z"]), {"x": ["a", "b"]}, True),
        (clause("x", "lacks", "a"), {"x": ["b"]}, True),
        (clause("x", "lacks", ["a", "b"]), {"x": ["b"]}, True),
        (clause("x", "lacks", ["a", "b"]), {"x": ["a", "b"]}, False),
        (clause("x", "lacks", "a"), {}, False),
        (clause("x", "answered"), {"x": 0}, True),
        (clause("x", "unanswered"), {}, True),
        (clause("x", "more_than", 2), {"x": 3}, True),
        (clause("x", "more_than", 2), {"x": "3 or so"}, False),
        (clause("x", "less_than", 3), {"x": [{}, {}]}, True),
        (clause("x", "less_than", 3), {}, False),
        ({"all": [clause("x", "is", "a"), clause("y", "is", "b")]}, {"x": "a"}, False),
        ({"any": [clause("x", "is", "a"), clause("y", "is", "b")]}, {"x": "a"}, True),
    ],
)
def test_a_condition_is_met_or_not(condition, answers, met):
    assert rules.holds(Condition.model_validate(condition), answers) is met


CHAIN = form(
    field("one", "yes_no"),
    field("two", "yes_no", show_if=clause("one", "is", "yes")),
    field("three", "short_text", show_if=clause("two", "is", "yes")),
    {"section": "more", "show_if": clause("two", "is", "yes")},
    field("four", "short_text", required=True),
)


def test_a_hidden_answer_is_kept_but_counts_as_none():
    answers = {"one": "no", "two": "yes", "three": "kept", "four": "kept"}
    shown = rules.visible(CHAIN, answers)
    assert {code: [one.code for one in fields] for code, fields in shown.items()} == {
        "main": ["one"]
    }
    assert rules.visible_answers(CHAIN, answers) == {"one": "no"}
    assert rules.problems(CHAIN, answers) == []
    assert rules.section_state(CHAIN, "more", answers) is None


def test_a_change_that_hides_answers_can_be_announced():
    before = {"one": "yes", "two": "yes", "three": "words", "four": "words"}
    hidden = rules.hidden_by(CHAIN, before, {**before, "one": "no"})
    assert [one.code for one in hidden] == ["two", "three", "four"]


def test_a_section_goes_from_not_started_to_complete():
    one = form(
        field("note", "info", text=text("Read this")),
        field("a", "short_text", required=True),
        field("b", "long_text", max_words=2),
        field("c", "upload", slot="letter", required=True),
    )

    def state(answers, ready=()):
        found = rules.section_state(one, "main", answers, ready)
        assert rules.stages(one, answers, ready) == [found.state]
        return found.state, found.answered, found.asked, [p.field for p in found.problems]

    assert state({}) == ("not_started", 0, 3, ["a", "c"])
    assert state({"b": "too many words"}) == ("in_progress", 1, 3, ["a", "b", "c"])
    assert state({"a": "x", "b": "two words"}) == ("in_progress", 2, 3, ["c"])
    assert state({"a": "x"}, {"c"}) == ("complete", 2, 3, [])


def missing(one, answers):
    return [(p.reason, p.at) for p in rules.problems(one, answers)]


def test_the_words_beside_other_are_asked_for():
    one = form(field("x", "single", options=[option("a"), option("z", other=True)]))
    assert missing(one, {"x": "z"}) == [("required", ("x_other",))]
    assert missing(one, {"x": "z", "x_other": "Other words"}) == []
    assert missing(one, {"x": "a"}) == []


def test_a_contact_is_whole_when_required_and_reachable_when_not():
    parts = ["name", "title", "email"]
    needed = form(field("x", "contact", parts=parts, required=True))
    optional = form(field("x", "contact", parts=parts))
    assert missing(needed, {"x": {"name": "Dana"}}) == [
        ("required", ("title",)),
        ("required", ("email",)),
    ]
    assert missing(optional, {"x": {"name": "Dana"}}) == [("required", ("email",))]
    assert missing(optional, {}) == []


@pytest.mark.parametrize("other", [{"name": "LEE"}, {"name": "Kim", "email": "Lee@x.example"}])
def test_an_alternate_is_another_person(other):  # S1-16
    one = form(
        field("first", "contact", parts=["name", "email"]),
        field("second", "contact", parts=["name", "email"], different_from="first"),
    )
    answers = {"first": {"name": "Lee", "email": "lee@x.example"}, "second": other}
    assert "same_person" in [problem.reason for problem in rules.problems(one, answers)]


def test_a_table_has_enough_rows_and_whole_ones_and_one_lead():
    table = field(
        "team",
        "table",
        required=True,
        rows={"min": 2, "max": 7, "item": text("Person")},
        fields=[
            field("name", "short_text", required=True),
            field("role", "single", options=[option("a"), option("z", other=True)]),
            field("lead", "chosen_row", required=True),
        ],
    )
    one = form(table)
    assert missing(one, {}) == [("too_few_rows", ()), ("no_row_chosen", ("lead",))]
    rows = [{"name": "Dana", "lead": True}, {"role": "z"}]
    assert missing(one, {"team": rows}) == [
        ("required", (1, "name")),
        ("required", (1, "role_other")),
    ]
    assert rules.problems(one, {"team": rows[:1]})[0].limit == 2


def test_a_grid_asks_for_each_ticked_item_and_nothing_without_any():
    one = form(
        field("have", "multiple", options=LETTERS),
        field(
            "how",
            "grid",
            required=True,
            items_from="have",
            fields=[field("known", "yes_no", required=True)],
        ),
    )
    assert missing(one, {"have": ["none"]}) == []
    assert missing(one, {"have": ["a", "b"], "how": {"a": {"known": "yes"}}}) == [
        ("required", ("b", "known"))
    ]


def test_a_grid_that_is_required_as_a_whole_wants_one_answer():
    one = form(field("g", "grid", required=True, items=LETTERS[:2], fields=[field("k", "yes_no")]))
    assert missing(one, {}) == [("required", ())]
    assert missing(one, {"g": {"a": {"k": "yes"}}}) == []


@pytest.mark.parametrize(
    ("problem", "english"),
    [
        (Problem("s", "f", "too_many_words", (), 200), "Use 200 words or fewer."),
        (Problem("s", "f", "too_few_rows", (), 3), "Give at least 3."),
        (Problem("s", "f", "too_fine", (), 0), "Enter a whole number."),
        (Problem("s", "f", "too_fine", (), 2), "Use 2 digits or fewer after the point."),
        (Problem("s", "f", "required"), "Answer this question."),
    ],
)
def test_a_problem_is_a_sentence(problem, english):
    with translation.override("en"):
        assert rules.say(problem) == english


def test_every_reason_has_its_sentence():
    reasons = [
        "too_long",
        "too_short",
        "too_small",
        "too_large",
        "too_many_choices",
        "too_few_choices",
        "too_many_rows",
        *rules.REASONS,
    ]
    said = [rules.say(Problem("s", "f", reason, (), 3)) for reason in reasons]
    assert all(sentence.endswith(".") for sentence in said)
