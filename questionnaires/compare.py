"""What differs between two versions of a form, and what answers survive the change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from questionnaires.answers import clean
from questionnaires.rules import Answers, visible
from questionnaires.schema import ANSWERLESS, OTHER, Field, Form, Kind, Section, Text


class Change(StrEnum):
    REMOVED = "removed"
    ADDED = "added"
    KIND = "kind"
    OPTIONS = "options"  # options or items came or went
    COLUMNS = "columns"  # of a table, grid or contact
    REQUIRED = "required"  # asked for now
    OPTIONAL = "optional"  # not asked for any more
    CONDITION = "condition"
    LIMITS = "limits"  # words, numbers, rows, files
    WORDS = "words"
    MOVED = "moved"


@dataclass(frozen=True)
class Difference:
    """How one question or section differs. gone and come: the words before and after."""

    field: str
    change: Change
    label: Text
    gone: tuple[Text, ...] = ()
    come: tuple[Text, ...] = ()
    is_section: bool = False


LIMITS = (
    "max_words", "min_length", "max_length", "format", "min", "max", "decimals", "scale",
    "rows", "different_from", "unique", "slot", "max_minutes", "shown_as", "items_from",
)  # fmt: skip


def differences(before: Form, after: Form) -> list[Difference]:
    """What changed from one version to the next: what is gone, then section by section."""
    return [*_sections_gone(before, after), *_gone(before, after), *_changed(before, after)]


def _sections_gone(before: Form, after: Form) -> Iterator[Difference]:
    for section in before.sections:
        if after.section(section.code) is None:
            yield Difference(section.code, Change.REMOVED, section.title, is_section=True)


def _gone(before: Form, after: Form) -> Iterator[Difference]:
    for field in before.fields():
        if field.code not in after.by_code:
            yield Difference(field.code, Change.REMOVED, field.label)


def _changed(before: Form, after: Form) -> Iterator[Difference]:
    moved = _moved([one.code for one in before.fields()], [one.code for one in after.fields()])
    moved_sections = _moved([s.code for s in before.sections], [s.code for s in after.sections])
    for section in after.sections:
        yield from _section(before.section(section.code), section, moved_sections)
        for field in section.fields:
            old = before.by_code.get(field.code)
            if old is None:
                yield Difference(field.code, Change.ADDED, field.label)
                continue
            yield from _question(old, field)
            home = before.section_of(field.code)
            if field.code in moved or (home is not None and home.code != section.code):
                yield Difference(field.code, Change.MOVED, field.label)


def _section(old: Section | None, new: Section, moved: set[str]) -> Iterator[Difference]:
    def found(
        change: Change, gone: tuple[Text, ...] = (), come: tuple[Text, ...] = ()
    ) -> Difference:
        return Difference(new.code, change, new.title, gone, come, is_section=True)

    if old is None:
        yield found(Change.ADDED)
        return
    if (old.title, old.hint) != (new.title, new.hint):
        yield found(Change.WORDS, _texts(old.title, old.hint), _texts(new.title, new.hint))
    if old.show_if != new.show_if:
        yield found(Change.CONDITION)
    if new.code in moved:
        yield found(Change.MOVED)


def _question(old: Field, new: Field) -> Iterator[Difference]:
    if old.kind != new.kind:
        yield Difference(new.code, Change.KIND, new.label)
        return
    for one, two in ((old.options, new.options), (old.items, new.items)):
        gone, come = ({option.code: option.label for option in side} for side in (one, two))
        if gone.keys() != come.keys():
            yield Difference(
                new.code,
                Change.OPTIONS,
                new.label,
                tuple(label for code, label in gone.items() if code not in come),
                tuple(label for code, label in come.items() if code not in gone),
            )
    if columns := _columns(old, new):
        yield columns
    if old.required != new.required:
        yield Difference(new.code, Change.REQUIRED if new.required else Change.OPTIONAL, new.label)
    if old.show_if != new.show_if:
        yield Difference(new.code, Change.CONDITION, new.label)
    if any(getattr(old, name) != getattr(new, name) for name in LIMITS):
        yield Difference(new.code, Change.LIMITS, new.label)
    left, right = _words(old, new), _words(new, old)
    if left != right:
        gone_words = tuple(text for text in left if text not in right)
        come_words = tuple(text for text in right if text not in left)
        yield Difference(new.code, Change.WORDS, new.label, gone_words, come_words)


def _columns(old: Field, new: Field) -> Difference | None:
    """Columns that came, went, or changed in a way that matters to answers."""
    before, after = ({one.code: one for one in side.fields} for side in (old, new))
    deep = any(
        difference.change != Change.WORDS
        for code in before.keys() & after.keys()
        for difference in _question(before[code], after[code])
    )
    if before.keys() == after.keys() and not deep and old.parts == new.parts:
        return None
    return Difference(
        new.code,
        Change.COLUMNS,
        new.label,
        tuple(one.label for code, one in before.items() if code not in after),
        tuple(one.label for code, one in after.items() if code not in before),
    )


def _words(field: Field, other: Field) -> tuple[Text, ...]:
    """All its words, but of options and columns only those that both versions have."""
    both = {one.code for one in (*other.options, *other.items)}
    texts = [field.label, field.hint, field.text, field.unit, *field.prompts]
    texts += [field.rows.item] if field.rows else []
    for option in (*field.options, *field.items):
        if option.code in both:
            texts += [option.label, option.hint]
    if field.scale is not None:
        texts += [field.scale.low, field.scale.high, *field.scale.points]
    columns = {one.code: one for one in other.fields}
    for inner in field.fields:
        if inner.code in columns:
            texts += _words(inner, columns[inner.code])
    return _texts(*texts)


def _texts(*texts: Text | None) -> tuple[Text, ...]:
    return tuple(text for text in texts if text is not None)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest that must have moved for the rest to be in the same order."""
    places = {code: place for place, code in enumerate(before)}
    common = [code for code in after if code in places]
    best: list[list[str]] = []
    for at, code in enumerate(common):
        ahead = (best[i] for i in range(at) if places[best[i][-1]] < places[code])
        best.append([*max(ahead, key=len, default=[]), code])
    kept = max(best, key=len, default=[])
    return set(common) - set(kept)


class Carried(NamedTuple):
    """answers: as the new form keeps them. changed: by key, what it can't hold as it was.

    hidden: answered questions that the new form does not ask or does not show.
    """

    answers: dict[str, Any]
    changed: dict[str, Any]
    hidden: tuple[str, ...]

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Answers that the new form can't hold at all."""
        return tuple(key for key in self.changed if key not in self.answers)


def carried(before: Form, after: Form, answers: Answers) -> Carried:
    """What becomes of answers when their form changes. Nothing is lost: see `Carried`."""
    kept: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    for key, value in answers.items():
        field = after.by_answer.get(key)
        if field is None or key == field.code + OTHER:
            kept[key] = value
            continue
        was = before.by_code.get(field.code)
        fits = was is not None and _alike(was, field)
        fitting = clean(field, value).value if fits else None
        if fitting is not None:
            kept[key] = fitting
        if fitting != value:
            changed[key] = fitting
    shown = {one.code for fields in visible(after, kept).values() for one in fields}
    hidden = tuple(
        one.code
        for fields in visible(before, answers).values()
        for one in fields
        if one.kind not in ANSWERLESS and one.code in answers and one.code not in shown
    )
    return Carried(kept, changed, hidden)


TYPED = frozenset(
    {
        Kind.SHORT_TEXT,
        Kind.LONG_TEXT,
        Kind.EMAIL,
        Kind.PHONE,
        Kind.URL,
        Kind.DATE,
        Kind.NUMBER,
    }
)
CHOSEN = frozenset({Kind.SINGLE, Kind.YES_NO})


def _alike(one: Field, two: Field) -> bool:
    """Whether an answer to the first can stand as one to the second."""
    return one.kind == two.kind or any({one.kind, two.kind} <= kinds for kinds in (TYPED, CHOSEN))


def losing(before: Form, after: Form, answers: Answers) -> set[str]:
    """Questions whose answer, or a part of it, would no longer be sent."""
    found = carried(before, after, answers)
    lost = {key for key, value in found.changed.items() if value != answers.get(key)}
    return lost | set(found.hidden)
