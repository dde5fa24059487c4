"""Columns with stable codes over several versions, and the book that explains them."""

from questionnaires import export
from questionnaires.export import Entry
from tests.questionnaires.samples import field, form, option, text

BEFORE = form(
    field("type", "single", options=[option("a"), option("b")], required=True),
    field("gone", "short_text"),
    field("why", "long_text", show_if={"field": "type", "op": "is", "value": "b"}),
)
AFTER = form(
    {
        **field("type", "single", options=[option("a"), option("b"), option("z", other=True)]),
        "label": text("What are you?"),
    },
    field("lead", "contact"),
    field("why", "long_text", show_if={"field": "type", "op": "is", "value": "b"}),
    field(
        "team",
        "table",
        rows={"max": 3, "item": text("Person")},
        fields=[field("name", "short_text"), field("parts", "multiple", options=[option("x")])],
    ),
)
BOTH = {1: BEFORE, 2: AFTER}


def test_columns_of_all_versions_in_the_order_of_the_newest():
    codes = [one.code for one in export.columns(BOTH)]
    assert codes == [
        "type",
        "type_other",
        "lead.name",
        "lead.title",
        "lead.email",
        "why",
        "team.rows",
        "gone",
    ]
    assert [one.code for one in export.sheets(BOTH)["team"]] == ["team.name", "team.parts"]


def test_a_line_has_codes_or_words_and_nothing_that_is_hidden():
    answers = {"type": "z", "type_other": "Dental", "why": "hidden", "lead": {"name": "Dana"}}
    answers["team"] = [{"name": "Dana", "parts": ["x"]}, {"name": "Lee"}]
    line = export.cells(AFTER, answers)
    assert line == {
        "type": "z",
        "type_other": "Dental",
        "lead.name": "Dana",
        "lead.title": None,
        "lead.email": None,
        "why": None,
        "team.rows": 2,
    }
    assert export.cells(AFTER, answers, worded=True)["type"] == "Z"
    assert export.rows(AFTER, "team", answers) == [
        {"team.name": "Dana", "team.parts": "x"},
        {"team.name": "Lee", "team.parts": None},
    ]


def test_the_codebook_tells_words_and_options_of_each_version():
    book = {(one.code, one.version): one for one in export.codebook(BOTH)}
    assert book["type", 1].options == (("a", "A", "A (es)"), ("b", "B", "B (es)"))
    assert book["type", 2] == Entry(
        code="type",
        version=2,
        section="Main",
        label_en="What are you?",
        label_es="What are you? (es)",
        kind="single",
        required=False,
        private=False,
        unit="",
        options=(("a", "A", "A (es)"), ("b", "B", "B (es)"), ("z", "Z", "Z (es)")),
        shown_if="",
    )
    assert book["why", 2].shown_if == "“What are you?” is “B”"
    assert ("gone", 2) not in book
    assert book["team.name", 2].label_es == "Label of team (es): Label of name (es)"
