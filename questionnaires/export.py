"""Answers as columns with stable codes, and the book that says what each code means.

One sheet has a line per response. A table of rows has a sheet of its own, with a line per row
and the reference of its response. Hidden answers are left out, as everywhere. Consent is never
among them: it has a room of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override

from questionnaires.rules import Answers, visible_answers
from questionnaires.schema import OTHER, Field, Form, Kind
from questionnaires.summary import words
from questionnaires.walk import Leaf, leaves
from questionnaires.wording import condition_words

Cell = str | int | float | None
SEPARATOR = "; "
ROWS = ".rows"


@dataclass
class Column:
    """versions: the numbers of the versions that ask it, with the leaf as each asks it."""

    code: str
    versions: dict[int, Leaf] = field(default_factory=dict)

    @property
    def newest(self) -> Leaf:
        return self.versions[max(self.versions)]

    @property
    def counts_rows(self) -> bool:
        return self.code.endswith(ROWS)

    def label(self, language: str) -> str:
        leaf = self.newest
        return leaf.field.label.to(language) if self.counts_rows else leaf.label(language)


@dataclass(frozen=True)
class Entry:
    """A line of the codebook: one code in one version of the form."""

    code: str
    version: int
    section: str
    label_en: str
    label_es: str
    kind: str
    required: bool
    private: bool
    unit: str
    options: tuple[tuple[str, str, str], ...]  # code, English, Spanish
    shown_if: str


def columns(versions: Mapping[int, Form], *, private: bool = False) -> list[Column]:
    """The columns of the main sheet, over all these versions, in the newest one's order."""
    found: dict[str, Column] = {}
    for number in sorted(versions, reverse=True):
        for leaf in _exported(versions[number], private):
            code = leaf.field.code + ROWS if leaf.in_table else leaf.code
            found.setdefault(code, Column(code)).versions.setdefault(number, leaf)
    return list(found.values())


def sheets(versions: Mapping[int, Form], *, private: bool = False) -> dict[str, list[Column]]:
    """By the code of each table: the columns of its own sheet."""
    found: dict[str, dict[str, Column]] = {}
    for number in sorted(versions, reverse=True):
        for leaf in _exported(versions[number], private):
            if leaf.in_table:
                sheet = found.setdefault(leaf.field.code, {})
                sheet.setdefault(leaf.code, Column(leaf.code)).versions[number] = leaf
    return {code: list(sheet.values()) for code, sheet in found.items()}


def _codes(form: Form, private: bool) -> Iterator[str]:
    for leaf in _exported(form, private):
        yield leaf.field.code + ROWS if leaf.in_table else leaf.code


def _exported(form: Form, private: bool, answers: Answers | None = None) -> Iterator[Leaf]:
    for leaf in leaves(form, answers):
        if leaf.field.kind != Kind.CONSENT and (private or not leaf.section.private):
            yield leaf


def cells(
    form: Form,
    answers: Answers,
    *,
    elsewhere: Mapping[str, str] | None = None,
    private: bool = False,
    worded: bool = False,
) -> dict[str, Cell]:
    """One line of the main sheet, by column code: codes and numbers, or words if `worded`.

    elsewhere: words for uploads and videos, by question.
    """
    shown, given = visible_answers(form, answers), elsewhere or {}
    line: dict[str, Cell] = dict.fromkeys(_codes(form, private))
    for leaf in _exported(form, private, answers):
        code, answer = leaf.field.code, shown.get(leaf.field.code)
        if leaf.in_table:
            line[code + ROWS] = len(answer) if isinstance(answer, list) else None
        elif code in given:
            line[code] = given[code]
        else:
            value = leaf.value(answer, shown.get(code + OTHER))
            line[leaf.code] = _cell(leaf, value, worded)
    return line


def rows(
    form: Form, table: str, answers: Answers, *, worded: bool = False
) -> list[dict[str, Cell]]:
    """The lines of a table's own sheet."""
    asked = [leaf for leaf in leaves(form) if leaf.in_table and leaf.field.code == table]
    answer = visible_answers(form, answers).get(table)
    return [
        {leaf.code: _cell(leaf, leaf.value(row), worded) for leaf in asked}
        for row in (answer if isinstance(answer, list) else [])
    ]


def _cell(leaf: Leaf, value: Any, worded: bool) -> Cell:
    if value is None or leaf.own_words or leaf.part:
        return value
    if worded:
        return SEPARATOR.join(words(leaf.asked, value))
    match leaf.asked.kind:
        case Kind.MULTIPLE:
            return SEPARATOR.join(value)
        case Kind.CHOSEN_ROW:
            return "yes"
        case Kind.ACKNOWLEDGEMENT:
            return str(value["text"])
    return value if isinstance(value, int | float) else str(value)


def codebook(versions: Mapping[int, Form], *, private: bool = False) -> list[Entry]:
    """What each code means in each version that asks it: words, kind, options, condition."""
    book = [one for one in columns(versions, private=private) if not one.counts_rows]
    for sheet in sheets(versions, private=private).values():
        book += sheet
    return [
        _entry(column.code, number, leaf, versions[number])
        for column in book
        for number, leaf in sorted(column.versions.items())
    ]


def _entry(code: str, number: int, leaf: Leaf, form: Form) -> Entry:
    asked = leaf.asked
    text = leaf.own_words or bool(leaf.part)
    with override("en"):
        conditions = [leaf.section.show_if, leaf.field.show_if]
        shown_if = "; ".join(condition_words(one, form) for one in conditions if one)
    return Entry(
        code=code,
        version=number,
        section=leaf.section.title.en,
        label_en=leaf.label("en"),
        label_es=leaf.label("es"),
        kind="text" if text else str(asked.kind),
        required=asked.required and not text,
        private=leaf.section.private,
        unit=asked.unit.en if asked.unit else "",
        options=() if text else _options(asked),
        shown_if=shown_if,
    )


def _options(asked: Field) -> tuple[tuple[str, str, str], ...]:
    if asked.scale is None:
        return tuple((one.code, one.label.en, one.label.es) for one in asked.choices)
    scale = asked.scale
    labels = dict(enumerate(scale.points, start=scale.min))
    labels = labels or {scale.min: scale.low, scale.max: scale.high}
    found = [(str(point), words.en, words.es) for point, words in labels.items()]
    if scale.not_applicable:
        found.append(("na", "Does not apply", "No corresponde"))
    return tuple(found)
