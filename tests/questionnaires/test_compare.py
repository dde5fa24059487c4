"""What changed between two versions, and what answers survive it."""

from questionnaires.compare import Change, carried, differences, losing
from tests.questionnaires.samples import field, form, option, text

LETTERS = [option("a"), option("b")]


def found(before, after):
    return [(d.field, d.change) for d in differences(before, after)]


def test_versions_are_compared_question_by_question():
    before = form(
        field("a", "short_text"),
        field("b", "short_text"),
        field("c", "single", options=LETTERS),
        field("d", "short_text"),
        {"section": "more"},
        field("e", "short_text"),
    )
    after = form(
        field("a", "long_text"),
        field("c", "single", options=LETTERS[:1]),
        field("d", "short_text", required=True, hint=text("Look")),
        field("e", "short_text"),
        field("f", "short_text"),
        {"section": "more"},
    )
    assert found(before, after) == [
        ("b", "removed"),
        ("a", "kind"),
        ("c", "options"),
        ("d", "required"),
        ("d", "words"),
        ("e", "moved"),
        ("f", "added"),
    ]
    assert found(before, before) == []


def test_what_moved_is_the_fewest_that_explain_the_new_order():
    letters = "abcdef"
    before = form(*(field(one, "short_text") for one in letters))
    after = form(*(field(one, "short_text") for one in "bcdefa"))
    assert found(before, after) == [("a", Change.MOVED)]


def test_sections_columns_conditions_and_limits():
    before = form(
        field("a", "yes_no"),
        field("story", "long_text", max_words=100),
        field("t", "table", rows={"max": 3, "item": text("P")}, fields=[field("n", "short_text")]),
        {"section": "old"},
        field("x", "short_text"),
    )
    after = form(
        field("a", "yes_no"),
        field(
            "story",
            "long_text",
            max_words=200,
            show_if={"field": "a", "op": "is", "value": "yes"},
        ),
        field("t", "table", rows={"max": 3, "item": text("P")}, fields=[field("m", "short_text")]),
        {"section": "new"},
        field("x", "short_text"),
        title=text("Other words"),
    )
    assert found(before, after) == [
        ("old", "removed"),
        ("main", "words"),
        ("story", "condition"),
        ("story", "limits"),
        ("t", "columns"),
        ("new", "added"),
        ("x", "moved"),
    ]
    columns = next(d for d in differences(before, after) if d.change == Change.COLUMNS)
    assert ([t.en for t in columns.gone], [t.en for t in columns.come]) == (
        ["Label of n"],
        ["Label of m"],
    )


def test_reworded_says_both_wordings():
    before = form(field("c", "single", options=LETTERS))
    after = form(field("c", "single", options=[{**LETTERS[0], "label": text("Aye")}, LETTERS[1]]))
    (one,) = differences(before, after)
    assert one.change == Change.WORDS
    assert ([t.en for t in one.gone], [t.en for t in one.come]) == (["A"], ["Aye"])


def test_answers_are_carried_kept_out_of_sight_or_set_aside():
    before = form(
        field("a", "yes_no"),
        field("gone", "short_text"),
        field("many", "multiple", options=LETTERS),
        field("age", "number"),
        field("pick", "single", options=LETTERS),
        field("why", "short_text"),
    )
    after = form(
        field("a", "yes_no"),
        field("many", "multiple", options=LETTERS[:1]),
        field("age", "short_text"),
        field("pick", "long_text"),
        field("why", "short_text", show_if={"field": "a", "op": "is", "value": "no"}),
    )
    answers = {"a": "yes", "gone": "Kept", "many": ["a", "b"], "age": 7, "pick": "a", "why": "So"}
    kept = carried(before, after, answers)
    assert kept.answers == {"a": "yes", "gone": "Kept", "many": ["a"], "age": "7", "why": "So"}
    assert kept.changed == {"many": ["a"], "age": "7", "pick": None}
    assert kept.set_aside == ("pick",)
    assert kept.hidden == ("gone", "why")
    assert losing(before, after, {"a": "yes"}) == set()
    assert {"gone", "many", "pick", "why"} <= losing(before, after, answers)
