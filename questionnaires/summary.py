"""Answers in words: for check pages, readers, documents, exports and conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from questionnaires.answers import as_date
from questionnaires.rules import Answers, grid_items, visible
from questionnaires.schema import OTHER, Field, Form, Kind, Section

PARTS = ("name", "title", "email", "phone")


@dataclass(frozen=True)
class Entry:
    """One row of a table or one item of a grid: what it is, and its answers."""

    title: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """One question and its answer. lines: the answer; entries: instead, for tables and grids."""

    code: str
    label: str
    kind: str
    required: bool
    lines: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.lines or self.entries)


@dataclass(frozen=True)
class SectionSummary:
    section: Section
    lines: tuple[Line, ...]


def summary(
    form: Form,
    answers: Answers,
    *,
    elsewhere: Mapping[str, str] | None = None,
    private: bool = False,
) -> list[SectionSummary]:
    """Every visible question with its answer, in the active language.

    elsewhere: words for what is kept in other rows (uploads, videos), by field code. private:
    with the sections that reviewers never see; consent is never shown.
    """
    shown = []
    for code, fields in visible(form, answers).items():
        section = form.section(code)
        assert section is not None
        if section.private and not private:
            continue
        lines = tuple(
            answer_line(field, form, answers, elsewhere)
            for field in fields
            if field.kind not in (Kind.INFO, Kind.CONSENT)
        )
        if lines:
            shown.append(SectionSummary(section, lines))
    return shown


def answer_line(
    field: Field, form: Form, answers: Answers, elsewhere: Mapping[str, str] | None = None
) -> Line:
    """One question with its answer; elsewhere as in `summary`."""
    value = answers.get(field.code)
    lines: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    if elsewhere and field.code in elsewhere:
        lines = (elsewhere[field.code],)
    elif field.kind == Kind.TABLE and isinstance(value, list):
        entries = tuple(_row(field, row, number) for number, row in enumerate(value, start=1))
    elif field.kind == Kind.GRID and isinstance(value, dict):
        entries = tuple(
            Entry(str(label), _pairs(field.fields, value[item]))
            for item, label in grid_items(field, form, answers)
            if item in value
        )
    else:
        lines = tuple(words(field, value, answers.get(field.code + OTHER)))
    return Line(field.code, str(field.label), field.kind, field.required, lines, entries)


def _row(field: Field, row: Mapping[str, Any], number: int) -> Entry:
    assert field.rows is not None
    return Entry(f"{field.rows.item} {number}", _pairs(field.fields, row))


def _pairs(fields: tuple[Field, ...], row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(one.label), ", ".join(words(one, row[one.code], row.get(one.code + OTHER))))
        for one in fields
        if one.code in row
    )


def words(field: Field, value: Any, other: str | None = None) -> list[str]:
    """An answer as lines of text; none when there is no answer. Not for tables and grids."""
    if value is None:
        return []
    match field.kind:
        case Kind.SINGLE | Kind.YES_NO:
            return [_option(field, str(value), other)]
        case Kind.MULTIPLE:
            return [_option(field, code, other) for code in value]
        case Kind.SCALE:
            return [_point(field, value)]
        case Kind.NUMBER if field.unit:
            return [f"{value} {field.unit}"]
        case Kind.DATE:
            day = as_date(value)
            return [formats.date_format(day, "DATE_FORMAT") if day else str(value)]
        case Kind.CONTACT:
            return [value[part] for part in PARTS if part in value]
        case Kind.ACKNOWLEDGEMENT:
            return [_("Agreed: %(text)s") % {"text": value["text"]}]
        case Kind.CHOSEN_ROW:
            return [_("Yes")]
    return [str(value)]


def plain(field: Field, value: Any, other: str | None = None, *, form: Form | None = None) -> str:
    """An answer as one text: for exports and for showing two versions side by side.

    form: names the items of a grid that takes them from another question.
    """
    if field.kind == Kind.TABLE and isinstance(value, list):
        rows = [_row(field, row, number) for number, row in enumerate(value, start=1)]
        return "\n".join(_in_one_line(row) for row in rows)
    if field.kind == Kind.GRID and isinstance(value, dict):
        source = form.by_code[field.items_from] if form and field.items_from else None
        items = source.options if source else field.items
        labels = {item.code: str(item.label) for item in items}
        return "\n".join(
            _in_one_line(Entry(labels.get(str(item), str(item)), _pairs(field.fields, row)))
            for item, row in value.items()
        )
    separator = ", " if field.kind in (Kind.MULTIPLE, Kind.CONTACT) else "\n"
    return separator.join(words(field, value, other))


def _in_one_line(entry: Entry) -> str:
    return f"{entry.title}: " + "; ".join(f"{label}: {text}" for label, text in entry.pairs)


def _option(field: Field, code: str, other: str | None) -> str:
    option = next((one for one in field.choices if one.code == code), None)
    if option is None:
        return code
    return f"{option.label}: {other}" if option.other and other else str(option.label)


def _point(field: Field, value: Any) -> str:
    scale = field.scale
    assert scale is not None
    if value == "na":
        return _("Does not apply")
    if scale.points:
        return f"{value}: {scale.points[value - scale.min]}"
    return _("%(value)s of %(most)s") % {"value": value, "most": scale.max}
