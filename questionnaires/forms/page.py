"""A section as a page: its controls as flat plain data.

The template is one loop over `Control`s, without a template per widget: that is what makes a
page of questions cheap. Groups, tables and grids open and close within the same flat list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires.answers import word_count
from questionnaires.forms.parts import Choice, Control, Place
from questionnaires.rules import Answers, Problem, grid_items, say, visible
from questionnaires.schema import KEPT_ELSEWHERE, OTHER, Field, Form, Kind, Section

INPUT_TYPES = {
    Kind.EMAIL: ("email", "email"),
    Kind.PHONE: ("tel", "tel"),
    Kind.URL: ("url", "url"),
    Kind.DATE: ("date", ""),
}
PART_LABELS = {
    "name": gettext_lazy("Name"),
    "title": gettext_lazy("Job title"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
}
PART_TOKENS = {"name": "name", "title": "organization-title", "email": "email", "phone": "tel"}


@dataclass(frozen=True)
class _Page:
    form: Form
    section: Section
    answers: Answers
    revisions: Mapping[str, int]
    problems: Sequence[Problem]
    places: Mapping[str, Place]
    extra: str | None
    errors: dict[tuple[str, tuple[str | int, ...]], str] = field(default_factory=dict)


def controls(
    form: Form,
    section_code: str,
    answers: Answers,
    *,
    revisions: Mapping[str, int],
    problems: Sequence[Problem] = (),
    places: Mapping[str, Place] | None = None,
    extra_row: str | None = None,
) -> list[Control]:
    """The steps of one section's page. places: of what is kept in other rows, by field code."""
    section = form.section(section_code)
    shown = visible(form, answers).get(section_code)
    if section is None or shown is None:
        return []
    page = _Page(form, section, answers, revisions, problems, places or {}, extra_row)
    for problem in problems:
        page.errors.setdefault((problem.field, problem.at), say(problem))
    return [step for one in shown for step in _steps(one, page)]


def worked_on_together(
    steps: Sequence[Control],
    *,
    held_by: Mapping[str, str],
    pages: Mapping[str, str],
    comments: Mapping[str, int] | None = None,
) -> list[Control]:
    """The same steps with what others do: who is typing, and under each question the way to its
    own page. held_by: a name, pages: an address, comments: how many, each by question; None where
    a question's page is its history alone."""
    shown: list[Control] = []
    code = label = ""
    for step in steps:
        if step.code and step.shape not in ("place", "info"):
            code, label = step.code, step.label
            step = replace(step, held_by=held_by.get(code, ""))
        shown.append(step)
        alone = step.code and step.shape not in ("group", "place", "info")
        if (alone or step.shape == "end_group") and code in pages:
            about = Control("about", label=label, url=pages[code])
            if comments is None:
                about = replace(about, text=_("History"))
            else:
                about = replace(about, comments=comments.get(code, 0))
            shown.append(about)
    return shown


def errors(form: Form, problems: Sequence[Problem]) -> list[dict[str, str]]:
    """The problems for components/error_summary.html, each with the id of its control."""
    found = []
    for problem in problems:
        one = form.by_code[problem.field]
        about = ", ".join([*place_words(one, problem, form)])
        sentence = f"{about}: {say(problem)}" if about else say(problem)
        found.append({"text": f"{one.label} {sentence}", "target": target(problem)})
    return found


def place_words(one: Field, problem: Problem, form: Form) -> Iterator[str]:
    """The part of a contact, the row and column of a table, the item and column of a grid."""
    labels: dict[Any, str] = {sub.code: str(sub.label) for sub in one.fields}
    if one.kind == Kind.CONTACT:
        labels = {part: str(label) for part, label in PART_LABELS.items()}
    if one.kind == Kind.GRID:
        options = form.by_code[one.items_from].options if one.items_from else one.items
        labels |= {option.code: str(option.label) for option in options}
    for step in problem.at:
        if isinstance(step, int) and one.rows is not None:
            yield f"{one.rows.item} {step + 1}"
        elif step in labels:
            yield labels[step]


def target(problem: Problem) -> str:
    if problem.at and str(problem.at[-1]) == problem.field + OTHER:
        return _id(problem.field + OTHER)
    return _id("-".join([problem.field, *map(str, problem.at)]))


def _id(name: str) -> str:
    return f"q-{name}"


def _steps(one: Field, page: _Page) -> Iterator[Control]:
    outer: dict[str, Any] = {
        "code": one.code,
        "revision": page.revisions.get(one.code, 0),
        "private": page.section.private,
        "steers": one.code in page.form.steering,
    }
    value = page.answers.get(one.code)
    if one.kind == Kind.INFO:
        yield Control("info", id=_id(one.code), label=str(one.label), text=str(one.text))
    elif one.kind in KEPT_ELSEWHERE:
        yield _place(one, page)
    elif one.kind in (Kind.CONTACT, Kind.TABLE, Kind.GRID):
        yield from _group(one, value, outer, page)
    else:
        other = page.answers.get(one.code + OTHER)
        yield replace(_simple(one, one.code, value, other, (one.code, ()), page), **outer)


def _place(one: Field, page: _Page) -> Control:
    place = page.places.get(one.code, Place(url=""))
    return Control(
        "place",
        id=_id(one.code),
        code=one.code,
        label=str(one.label),
        hint=str(one.hint or ""),
        error=page.errors.get((one.code, ()), ""),
        required=one.required,
        url=place.url,
        state=place.state,
        text=place.note,
    )


def _group(one: Field, value: Any, outer: Mapping[str, Any], page: _Page) -> Iterator[Control]:
    yield Control(
        "group",
        id=_id(one.code),
        name=one.code,
        label=str(one.label),
        hint=str(one.hint or ""),
        error=_group_error(one, page),
        required=one.required or any(sub.kind == Kind.CHOSEN_ROW for sub in one.fields),
        **outer,
    )
    if one.kind == Kind.CONTACT:
        given = value if isinstance(value, dict) else {}
        yield from (_part(one, part, given.get(part, ""), page) for part in one.parts)
    elif one.kind == Kind.TABLE:
        yield from _rows(one, value if isinstance(value, list) else [], page)
    else:
        yield from _items(one, value if isinstance(value, dict) else {}, page)
    yield Control(
        "end_group",
        id=_id(one.code),
        name=one.code,
        can_add=one.rows is not None and _row_count(one, value, page) < one.rows.max,
        text=_("Add another"),
        spoken=str(one.label),
    )


def _group_error(one: Field, page: _Page) -> str:
    """What is wrong with the group as such, or with its rows in general."""
    inner = {(sub.code,) for sub in one.fields if sub.kind == Kind.CHOSEN_ROW}
    return next(
        (page.errors[one.code, at] for at in [(), *inner] if (one.code, at) in page.errors), ""
    )


def _part(one: Field, part: str, value: str, page: _Page) -> Control:
    kind, mode = {"email": ("email", "email"), "phone": ("tel", "tel")}.get(part, ("text", ""))
    token = PART_TOKENS[part]
    return Control(
        "input",
        id=_id(f"{one.code}-{part}"),
        name=f"{one.code}-{part}",
        label=str(PART_LABELS[part]),
        error=page.errors.get((one.code, (part,)), ""),
        required=one.required,
        type=kind,
        inputmode=mode,
        autocomplete=f"{one.autocomplete} {token}".strip() if one.autocomplete else "",
        value=value,
    )


def _row_count(one: Field, value: Any, page: _Page) -> int:
    assert one.rows is not None
    shown = max(len(value) if isinstance(value, list) else 0, one.rows.min, 1)
    return max(min(shown + (one.code == page.extra), one.rows.max), shown)


def _rows(one: Field, rows: list[Mapping[str, Any]], page: _Page) -> Iterator[Control]:
    assert one.rows is not None
    for number in range(_row_count(one, rows, page)):
        row = rows[number] if number < len(rows) else {}
        title = f"{one.rows.item} {number + 1}"
        name = f"{one.code}-{number}"
        yield Control("row", id=_id(name), label=title)
        for sub in one.fields:
            if sub.kind == Kind.CHOSEN_ROW:
                yield _chosen_row(one, sub, number, row, page)
            else:
                yield _in_row(one, sub, name, (number, sub.code), row, page)
        yield Control(
            "end_row",
            id=_id(name),
            name=name,
            can_remove=bool(row) or number > 0,
            text=_("Remove"),
            spoken=title,
        )


def _chosen_row(
    one: Field, sub: Field, number: int, row: Mapping[str, Any], page: _Page
) -> Control:
    first = _id(f"{one.code}-{sub.code}")
    choice = Choice(
        id=first if number == 0 else f"{first}-{number}",
        value=str(number),
        label=str(sub.label),
        checked=bool(row.get(sub.code)),
    )
    return Control("check", name=f"{one.code}-{sub.code}", type="radio", choices=(choice,))


def _items(one: Field, rows: Mapping[str, Any], page: _Page) -> Iterator[Control]:
    asked = grid_items(one, page.form, page.answers)
    for item, label in asked:
        name = f"{one.code}-{item}"
        yield Control("row", id=_id(name), label=str(label))
        for sub in one.fields:
            yield _in_row(one, sub, name, (item, sub.code), rows.get(item, {}), page)
        yield Control("end_row", id=_id(name), name=name)
    if not asked:
        yield Control("info", text=_("Answer the question above first. Then save this page."))


def _in_row(
    one: Field,
    sub: Field,
    name: str,
    at: tuple[str | int, ...],
    row: Mapping[str, Any],
    page: _Page,
) -> Control:
    other = row.get(sub.code + OTHER)
    return _simple(sub, f"{name}-{sub.code}", row.get(sub.code), other, (one.code, at), page)


def _simple(
    one: Field,
    name: str,
    value: Any,
    other: Any,
    at: tuple[str, tuple[str | int, ...]],
    page: _Page,
) -> Control:
    """A question with one control or one set of choices, at the top or inside a row."""
    code, place = at
    beside_other = (*place[:-1], one.code + OTHER)
    base = Control(
        "input",
        id=_id(name),
        name=name,
        label=str(one.label),
        hint=str(one.hint or ""),
        error=page.errors.get((code, place), "") or page.errors.get((code, beside_other), ""),
        required=one.required,
        autocomplete=one.autocomplete,
    )
    match one.kind:
        case Kind.LONG_TEXT:
            return replace(
                base,
                shape="textarea",
                value=_text(value),
                max_words=one.max_words or 0,
                words=word_count(value),
                rows=3 if (one.max_words or 0) <= 100 else 6,
            )
        case Kind.SINGLE | Kind.YES_NO | Kind.MULTIPLE:
            return _choices(base, one, value, _text(other))
        case Kind.SCALE:
            return replace(base, shape="scale", choices=_points(base, one, value))
        case Kind.ACKNOWLEDGEMENT:
            agreed = isinstance(value, dict) and bool(value.get("agreed"))
            choice = Choice(base.id, "yes", _("We agree to this"), checked=agreed)
            return replace(
                base, shape="check", type="checkbox", choices=(choice,), text=str(one.text)
            )
        case Kind.NUMBER:
            mode = "decimal" if one.decimals else "numeric"
            return replace(base, inputmode=mode, value=_text(value), text=str(one.unit or ""))
    kind, mode = INPUT_TYPES.get(one.kind, ("text", ""))
    if one.kind == Kind.DATE and not re.fullmatch(r"\d{4}-\d\d-\d\d|", _text(value)):
        kind = "text"  # what was typed is shown as it was typed
    if one.format in ("zip", "year"):
        mode = "numeric"
    return replace(base, type=kind, inputmode=mode, value=_text(value))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _choices(base: Control, one: Field, value: Any, other: str) -> Control:
    chosen = value if isinstance(value, list) else [value]
    choices = tuple(
        Choice(
            id=base.id if number == 0 else f"{base.id}-{option.code}",
            value=option.code,
            label=str(option.label),
            hint=str(option.hint or ""),
            checked=option.code in chosen,
            exclusive=option.exclusive,
            other_name=f"{base.name}{OTHER}" if option.other else "",
            other_value=other,
        )
        for number, option in enumerate(one.choices)
    )
    if one.shown_as == "select":
        return replace(base, shape="select", choices=choices)
    kind = "checkbox" if one.kind == Kind.MULTIPLE else "radio"
    return replace(base, shape="choices", type=kind, choices=choices)


def _points(base: Control, one: Field, value: Any) -> tuple[Choice, ...]:
    scale = one.scale
    assert scale is not None
    points = []
    for point in range(scale.min, scale.max + 1):
        ends = {scale.min: scale.low, scale.max: scale.high}
        label = scale.points[point - scale.min] if scale.points else ends.get(point, "")
        points.append(
            Choice(
                id=base.id if point == scale.min else f"{base.id}-{point}",
                value=str(point),
                label=str(label),
                checked=value == point,
            )
        )
    if scale.not_applicable:
        points.append(Choice(f"{base.id}-na", "na", _("Does not apply"), checked=value == "na"))
    return tuple(points)


ROWS_ON_PAPER = 8


def on_paper(form: Form, section: Section, one: Field) -> list[Control]:
    """The steps of one question with nothing filled in, whatever a condition would hide."""
    answers: dict[str, Any] = {}
    if one.rows is not None:
        most = min(one.rows.max, max(ROWS_ON_PAPER, one.rows.min))
        answers[one.code] = [{}] * (most if most <= 4 or len(one.fields) > 4 else 4)
    if one.items_from:
        source = form.by_code[one.items_from]
        answers[source.code] = [o.code for o in source.options if not o.exclusive]
    return list(_steps(one, _Page(form, section, answers, {}, (), {}, None)))
