"""What is shown, what is missing, how far a form is. Pure: a form and answers in, facts out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questionnaires.answers import clean, clean_other
from questionnaires.schema import (
    ANSWERLESS,
    OTHER,
    Clause,
    Condition,
    Field,
    Form,
    Kind,
    Op,
    Section,
)

Answers = Mapping[str, Any]


class Problem(NamedTuple):
    """One thing that submission would refuse. `at` leads into a contact, table or grid."""

    section: str
    field: str
    reason: str
    at: tuple[str | int, ...] = ()
    limit: int | float | None = None


@dataclass(frozen=True)
class SectionState:
    section: Section
    state: str  # not_started, in_progress, complete
    answered: int
    asked: int
    problems: tuple[Problem, ...]


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether the condition is met; `answers` are those of the visible questions."""
    if condition is None:
        return True
    if condition.all:
        return all(_clause_holds(clause, answers) for clause in condition.all)
    return any(_clause_holds(clause, answers) for clause in condition.any)


def _clause_holds(clause: Clause, answers: Answers) -> bool:
    answer = answers.get(clause.field)
    if answer is None:
        return clause.op == Op.UNANSWERED
    match clause.op:
        case Op.ANSWERED:
            return True
        case Op.IS:
            return answer in clause.values
        case Op.IS_NOT:
            return answer not in clause.values
        case Op.INCLUDES:
            return any(value in answer for value in clause.values)
        case Op.LACKS:
            return any(value not in answer for value in clause.values)
        case Op.MORE_THAN | Op.LESS_THAN:
            size, limit = len(answer) if isinstance(answer, list) else answer, clause.value
            if not isinstance(size, int | float) or not isinstance(limit, int | float):
                return False
            return size > limit if clause.op == Op.MORE_THAN else size < limit
    return False


def visible(form: Form, answers: Answers) -> dict[str, list[Field]]:
    """The sections and fields to show, in order. A hidden answer counts as none."""
    shown: dict[str, list[Field]] = {}
    seen: dict[str, Any] = {}
    for section in form.sections:
        if section.show_if is not None and not holds(section.show_if, seen):
            continue
        fields = shown[section.code] = []
        for field in section.fields:
            if field.show_if is None or holds(field.show_if, seen):
                fields.append(field)
                seen[field.code] = answers.get(field.code)
    return shown


def visible_answers(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that count: of visible questions, in the form's order."""
    return {
        code: answers[code]
        for fields in visible(form, answers).values()
        for field in fields
        for code in field.answer_codes
        if answers.get(code) is not None
    }


def hidden_by(form: Form, before: Answers, after: Answers) -> list[Field]:
    """Answered questions that a change would take out of sight: to say before going on."""
    if all(before.get(code) == after.get(code) for code in form.steering):
        return []
    shown = {field.code for fields in visible(form, after).values() for field in fields}
    return [
        field
        for fields in visible(form, before).values()
        for field in fields
        if field.code not in shown and before.get(field.code) is not None
    ]


def grid_items(field: Field, form: Form, answers: Answers) -> list[tuple[str, Any]]:
    """Code and label of each item that a grid asks about."""
    if not field.items_from:
        return [(item.code, item.label) for item in field.items]
    source = form.by_code[field.items_from]
    ticked = answers.get(source.code) or []
    return [(o.code, o.label) for o in source.options if o.code in ticked and not o.exclusive]


def _missing(field: Field, form: Form, answers: Answers) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Reason and place of each required part without an answer."""
    value = answers.get(field.code)
    if field.other and _has(value, field.other.code) and answers.get(field.code + OTHER) is None:
        yield "required", (field.code + OTHER,)
    match field.kind:
        case Kind.CONTACT if isinstance(value, dict) or field.required:
            given = value if isinstance(value, dict) else {}
            for part in field.parts:
                if part not in given and (field.required or part in ("name", "email")):
                    yield "required", (part,)
        case Kind.TABLE:
            yield from _missing_in_table(field, value if isinstance(value, list) else [])
        case Kind.GRID:
            rows = value if isinstance(value, dict) else {}
            asked = grid_items(field, form, answers)
            if field.required or rows:
                for item, _label in asked:
                    for one in field.fields:
                        if one.required and one.code not in rows.get(item, {}):
                            yield "required", (item, one.code)
                loose = not any(one.required for one in field.fields)
                if field.required and loose and asked and not rows:
                    yield "required", ()
        case Kind.CONSENT | Kind.INFO:
            return
        case _ if field.required and value is None:
            yield "required", ()


def _missing_in_table(
    field: Field, rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    assert field.rows is not None
    least = max(field.rows.min, 1) if field.required else field.rows.min if rows else 0
    if len(rows) < least:
        yield "too_few_rows", ()
    for one in field.fields:
        if one.kind == Kind.CHOSEN_ROW:
            if one.required and not any(one.code in row for row in rows):
                yield "no_row_chosen", (one.code,)
            continue
        for index, row in enumerate(rows):
            if one.required and one.code not in row:
                yield "required", (index, one.code)
            wordless = one.code + OTHER not in row
            if wordless and one.other and _has(row.get(one.code), one.other.code):
                yield "required", (index, one.code + OTHER)


def _has(value: Any, code: str) -> bool:
    return value == code or (isinstance(value, list) and code in value)


def _same_person(one: Any, two: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(two, dict):
        return False
    return any(
        one.get(part) and str(one[part]).casefold() == str(two.get(part, "")).casefold()
        for part in ("name", "email")
    )


def field_problems(
    field: Field, section: Section, form: Form, answers: Answers, ready: Collection[str] = ()
) -> Iterator[Problem]:
    """What submission would refuse about one visible field."""
    if field.kind in ANSWERLESS:
        awaited = field.required and field.kind in (Kind.UPLOAD, Kind.VIDEO)
        if awaited and field.code not in ready:
            yield Problem(section.code, field.code, "not_uploaded")
        return
    for reason, at in _missing(field, form, answers):
        limit = field.rows.min or 1 if reason == "too_few_rows" and field.rows else None
        yield Problem(section.code, field.code, reason, at, limit)
    for issue in clean(field, answers.get(field.code)).issues:
        yield Problem(section.code, field.code, *issue)
    if field.other:
        for issue in clean_other(answers.get(field.code + OTHER)).issues:
            yield Problem(
                section.code, field.code, issue.reason, (field.code + OTHER,), issue.limit
            )
    if field.different_from and _same_person(
        answers.get(field.code), answers.get(field.different_from)
    ):
        yield Problem(section.code, field.code, "same_person")


def progress(form: Form, answers: Answers, ready: Collection[str] = ()) -> list[SectionState]:
    """The state of each visible section. ready: codes of uploads and videos that are in."""
    return [
        _state(form, code, fields, answers, ready)
        for code, fields in visible(form, answers).items()
    ]


def _state(
    form: Form, code: str, fields: Sequence[Field], answers: Answers, ready: Collection[str]
) -> SectionState:
    section = form.section(code)
    assert section is not None
    asked = [field for field in fields if field.kind != Kind.INFO]
    answered = sum(field.code in ready or answers.get(field.code) is not None for field in asked)
    problems = tuple(
        problem
        for field in fields
        for problem in field_problems(field, section, form, answers, ready)
    )
    begun = "in_progress" if problems else "complete"
    return SectionState(
        section, begun if answered else "not_started", answered, len(asked), problems
    )


def stages(form: Form, answers: Answers, ready: Collection[str] = ()) -> list[str]:
    """How far each visible section is, in the words of `progress`, without all its problems."""
    return [
        _stage(form, code, fields, answers, ready)
        for code, fields in visible(form, answers).items()
    ]


def _stage(
    form: Form, code: str, fields: Sequence[Field], answers: Answers, ready: Collection[str]
) -> str:
    section = form.section(code)
    assert section is not None
    if not any(field.code in ready or answers.get(field.code) is not None for field in fields):
        return "not_started"
    found = (field_problems(field, section, form, answers, ready) for field in fields)
    return "in_progress" if any(True for some in found for _one in some) else "complete"


def problems(form: Form, answers: Answers, ready: Collection[str] = ()) -> list[Problem]:
    """All that is in the way of a submission; empty when it may go."""
    return [problem for state in progress(form, answers, ready) for problem in state.problems]


def section_state(
    form: Form, section_code: str, answers: Answers, ready: Collection[str] = ()
) -> SectionState | None:
    """The state of one section; None while it is hidden."""
    fields = visible(form, answers).get(section_code)
    return None if fields is None else _state(form, section_code, fields, answers, ready)


REASONS: Mapping[str, Any] = {
    "required": gettext_lazy("Answer this question."),
    "not_uploaded": gettext_lazy("Add this file, or ask somebody to send it."),
    "no_row_chosen": gettext_lazy("Choose one person."),
    "one_row_only": gettext_lazy("Choose only one."),
    "not_option": gettext_lazy("Choose one of the answers shown."),
    "not_email": gettext_lazy("Enter an email address, like name@example.org."),
    "not_phone": gettext_lazy("Enter a phone number."),
    "not_url": gettext_lazy("Enter a web address, like www.example.org."),
    "not_date": gettext_lazy("Enter a date, like 09/15/2027."),
    "not_number": gettext_lazy("Enter a number, using digits."),
    "not_zip": gettext_lazy("Enter a ZIP code of 5 or 9 digits."),
    "not_ccn": gettext_lazy("Enter the 6 characters of the number."),
    "not_year": gettext_lazy("Enter a year with 4 digits, like 2024."),
    "repeated": gettext_lazy("This is already in the list. Enter another one."),
    "same_person": gettext_lazy("Name another person here than above."),
    "misshapen": gettext_lazy("We could not read this answer. Enter it again."),
}


def say(problem: Problem) -> str:
    """The problem in a sentence, in the active language."""
    limit = int(problem.limit or 0)
    match problem.reason:
        case "too_many_words":
            return ngettext("Use %(n)s word or fewer.", "Use %(n)s words or fewer.", limit) % {
                "n": limit
            }
        case "too_long":
            return _("Use %(n)s letters or fewer.") % {"n": limit}
        case "too_short":
            return _("Use at least %(n)s letters.") % {"n": limit}
        case "too_small":
            return _("Enter %(n)s or more.") % {"n": problem.limit}
        case "too_large":
            return _("Enter %(n)s or less.") % {"n": problem.limit}
        case "too_fine" if limit == 0:
            return _("Enter a whole number.")
        case "too_fine":
            return _("Use %(n)s digits or fewer after the point.") % {"n": limit}
        case "too_many_choices":
            return _("Choose %(n)s or fewer.") % {"n": limit}
        case "too_few_choices":
            return _("Choose at least %(n)s.") % {"n": limit}
        case "too_many_rows":
            return _("Give %(n)s or fewer.") % {"n": limit}
        case "too_few_rows":
            return _("Give at least %(n)s.") % {"n": limit}
    return str(REASONS[problem.reason])
