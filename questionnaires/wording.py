"""Conditions and kinds in words, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires.schema import Clause, Condition, Field, Form, Kind, Op

KIND_WORDS: Mapping[Kind, Any] = {
    Kind.SHORT_TEXT: gettext_lazy("Short text, one line"),
    Kind.LONG_TEXT: gettext_lazy("Long text, several lines"),
    Kind.SINGLE: gettext_lazy("One choice from a list"),
    Kind.MULTIPLE: gettext_lazy("Several choices from a list"),
    Kind.SCALE: gettext_lazy("Rating on a scale"),
    Kind.YES_NO: gettext_lazy("Yes or no"),
    Kind.NUMBER: gettext_lazy("Number"),
    Kind.DATE: gettext_lazy("Date"),
    Kind.EMAIL: gettext_lazy("Email address"),
    Kind.PHONE: gettext_lazy("Phone number"),
    Kind.URL: gettext_lazy("Web address"),
    Kind.CONTACT: gettext_lazy("One person: name, job title, email, phone"),
    Kind.TABLE: gettext_lazy("Table: rows that people add"),
    Kind.CHOSEN_ROW: gettext_lazy("Choose one of the rows"),
    Kind.GRID: gettext_lazy("Grid: the same questions for each item"),
    Kind.ACKNOWLEDGEMENT: gettext_lazy("Statement to agree to"),
    Kind.UPLOAD: gettext_lazy("File to upload"),
    Kind.VIDEO: gettext_lazy("Video"),
    Kind.CONSENT: gettext_lazy("Participant information sheet"),
    Kind.INFO: gettext_lazy("Words to read, no question"),
}


def condition_words(condition: Condition | None, form: Form) -> str:
    """“Part of a system?” is “Yes”, and … Empty without a condition."""
    if condition is None:
        return ""
    joint = _(", and ") if condition.all else _(", or ")
    return joint.join(clause_words(clause, form.by_code) for clause in condition.clauses)


def clause_words(clause: Clause, asked: Mapping[str, Field]) -> str:
    field = asked[clause.field]
    values = _(" or ").join(_value_words(field, value) for value in clause.values)
    places = {"question": field.label, "answer": values}
    match clause.op:
        case Op.ANSWERED:
            return _("“%(question)s” is answered") % places
        case Op.UNANSWERED:
            return _("“%(question)s” is not answered") % places
        case Op.IS:
            return _("“%(question)s” is %(answer)s") % places
        case Op.IS_NOT:
            return _("“%(question)s” is not %(answer)s") % places
        case Op.INCLUDES:
            return _("“%(question)s” has %(answer)s ticked") % places
        case Op.LACKS:
            return _("“%(question)s” does not have %(answer)s ticked") % places
        case Op.MORE_THAN:
            return _("“%(question)s” is more than %(answer)s") % places
        case Op.LESS_THAN:
            return _("“%(question)s” is less than %(answer)s") % places


def _value_words(field: Field, value: Any) -> str:
    option = next((one for one in field.choices if one.code == value), None)
    return f"“{option.label}”" if option else f"“{value}”" if isinstance(value, str) else str(value)
