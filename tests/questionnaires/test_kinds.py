"""Every kind of question goes the whole way: page, answer, summary."""

import pytest
from django.template.loader import render_to_string

from questionnaires.answers import CLEANERS, clean
from questionnaires.forms import controls, submitted
from questionnaires.rules import problems
from questionnaires.schema import ANSWERLESS, IN_A_ROW, USES, Kind
from questionnaires.summary import summary
from tests.questionnaires.samples import (
    Browser,
    complete_answers,
    field,
    form,
    option,
    text,
    uploads,
)

INNER = [field("sub", "short_text")]
MORE = {
    Kind.SINGLE: {"options": [option("a"), option("b")]},
    Kind.MULTIPLE: {"options": [option("a"), option("b")]},
    Kind.SCALE: {"scale": {"low": text("Low"), "high": text("High")}},
    Kind.TABLE: {"rows": {"max": 4, "item": text("Row")}, "fields": INNER},
    Kind.GRID: {"items": [option("i")], "fields": INNER},
    Kind.ACKNOWLEDGEMENT: {"text": text("We agree")},
    Kind.UPLOAD: {"slot": "letter"},
    Kind.CONSENT: {"document": "sheet"},
    Kind.INFO: {"text": text("Read this")},
}
AT_THE_TOP = [kind for kind in Kind if kind != Kind.CHOSEN_ROW]


def test_every_kind_has_its_attributes_and_its_cleaner():
    assert set(USES) == set(Kind)
    assert set(CLEANERS) == set(Kind) - ANSWERLESS - {Kind.ACKNOWLEDGEMENT}


@pytest.mark.parametrize("kind", AT_THE_TOP)
def test_a_question_of_each_kind(kind):
    one = form(field("x", kind, required=True, **MORE.get(kind, {})))
    answers = complete_answers(one)
    assert ("x" in answers) == (kind not in ANSWERLESS)
    if kind not in (Kind.CONSENT, Kind.INFO):
        assert [problem.field for problem in problems(one, {})] == ["x"] * len(problems(one, {}))
        assert problems(one, {}) != []
    assert problems(one, answers, uploads(one)) == []
    steps = controls(one, "main", answers, revisions={})
    html = render_to_string("questionnaires/_fields.html", {"controls": steps})
    assert "Label of x" in html
    back = submitted(one.section("main"), Browser(html).data())
    assert set(back.values) == set(answers)
    shown = [line.code for part in summary(one, answers) for line in part.lines]
    assert shown == ([] if kind in (Kind.CONSENT, Kind.INFO) else ["x"])


@pytest.mark.parametrize("kind", sorted(IN_A_ROW - {Kind.CHOSEN_ROW}))
def test_a_question_of_each_kind_inside_a_row(kind):
    inner = field("sub", kind, **MORE.get(kind, {}))
    one = form(field("x", "table", rows={"max": 4, "item": text("Row")}, fields=[inner]))
    answers = complete_answers(one)
    assert all("sub" in row for row in answers["x"])
    steps = controls(one, "main", answers, revisions={})
    html = render_to_string("questionnaires/_fields.html", {"controls": steps})
    back = submitted(one.section("main"), Browser(html).data())
    assert clean(one.by_code["x"], back.values["x"]).value == answers["x"]
