"""Answers in words."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from collaboratives.blueprints import keys, load
from questionnaires import rules
from questionnaires.schema import Kind
from questionnaires.summary import Entry, plain, summary, words
from tests.questionnaires.samples import complete_answers, field, form, made, option, text

SCALE = {"low": text("Low"), "high": text("High")}
POINTS = [text("P1"), text("P2"), text("P3"), text("P4"), text("P5")]


@pytest.mark.parametrize(
    ("one", "value", "other", "lines"),
    [
        (made("x", "short_text"), "Words", None, ["Words"]),
        (made("x", "short_text"), None, None, []),
        (made("x", "yes_no"), "no", None, ["No"]),
        (made("x", "single", options=[option("z", other=True)]), "z", "Dental", ["Z: Dental"]),
        (made("x", "multiple", options=[option("a"), option("b")]), ["a", "b"], None, ["A", "B"]),
        (made("x", "single", options=[option("a")]), "gone", None, ["gone"]),
        (made("x", "scale", scale=SCALE), 2, None, ["2 of 5"]),
        (made("x", "scale", scale={**SCALE, "points": POINTS}), 2, None, ["2: P2"]),
        (
            made("x", "scale", scale={**SCALE, "not_applicable": True}),
            "na",
            None,
            ["Does not apply"],
        ),
        (made("x", "number", unit=text("beds")), 12, None, ["12 beds"]),
        (made("x", "date"), "2027-03-04", None, ["March 4, 2027"]),
        (made("x", "date"), "next week", None, ["next week"]),
        (
            made("x", "contact"),
            {"email": "d@x.example", "name": "Dana"},
            None,
            ["Dana", "d@x.example"],
        ),
    ],
)
def test_an_answer_in_lines(one, value, other, lines):
    assert words(one, value, other) == lines


def test_a_promise_is_shown_in_the_words_that_were_agreed_to():
    promise = made("x", "acknowledgement", text=text("We share"))
    value = {"agreed": True, "language": "es", "text": "We share (es)"}
    assert words(promise, value) == ["Agreed: We share (es)"]


FORM = form(
    field("have", "multiple", options=[option("a"), option("none", exclusive=True)]),
    field("how", "grid", items_from="have", fields=[field("known", "yes_no")]),
    field(
        "team",
        "table",
        rows={"max": 3, "item": text("Person")},
        fields=[field("name", "short_text"), field("lead", "chosen_row")],
    ),
    field("letter", "upload", slot="letter"),
    field("note", "info", text=text("Note")),
    field("study", "consent", document="sheet"),
    {"section": "access", "private": True},
    field("needs", "short_text"),
)
ANSWERS = {
    "have": ["a"],
    "how": {"a": {"known": "yes"}, "gone": {"known": "no"}},
    "team": [{"name": "Dana", "lead": True}, {"name": "Lee"}],
    "needs": "Captions",
}


def test_tables_and_grids_have_an_entry_per_row():
    lines = {line.code: line for line in summary(FORM, ANSWERS)[0].lines}
    assert lines["how"].entries == (Entry("A", (("Label of known", "Yes"),)),)
    assert lines["team"].entries == (
        Entry("Person 1", (("Label of name", "Dana"), ("Label of lead", "Yes"))),
        Entry("Person 2", (("Label of name", "Lee"),)),
    )


def test_readers_see_neither_private_sections_nor_consent():
    seen = summary(FORM, ANSWERS)
    assert [part.section.code for part in seen] == ["main"]
    assert [line.code for line in seen[0].lines] == ["have", "how", "team", "letter"]
    assert "Captions" not in repr(seen)
    assert [part.section.code for part in summary(FORM, ANSWERS, private=True)] == [
        "main",
        "access",
    ]


def test_what_is_kept_elsewhere_is_told_in_words():
    lines = summary(FORM, {}, elsewhere={"letter": "letter.pdf, received"})[0].lines
    assert [line.lines for line in lines if line.code == "letter"] == [("letter.pdf, received",)]
    assert [line.answered for line in lines] == [False, False, False, True]


def test_an_answer_as_one_text():
    team, how = FORM.by_code["team"], FORM.by_code["how"]
    assert plain(team, ANSWERS["team"]) == (
        "Person 1: Label of name: Dana; Label of lead: Yes\nPerson 2: Label of name: Lee"
    )
    assert plain(how, {"a": {"known": "yes"}}, form=FORM) == "A: Label of known: Yes"
    assert plain(FORM.by_code["have"], ["a"]) == "A"
    assert plain(how, None) == ""


def test_the_check_page_escapes_and_marks_what_is_missing():
    one = form(field("a", "long_text"), field("b", "short_text"))
    part = summary(one, {"a": "<b>\nline"})[0]
    html = render_to_string(
        "questionnaires/_summary.html", {"part": part, "change_url": "/s/main/"}
    )
    assert "&lt;b&gt;<br>line" in html
    assert 'href="/s/main/#q-b"' in html
    assert html.count("Not provided") == 1


@pytest.mark.parametrize("key", keys())
def test_a_summary_shows_every_visible_question_in_both_languages(key):
    one = load(key).form
    answers = complete_answers(one)
    shown = rules.visible(one, answers)
    asked = [
        f.code
        for fields in shown.values()
        for f in fields
        if f.kind not in (Kind.INFO, Kind.CONSENT)
    ]
    for language in ("en", "es"):
        with translation.override(language):
            parts = summary(one, answers, private=True)
        assert [line.code for part in parts for line in part.lines] == asked
        assert all(
            line.answered
            for part in parts
            for line in part.lines
            if line.kind not in (Kind.UPLOAD, Kind.VIDEO)
        )
