"""A section as a page: what it shows, and that it sends back what it was given."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.signals import template_rendered
from django.utils import translation

from collaboratives.blueprints import keys, load
from questionnaires import rules
from questionnaires.answers import clean, clean_other
from questionnaires.forms import Place, controls, errors, submitted
from questionnaires.schema import OTHER
from tests.questionnaires.samples import Browser, complete_answers, field, form, option, text

SECTIONS = [(key, section.code) for key in keys() for section in load(key).form.sections]


def page(one, section="main", answers=None, **more):
    steps = controls(one, section, answers or {}, revisions=more.pop("revisions", {}), **more)
    return render_to_string("questionnaires/_fields.html", {"controls": steps})


def sent_back(one, html, *more, section="main"):
    return submitted(one.section(section), Browser(html).data(*more))


def cleaned(one, values):
    answers = {}
    for key, raw in values.items():
        owner = one.by_answer[key]
        value = clean(owner, raw).value if key == owner.code else clean_other(raw).value
        if value is not None:
            answers[key] = value
    return answers


@pytest.mark.parametrize(("key", "section"), SECTIONS)
def test_a_filled_page_sends_back_what_it_was_given(key, section):
    one = load(key).form
    answers = complete_answers(one)
    codes = {code for f in rules.visible(one, answers)[section] for code in f.answer_codes}
    revisions = dict.fromkeys(one.by_code, 7)
    back = sent_back(one, page(one, section, answers, revisions=revisions), section=section)
    expected = {code: answers[code] for code in answers if code in codes}
    promises = [c for c, v in expected.items() if isinstance(v, dict) and "agreed" in v]
    assert all(back.values[code] == "yes" for code in promises)
    assert cleaned(one, back.values) == expected
    assert set(back.bases.values()) <= {7}
    assert set(back.values) <= codes


@pytest.mark.parametrize(("key", "section"), SECTIONS)
def test_every_control_has_a_label_and_every_id_is_one_of_a_kind(key, section):
    one = load(key).form
    read = Browser(page(one, section, complete_answers(one)))
    assert sorted(set(read.ids)) == sorted(read.ids)
    assert {control["id"] for control in read.controls} == set(read.labels)
    assert set(read.described) <= set(read.ids)
    assert read.open == []


@pytest.mark.parametrize("key", keys())
def test_a_page_of_questions_is_one_template(key):
    one = load(key).form
    used = []

    def note(sender, template, **_more):
        used.append(template.name)

    template_rendered.connect(note)
    page(one, "organization")
    template_rendered.disconnect(note)
    assert used == ["questionnaires/_fields.html"]


def test_a_page_speaks_spanish():
    one = load("learning-network").form
    with translation.override("es"):
        html = page(one, "organization")
    assert "Nombre de su organización" in html
    assert "Name of your organization" not in html


def test_an_optional_question_says_so_and_a_required_one_has_no_mark():
    one = form(field("a", "short_text", required=True), field("b", "short_text"))
    html = page(one)
    assert html.count("(optional)") == 1
    assert " required" not in html


def test_hint_then_error_stand_above_the_control_and_are_read_with_it():
    one = form(field("a", "email", hint=text("Where we write"), required=True))
    html = page(one, problems=rules.problems(one, {}))
    order = [html.index(part) for part in ("Where we write", "Answer this question.", "<input cl")]
    assert order == sorted(order)
    assert 'aria-describedby="q-a_hint q-a_error" aria-invalid="true"' in html


def test_what_was_typed_is_shown_as_it_was_typed():
    one = form(field("a", "date"), field("b", "number"), field("c", "short_text"))
    html = page(one, answers={"a": "next week", "b": "about 10", "c": '"><b>'})
    assert 'type="text" value="next week"' in html
    assert 'value="about 10"' in html
    assert "&quot;&gt;&lt;b&gt;" in html


def test_autocomplete_tokens_and_number_pads():
    html = page(load("learning-network").form, "organization")
    assert 'autocomplete="organization"' in html
    assert 'autocomplete="postal-code" inputmode="numeric"' in html
    assert 'type="email"' in html
    assert 'type="tel"' in html


def test_words_are_counted_beside_a_long_answer():
    html = page(form(field("a", "long_text", max_words=200)), answers={"a": "one two"})
    assert "2 words. 200 at most." in html
    assert 'for="q-a" data-max="200"' in html


def test_a_wrapper_names_its_question_its_revision_and_its_privacy():
    one = form(
        field("a", "yes_no"),
        field("b", "short_text", show_if={"field": "a", "op": "is", "value": "yes"}),
        private=True,
    )
    html = page(one, revisions={"a": 3}, answers={"a": "yes"})
    assert 'data-field="a" data-rev="3" data-private data-shows' in html
    assert 'data-field="b" data-rev="0" data-private>' in html


TEAM = form(
    field("first", "short_text"),
    field(
        "team",
        "table",
        rows={"max": 3, "item": text("Person")},
        fields=[
            field("name", "short_text"),
            field("roles", "multiple", options=[option("x"), option("z", other=True)]),
            field("lead", "chosen_row"),
        ],
    ),
)
ROWS = [
    {"name": "Dana", "lead": True},
    {"name": "Lee", "roles": ["x", "z"], "roles_other": "Nurse"},
]


def test_a_table_shows_one_empty_row_and_grows_by_a_button_without_script():
    html = page(TEAM)
    assert (html.count("<legend>Person "), html.count('name="_remove"')) == (1, 0)
    back = sent_back(TEAM, html, ("_add", "team"))
    assert (back.values["team"], back.add) == (
        [{"name": "", "roles": [], "roles_other": "", "lead": False}],
        "team",
    )
    grown = page(TEAM, answers={"team": ROWS}, extra_row="team")
    assert (grown.count("<legend>Person "), grown.count('name="_remove"')) == (3, 3)
    assert 'name="_add"' not in grown


def test_a_row_is_taken_out_by_a_button_without_script():
    back = sent_back(TEAM, page(TEAM, answers={"team": ROWS}), ("_remove", "team-0"))
    assert back.removed
    assert cleaned(TEAM, back.values)["team"] == [
        {"name": "Lee", "roles": ["x", "z"], "roles_other": "Nurse"}
    ]


def test_the_enter_key_never_removes_a_row():
    html = page(TEAM, answers={"team": ROWS})
    assert html.index("<button") == html.index('<button type="submit" class="visually-hidden"')


def test_only_questions_that_were_on_the_page_are_read():
    one = form(
        field("a", "yes_no"),
        field("b", "multiple", options=[option("x")]),
        field("c", "short_text", show_if={"field": "a", "op": "is", "value": "yes"}),
        field("d", "upload", slot="letter"),
    )
    back = sent_back(one, page(one, answers={"a": "no", "b": ["x"], "c": "kept"}))
    assert back.values == {"a": "no", "b": ["x"]}


def test_a_box_that_was_cleared_is_an_empty_answer():
    one = form(field("b", "multiple", options=[option("x")]))
    back = submitted(one.section("main"), QueryDict("_rev.b=2"))
    assert (back.values, back.bases) == ({"b": []}, {"b": 2})


def test_autosave_sends_only_what_changed_with_its_own_revision():
    one = form(field("a", "short_text"), field("b", "short_text"))
    data = QueryDict("_rev.a=1&a=new&_changed=a&_rev.a=4&_key=k")
    assert submitted(one.section("main"), data)[:2] == ({"a": "new"}, {"a": 4})


def test_a_field_of_another_section_is_not_read():
    one = form(field("a", "short_text"), {"section": "more"}, field("b", "short_text"))
    data = QueryDict("_rev.a=0&a=1&_rev.b=0&b=2")
    assert submitted(one.section("more"), data).values == {"b": "2"}


def test_uploads_lead_to_their_own_page():
    one = form(field("letter", "upload", slot="letter", required=True))
    place = Place(url="/letters/1/", state="requested", note="We wrote to Dr. Alvarez.")
    html = page(one, places={"letter": place})
    assert 'href="/letters/1/"' in html
    assert "Requested" in html
    assert "We wrote to Dr. Alvarez." in html


def test_a_hidden_section_has_no_controls():
    one = form(
        field("a", "yes_no"),
        {"section": "more", "show_if": {"field": "a", "op": "is", "value": "yes"}},
        field("b", "short_text"),
    )
    assert controls(one, "more", {"a": "no"}, revisions={}) == []


def test_an_empty_grid_says_what_to_do_first():
    one = load("learning-network").form
    assert "Answer the question above first." in page(one, "data")


@pytest.mark.parametrize("key", keys())
def test_each_problem_links_to_a_control_on_its_page(key):
    one = load(key).form
    answers = {"team": [{"title": "x"}], "data_collected": ["race"], "partners": [{"name": "x"}]}
    answers |= {"organization_type": "other", "senior_leader": {"title": "x"}}
    problems = rules.problems(one, answers)
    for section in rules.visible(one, answers):
        here = [problem for problem in problems if problem.section == section]
        ids = Browser(page(one, section, answers, problems=here)).ids
        assert {error["target"] for error in errors(one, here)} <= set(ids)


def test_a_problem_inside_a_table_is_named_by_its_row_and_column():
    problems = [rules.Problem("main", "team", "required", (1, "name"))]
    assert errors(TEAM, problems) == [
        {
            "text": "Label of team Person 2, Label of name: Answer this question.",
            "target": "q-team-1-name",
        }
    ]


def test_other_words_come_and_go_with_their_question():
    one = form(field("a", "single", options=[option("x"), option("z", other=True)]))
    html = page(one, answers={"a": "z", "a_other": "Dental"})
    assert sent_back(one, html).values == {"a": "z", "a" + OTHER: "Dental"}
