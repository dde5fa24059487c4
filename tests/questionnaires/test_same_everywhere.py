"""One schema drives every representation: each shows the same parts of every form.

To have a further one judged, add a line to REPRESENTATIONS: a function that takes the form and
its answers and returns the codes (of questionnaires.walk.leaves) that it found by itself, and
the kinds that it leaves out by design.
"""

import re
from functools import cache
from html import unescape
from io import BytesIO

import pikepdf
import pytest
from django.template.loader import render_to_string

from collaboratives.blueprints import keys, load
from documents import boxes
from questionnaires import export, paper
from questionnaires.answers import LONG, clean, clean_other
from questionnaires.as_json import answers_json, form_json
from questionnaires.forms import controls, submitted
from questionnaires.paper.reading import Filled, Stamp, read
from questionnaires.rules import problems, visible
from questionnaires.schema import ANSWERLESS, KEPT_ELSEWHERE, OTHER, Kind
from questionnaires.summary import summary, words
from questionnaires.walk import leaves
from tests.questionnaires.papers import blank, boxes_for, filled_by_pypdf, names_of
from tests.questionnaires.samples import Browser, complete_answers, uploads

WORDS_OF_FILES = "letter.pdf (Received)"


def elsewhere(form):
    return {code: f"{WORDS_OF_FILES} {code}" for code in uploads(form)}


def with_own_words(form):
    """Every question answered; where one may name another, it does."""
    answers, given = complete_answers(form), {}
    for leaf in leaves(form, answers):
        if leaf.own_words:
            row = answers if leaf.inner is None else answers[leaf.field.code][0]
            named(row, leaf)
            given[leaf.field.code] = answers[leaf.field.code]
            if leaf.inner is None:
                given[leaf.code] = answers[leaf.code]
    return complete_answers(form, **given)


def named(row, leaf):
    """Tick “Other” beside what is ticked, and say which."""
    asked, code = leaf.asked, leaf.asked.other.code
    row[asked.code + OTHER] = f"own words of {leaf.code}"
    if asked.kind == Kind.MULTIPLE:
        most = int(asked.max or len(asked.choices)) - 1
        row[asked.code] = [*row[asked.code][:most], code]
    else:
        row[asked.code] = code


def name_of(leaf):
    """Of the control on a page that asks for it, in the first row."""
    if leaf.asked.kind == Kind.CHOSEN_ROW:
        return f"{leaf.field.code}-{leaf.inner.code}"
    row = "-0-" if leaf.in_table else "-"
    return leaf.code.replace(".", row, 1).replace(".", "-")


def on_the_page(form, answers):
    """By the names of its controls; files by their place."""
    found, known = set(), {name_of(leaf): leaf.code for leaf in leaves(form, answers)}
    for code in visible(form, answers):
        steps = controls(form, code, answers, revisions={})
        html = render_to_string("questionnaires/_fields.html", {"controls": steps})
        read = Browser(html)
        names = {re.sub(r"-\d+-", "-0-", str(one["name"])) for one in read.controls}
        found |= {known.get(name, name) for name in names}
        places = {code.removeprefix("q-") for code in read.ids} & {
            one.code for one in form.fields() if one.kind in KEPT_ELSEWHERE
        }
        found |= places
    return found


def sent_back(form, answers):
    """By what the page's form sends, read again."""
    found = set()
    for code in visible(form, answers):
        section = form.section(code)
        steps = controls(form, code, answers, revisions={})
        html = render_to_string("questionnaires/_fields.html", {"controls": steps})
        sent = submitted(section, Browser(html).data()).values
        for leaf in leaves(form, answers):
            value = sent.get(leaf.field.code)
            row = value[0] if leaf.in_table and value else value
            if leaf.value(row, sent.get(leaf.field.code + OTHER)) not in (None, "", []):
                found.add(leaf.code)
    return found


def on_the_check_page(form, answers):
    """By label and answer, within the block of the question."""
    blocks = {}
    for part in summary(form, answers, elsewhere=elsewhere(form), private=True):
        html = render_to_string("questionnaires/_summary.html", {"part": part})
        for block in html.split('<div id="a-')[1:]:
            blocks[block.partition('"')[0]] = unescape(block)
    found = set(blocks) - set(form.by_code)
    for leaf in leaves(form, answers):
        block = blocks.get(leaf.field.code, "")
        labels = [str(leaf.field.label), *([str(leaf.inner.label)] if leaf.inner else [])]
        labels += [str(leaf.item.label)] if leaf.item else []
        told = answer_words(leaf, answers, form)
        if all(one in block for one in [*labels, *told]) and told:
            found.add(leaf.code)
    return found


def answer_words(leaf, answers, form):
    if leaf.field.kind in KEPT_ELSEWHERE:
        return [elsewhere(form)[leaf.field.code]] if leaf.field.code in elsewhere(form) else []
    answer = answers.get(leaf.field.code)
    row = answer[0] if leaf.in_table else answer
    value = leaf.value(row, answers.get(leaf.field.code + OTHER))
    if leaf.own_words or leaf.part:
        return [value] if value else []
    lines = words(leaf.asked, value, leaf.value(row) if leaf.own_words else None)
    return [line.replace("\n", "<br>") for line in lines]


SPOILED = {
    Kind.SHORT_TEXT: "x" * (LONG + 1),
    Kind.LONG_TEXT: "word " * LONG,
    Kind.EMAIL: "nobody",
    Kind.PHONE: "no digits",
    Kind.URL: "not an address",
    Kind.DATE: "next week",
    Kind.NUMBER: "many",
    Kind.SINGLE: "nothing_listed",
    Kind.YES_NO: "nothing_listed",
    Kind.MULTIPLE: ["nothing_listed"],
    Kind.SCALE: "nothing_listed",
}


def in_validation(form, answers):
    """Spoil one part after the other: submission must refuse that very part."""
    found = {leaf.code for leaf in leaves(form, answers) if refused(leaf, form, answers)}
    return (
        found
        | {p.field for p in problems(form, answers) if p.field in uploads(form)}
        | {
            code
            for code in uploads(form)
            if not form.by_code[code].required and not problems(form, answers, uploads(form))
        }
    )


def refused(leaf, form, answers):
    if leaf.field.kind in ANSWERLESS:
        return False
    answer = answers.get(leaf.field.code)
    bad = "x" * (LONG + 1) if leaf.own_words else SPOILED.get(leaf.asked.kind)
    if leaf.part:
        bad = {"email": "nobody", "phone": "no digits"}.get(leaf.part, "x" * (LONG + 1))
    if leaf.asked.kind == Kind.ACKNOWLEDGEMENT:
        left = {code: value for code, value in answers.items() if code != leaf.code}
        return not leaf.asked.required or any(p.field == leaf.code for p in problems(form, left))
    if leaf.own_words and leaf.inner is None:
        issues = clean_other(bad).issues
        return bool(issues) and any(
            p.at == (leaf.code,) for p in problems(form, {**answers, leaf.code: bad})
        )
    if leaf.inner is None and not leaf.part:
        return bool(clean(leaf.field, bad).issues)
    key = leaf.part or leaf.inner.code + (OTHER if leaf.own_words else "")
    if leaf.part:
        spoiled, at = {**answer, key: bad}, (key,)
    elif leaf.item:
        spoiled = {**answer, leaf.item.code: {**answer[leaf.item.code], key: bad}}
        at = (leaf.item.code, key)
    elif leaf.asked.kind == Kind.CHOSEN_ROW:
        spoiled, at = [{**row, key: True} for row in answer], (key,)
    else:
        spoiled, at = [{**answer[0], key: bad}, *answer[1:]], (0, key)
    return any(issue.at == at for issue in clean(leaf.field, spoiled).issues)


def in_the_export(form, answers):
    """By the columns that hold something, in the main sheet and in those of the tables."""
    line = export.cells(form, answers, elsewhere=elsewhere(form), private=True)
    assert set(line) == {one.code for one in export.columns({1: form}, private=True)}
    found = {
        code for code, cell in line.items() if cell is not None and not code.endswith(export.ROWS)
    }
    for table, columns in export.sheets({1: form}, private=True).items():
        lines = export.rows(form, table, answers)
        assert line[table + export.ROWS] == (len(lines) or None)
        assert all(set(row) == {one.code for one in columns} for row in lines)
        found |= {code for row in lines for code, cell in row.items() if cell is not None}
    return found


def in_the_codebook(form, answers):
    """All that could be asked is explained; here: what these answers were asked."""
    listed = {entry.code for entry in export.codebook({1: form}, private=True)}
    every = {leaf.code for leaf in leaves(form)}
    asked = {leaf.code for leaf in leaves(form, answers)}
    return (listed & asked) | (listed - every)


def in_the_json(form, answers):
    told = answers_json(form, answers, version=1, elsewhere=elsewhere(form), private=True)
    questions = {q["code"]: q for part in told["sections"] for q in part["questions"]}
    found = set(questions) - set(form.by_code)
    for leaf in leaves(form, answers):
        question = questions.get(leaf.field.code)
        if question is None:
            continue
        value = question["value"]
        row = value[0] if leaf.in_table else value
        if leaf.value(row, question.get("other")) is not None:
            found.add(leaf.code)
    return found


def in_the_schema(form, answers):
    """The form itself, sent out as JSON and read again."""
    again = type(form).model_validate({"sections": form_json(form, version=1)["sections"]})
    assert again == form
    return {leaf.code for leaf in leaves(again, answers)}


def on_paper(form, answers):
    """By the names of the boxes of the blank form, which prints every question."""
    every = {name_of(leaf): leaf.code for leaf in leaves(form)}
    asked = {leaf.code for leaf in leaves(form, answers)}
    names = {name for name in names_of(drawn(form)) if not name.startswith("_")}
    plain = {re.sub(r"-\d+-", "-0-", name.partition(paper.TICKED)[0]) for name in names}
    listed = {every.get(name, name) for name in plain}
    return (listed & asked) | (listed - set(every.values()))


def read_from_paper(form, answers):
    """Filled in by another program, and read again."""
    content = filled_by_pypdf(drawn(form), boxes_for(form, answers))
    with pikepdf.open(BytesIO(content)) as document:
        found = boxes.values(document)
    stamp = found.pop(paper.STAMP).split("/")
    reading = read(form, Filled(Stamp(*stamp[:2], int(stamp[2]), stamp[3]), found, None))
    assert reading.unread == ()
    told = set()
    for leaf in leaves(form, answers):
        value = reading.values.get(leaf.field.code)
        row = value[0] if leaf.in_table and value else value
        if leaf.value(row, reading.values.get(leaf.field.code + OTHER)) not in (None, "", []):
            told.add(leaf.code)
    return told | (set(reading.values) - set(answers))


@cache
def drawn(form):
    return blank(form)


# What is judged: how it finds its fields, and the kinds it leaves out by design.
CONSENT = frozenset({Kind.CONSENT})
REPRESENTATIONS = {
    "page": (on_the_page, frozenset()),
    "page sent back": (sent_back, frozenset(KEPT_ELSEWHERE)),
    "check page": (on_the_check_page, CONSENT),
    "validation": (in_validation, CONSENT),
    "export": (in_the_export, CONSENT),
    "codebook": (in_the_codebook, CONSENT),
    "json of answers": (in_the_json, CONSENT),
    "json of the form": (in_the_schema, frozenset()),
    "blank PDF": (on_paper, frozenset(KEPT_ELSEWHERE)),
    "filled PDF": (read_from_paper, frozenset(KEPT_ELSEWHERE)),
}


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_the_same_fields_everywhere(key, name):
    form = load(key).form
    answers = with_own_words(form)
    find, left_out = REPRESENTATIONS[name]
    expected = {leaf.code for leaf in leaves(form, answers) if leaf.field.kind not in left_out}
    assert len(expected) > 15
    assert find(form, answers) == expected


@pytest.mark.parametrize("key", keys())
def test_hidden_answers_are_left_out_everywhere(key):
    form = load(key).form
    kept = with_own_words(form)
    shown = visible(form, {})
    hidden = set(form.by_code) - {one.code for fields in shown.values() for one in fields}
    only_hidden = {code: value for code, value in kept.items() if code in hidden}
    line = export.cells(form, only_hidden, private=True)
    assert not any(line[code] for code in line if code.partition(".")[0] in hidden)
    told = answers_json(form, only_hidden, version=1, private=True)
    assert not hidden & {q["code"] for part in told["sections"] for q in part["questions"]}
    parts = summary(form, only_hidden, private=True)
    assert not hidden & {line.code for part in parts for line in part.lines}


def test_a_private_section_and_consent_are_not_exported_unasked():
    form = load("learning-network").form
    private = {one.code for s in form.sections if s.private for one in s.fields}
    assert private
    assert not private & {one.code for one in export.columns({1: form})}
    told = answers_json(form, with_own_words(form), version=1)
    assert not private & {q["code"] for part in told["sections"] for q in part["questions"]}
