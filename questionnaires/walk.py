"""One way through a form, for everything that shows, checks, prints or exports it.

`questions` goes question by question, `leaves` down to the smallest thing that a person fills
in: a part of a contact, a column of a table, one cell of a grid, the words beside “Other”.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from questionnaires.rules import Answers, grid_items, visible
from questionnaires.schema import OTHER, Field, Form, Kind, Option, Section, Text

PART_WORDS = {
    "name": Text(en="Name", es="Nombre"),
    "title": Text(en="Job title", es="Cargo"),
    "email": Text(en="Email", es="Correo electrónico"),
    "phone": Text(en="Phone", es="Teléfono"),
}
WHICH_OTHER = Text(en="Which other?", es="¿Cuál otro?")


@dataclass(frozen=True)
class Leaf:
    """The smallest thing that is filled in. Its code is stable: `team.name`, `data.race.known`.

    field: the question. inner: a column of its table or grid. item: of a grid. part: of a
    contact. own_words: the box beside an option “Other”.
    """

    section: Section
    field: Field
    inner: Field | None = None
    item: Option | None = None
    part: str = ""
    own_words: bool = False

    @property
    def code(self) -> str:
        steps = [self.field.code]
        steps += [self.item.code] if self.item else []
        steps += [self.inner.code] if self.inner else [self.part] if self.part else []
        return ".".join(steps) + (OTHER if self.own_words else "")

    @property
    def asked(self) -> Field:
        """What knows the kind, the options and the limits."""
        return self.inner or self.field

    @property
    def in_table(self) -> bool:
        return self.field.kind == Kind.TABLE

    @property
    def labels(self) -> tuple[Text, ...]:
        """From the question down to this leaf; each in both languages."""
        found = [self.field.label]
        found += [self.item.label] if self.item else []
        found += [self.inner.label] if self.inner else []
        found += [PART_WORDS[self.part]] if self.part else []
        return (*found, WHICH_OTHER) if self.own_words else tuple(found)

    def label(self, language: str) -> str:
        return ": ".join(words.to(language) for words in self.labels)

    def value(self, answer: Any, other: Any = None) -> Any:
        """What stands here in the question's answer. In a table: in one row of it."""
        if self.own_words and self.inner is None:
            return other
        if self.field.kind == Kind.GRID:
            rows = answer if isinstance(answer, dict) else {}
            answer = rows.get(self.item.code) if self.item else None
        if self.inner is None and not self.part:
            return answer
        key = self.part or (self.inner.code if self.inner else "")
        key += OTHER if self.own_words else ""
        return answer.get(key) if isinstance(answer, dict) else None


def questions(form: Form, answers: Answers | None = None) -> Iterator[tuple[Section, Field]]:
    """Every section and question in order; with answers, only what these show."""
    shown = None if answers is None else visible(form, answers)
    for section in form.sections:
        fields = section.fields if shown is None else shown.get(section.code, ())
        for field in fields:
            yield section, field


def leaves(form: Form, answers: Answers | None = None) -> Iterator[Leaf]:
    """Every smallest part in order; with answers, only what these show."""
    for section, field in questions(form, answers):
        if field.kind == Kind.INFO:
            continue
        if field.kind == Kind.CONTACT:
            yield from (Leaf(section, field, part=part) for part in field.parts)
        elif field.kind == Kind.TABLE:
            for inner in field.fields:
                yield from _with_own_words(Leaf(section, field, inner))
        elif field.kind == Kind.GRID:
            for item in items(field, form, answers):
                for inner in field.fields:
                    yield from _with_own_words(Leaf(section, field, inner, item))
        else:
            yield from _with_own_words(Leaf(section, field))


def _with_own_words(leaf: Leaf) -> Iterator[Leaf]:
    yield leaf
    if leaf.asked.other:
        yield Leaf(leaf.section, leaf.field, leaf.inner, leaf.item, own_words=True)


def items(field: Field, form: Form, answers: Answers | None = None) -> tuple[Option, ...]:
    """What a grid asks about: with answers, what was ticked; without, all that could be."""
    if not field.items_from:
        return field.items
    source = [one for one in form.by_code[field.items_from].options if not one.exclusive]
    if answers is None:
        return tuple(source)
    ticked = {code for code, _label in grid_items(field, form, answers)}
    return tuple(one for one in source if one.code in ticked)
