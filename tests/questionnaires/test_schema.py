"""Forms as data: what a form may say, and what is refused and where."""

import pytest
from django.utils import translation
from pydantic import ValidationError

from questionnaires.schema import Form, Text
from tests.questionnaires.samples import field, form, made, option, text

CONDITION = {"field": "one", "op": "is", "value": "yes"}


def refused(make):
    with pytest.raises(ValidationError) as refusal:
        make()
    return refusal.value.errors()[0]


def test_a_text_speaks_the_active_language():
    words = Text(en="Yes", es="Sí")
    with translation.override("es"):
        assert (str(words), words.to("en")) == ("Sí", "Yes")
    with translation.override("en"):
        assert (str(words), words.to("es-us")) == ("Yes", "Sí")


def test_both_languages_can_stand_side_by_side():
    assert Text.model_validate("Yes | Sí") == Text(en="Yes", es="Sí")


@pytest.mark.parametrize("words", ["Yes", {"en": "Yes"}, {"en": "Yes", "es": " "}, "Yes | "])
def test_a_text_without_spanish_is_refused(words):
    assert refused(lambda: Text.model_validate(words))["loc"] == ("es",)


def test_a_form_survives_being_stored():
    one = form(
        field("one", "yes_no"),
        field("two", "short_text", show_if={"any": [CONDITION]}),
    )
    stored = one.model_dump(mode="json", exclude_defaults=True)
    assert Form.model_validate(stored) == one
    assert one.steering == {"one"}


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("single", {}, "single needs “options”"),
        ("table", {"fields": [field("a", "short_text")]}, "table needs “rows”"),
        ("grid", {"fields": [field("a", "scale")]}, "scale needs “scale”"),
        ("grid", {"fields": [field("a", "yes_no")]}, "a grid has “items” or “items_from”"),
        ("upload", {}, "upload needs “slot”"),
        ("consent", {}, "consent needs “document”"),
        ("acknowledgement", {}, "acknowledgement needs “text”"),
        ("short_text", {"max_words": 5}, "“max_words” means nothing for short_text"),
        ("long_text", {"options": [option("a")]}, "“options” means nothing for long_text"),
        (
            "single",
            {"options": [option("a"), option("b", exclusive=True)]},
            "an exclusive option stands beside others in a multiple choice",
        ),
        (
            "multiple",
            {"options": [option("a", exclusive=True)]},
            "an exclusive option stands beside others in a multiple choice",
        ),
        ("single", {"options": [option("a"), option("a")]}, "the code “a” is used twice"),
        (
            "single",
            {"options": [option("a", other=True), option("b", other=True)]},
            "one option may ask for other words",
        ),
        (
            "yes_no",
            {"options": [option("yes"), option("maybe")]},
            "a yes/no question has the options yes and no",
        ),
        (
            "scale",
            {"scale": {"low": text("a"), "high": text("b"), "points": [text("a")]}},
            "label every point of the scale, or none",
        ),
        (
            "table",
            {"rows": {"min": 3, "max": 2, "item": text("Row")}, "fields": []},
            "“min” is above “max”",
        ),
        (
            "table",
            {"rows": {"item": text("Row")}, "fields": [field("f", "upload", slot="letter")]},
            "upload or a condition can't be inside a row",
        ),
    ],
)
def test_a_question_that_does_not_suit_its_kind_is_refused(kind, more, reason):
    assert refused(lambda: made("one", kind, **more))["msg"] == reason


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"field": "two", "op": "answered"}, "“two” is not an earlier question"),
        ({"field": "later", "op": "answered"}, "“later” is not an earlier question"),
        ({"field": "one", "op": "is", "value": "maybe"}, "“maybe” is not an option of “one”"),
        ({"field": "one", "op": "includes", "value": "yes"}, "doesn't suit yes_no"),
        ({"field": "many", "op": "is", "value": "a"}, "doesn't suit multiple"),
        ({"field": "one", "op": "more_than", "value": 2}, "doesn't suit yes_no"),
        ({"field": "one", "op": "answered", "value": "yes"}, "doesn't suit yes_no"),
        ({"field": "note", "op": "answered"}, "“note” has no answer to look at"),
        ({"any": [], "all": []}, "give either “all” or “any”, with at least one clause"),
    ],
)
def test_a_condition_refers_to_an_earlier_question_and_its_options(condition, reason):
    error = refused(
        lambda: form(
            field("one", "yes_no"),
            field("many", "multiple", options=[option("a"), option("b")]),
            field("note", "info", text=text("Note")),
            field("two", "short_text", show_if=condition),
            field("later", "short_text"),
        )
    )
    assert reason in error["msg"]


def test_a_condition_has_one_level():
    nested = {"all": [{"any": [CONDITION]}]}
    assert refused(lambda: form(field("one", "yes_no"), field("two", "date", show_if=nested)))


@pytest.mark.parametrize(
    "fields",
    [
        [field("one", "date"), field("one", "date")],
        [
            field("one", "single", options=[option("a", other=True)]),
            field("one_other", "short_text"),
        ],
    ],
)
def test_a_code_is_used_once_in_a_form(fields):
    error = refused(lambda: form(*fields))
    assert error["ctx"]["path"] == ["sections", 0, "fields", 1]


def test_an_unknown_key_is_refused():
    assert refused(lambda: made("one", "date", colour="red"))["type"] == "extra_forbidden"


@pytest.mark.parametrize(
    ("name", "value"), [("items_from", "one"), ("items_from", "x"), ("different_from", "one")]
)
def test_a_link_to_another_question_needs_the_right_kind(name, value):
    linked = (
        field("two", "grid", items_from=value, fields=[field("a", "yes_no")])
        if name == "items_from"
        else field("two", "contact", different_from=value)
    )
    assert (
        "is not an earlier question of kind"
        in refused(lambda: form(field("one", "date"), linked))["msg"]
    )
