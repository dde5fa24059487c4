"""What people type becomes a clean value, or stays as typed and is named."""

import pytest

from questionnaires.answers import Issue, clean, word_count
from tests.questionnaires.samples import field, made, option, text

MANY = [option("a"), option("b"), option("c"), option("none", exclusive=True)]
SCALE = {"low": text("Low"), "high": text("High")}
ROWS = {"max": 2, "item": text("Person")}
PERSON = [
    field("name", "short_text"),
    field("email", "email", unique=True),
    field("roles", "multiple", options=[option("x"), option("other", other=True)]),
    field("lead", "chosen_row"),
]


@pytest.mark.parametrize(
    ("words", "count"),
    [("", 0), (None, 0), ("  one\ttwo\n three ", 3), ("well-known, isn't it", 3), (5, 0)],
)
def test_words_are_what_stands_between_white_space(words, count):
    assert word_count(words) == count


@pytest.mark.parametrize(
    ("one", "raw", "value", "reasons"),
    [
        (made("x", "short_text"), "  a\u0000 \n b ", "a b", []),
        (made("x", "short_text", max_length=3), "abcd", "abcd", ["too_long"]),
        (made("x", "short_text", min_length=2), "a", "a", ["too_short"]),
        (made("x", "short_text"), "   ", None, []),
        (made("x", "short_text"), 2024, "2024", []),
        (made("x", "short_text"), {"a": "b"}, None, ["misshapen"]),
        (made("x", "short_text", format="zip"), "618011234", "61801-1234", []),
        (made("x", "short_text", format="zip"), "6180", "6180", ["not_zip"]),
        (made("x", "short_text", format="ccn"), "14a123", "14A123", []),
        (made("x", "short_text", format="ccn"), "14", "14", ["not_ccn"]),
        (made("x", "short_text", format="year"), "1822", "1822", ["not_year"]),
        (made("x", "long_text"), "a\r\nb ", "a\nb", []),
        (made("x", "long_text", max_words=2), "a b c", "a b c", ["too_many_words"]),
        (made("x", "long_text", max_words=3), "a b c", "a b c", []),
        (made("x", "single", options=MANY[:2]), "b", "b", []),
        (made("x", "single", options=MANY[:2]), "z", None, ["not_option"]),
        (made("x", "single", options=MANY[:2]), ["b"], "b", []),
        (made("x", "yes_no"), "yes", "yes", []),
        (made("x", "multiple", options=MANY), ["c", "a"], ["a", "c"], []),
        (made("x", "multiple", options=MANY), "c", ["c"], []),
        (made("x", "multiple", options=MANY), ["c", "none", "a"], ["none"], []),
        (made("x", "multiple", options=MANY), ["c", "z"], ["c"], ["not_option"]),
        (made("x", "multiple", options=MANY), [], None, []),
        (made("x", "multiple", options=MANY, max=1), ["a", "b"], ["a", "b"], ["too_many_choices"]),
        (made("x", "multiple", options=MANY, min=2), ["a"], ["a"], ["too_few_choices"]),
        (made("x", "multiple", options=MANY, min=2), ["none"], ["none"], []),
        (made("x", "scale", scale=SCALE), "5", 5, []),
        (made("x", "scale", scale=SCALE), "6", None, ["not_option"]),
        (made("x", "scale", scale=SCALE), "na", None, ["not_option"]),
        (made("x", "scale", scale={**SCALE, "not_applicable": True}), "na", "na", []),
        (made("x", "scale", scale=SCALE), True, None, ["not_option"]),
        (made("x", "number"), "1,200", 1200, []),
        (made("x", "number"), "12.5", 12.5, ["too_fine"]),
        (made("x", "number", decimals=1), "12.5", 12.5, []),
        (made("x", "number", min=1, max=9), "0", 0, ["too_small"]),
        (made("x", "number", min=1, max=9), "10", 10, ["too_large"]),
        (made("x", "number"), "about 10", "about 10", ["not_number"]),
        (made("x", "number"), "NaN", "NaN", ["not_number"]),
        (made("x", "number"), "1e99", "1e99", ["not_number"]),
        (made("x", "date"), "2027-03-04", "2027-03-04", []),
        (made("x", "date"), "3/4/2027", "2027-03-04", []),
        (made("x", "date"), "2027-02-30", "2027-02-30", ["not_date"]),
        (made("x", "email"), " Dana@Riverbend.example ", "Dana@Riverbend.example", []),
        (made("x", "email"), "dana@", "dana@", ["not_email"]),
        (made("x", "phone"), "(217) 555-0100 ext. 7", "(217) 555-0100 ext. 7", []),
        (made("x", "phone"), "call us", "call us", ["not_phone"]),
        (made("x", "url"), "www.example.org", "https://www.example.org", []),
        (made("x", "url"), "javascript:alert(1)", "javascript:alert(1)", ["not_url"]),
        (made("x", "upload", slot="letter"), "anything", None, []),
        (made("x", "consent", document="sheet"), "yes", None, []),
    ],
)
def test_each_kind_has_its_clean_value(one, raw, value, reasons):
    cleaned = clean(one, raw)
    assert cleaned.value == value
    assert [issue.reason for issue in cleaned.issues] == reasons
    assert clean(one, cleaned.value).value == value


def test_a_contact_keeps_its_parts_and_names_the_bad_one():
    contact = made("x", "contact", parts=["name", "email", "phone"])
    raw = {"name": " Dana ", "email": "dana@", "phone": "", "title": "not asked"}
    assert clean(contact, raw) == (
        {"name": "Dana", "email": "dana@"},
        (Issue("not_email", ("email",)),),
    )


def test_a_table_drops_empty_rows_and_points_into_the_others():
    table = made("x", "table", rows=ROWS, fields=PERSON)
    raw = [
        {"name": "Dana", "email": "d@a.example", "roles": ["other"], "roles_other": " Nurse "},
        {"name": "", "email": "", "roles": [], "lead": False},
        {"name": "Lee", "email": "D@A.example", "lead": True},
        {"name": "Kim", "email": "kim", "lead": "yes"},
    ]
    cleaned = clean(table, raw)
    assert cleaned.value == [
        {"name": "Dana", "email": "d@a.example", "roles": ["other"], "roles_other": "Nurse"},
        {"name": "Lee", "email": "D@A.example", "lead": True},
        {"name": "Kim", "email": "kim", "lead": True},
    ]
    assert cleaned.issues == (
        Issue("not_email", (2, "email")),
        Issue("too_many_rows", limit=2),
        Issue("repeated", (1, "email")),
        Issue("one_row_only", ("lead",)),
    )


def test_a_grid_answers_only_for_its_items():
    grid = made("x", "grid", items=[option("a")], fields=[field("r", "scale", scale=SCALE)])
    assert clean(grid, {"a": {"r": "2"}, "z": {"r": "2"}}) == (
        {"a": {"r": 2}},
        (Issue("not_option"),),
    )


def test_an_acknowledgement_keeps_the_exact_words_that_were_read():
    promise = made("x", "acknowledgement", text=text("We will share"))
    kept = clean(promise, "yes", language="es").value
    assert kept == {"agreed": True, "language": "es", "text": "We will share (es)"}
    assert clean(promise, kept, language="en").value == kept
    reworded = made("x", "acknowledgement", text=text("We will share all"))
    assert clean(reworded, kept).value is None
    assert clean(promise, "").value is None
