"""When a question or section is shown, as staff choose it on an editor's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires.editor.content import Part, as_field
from questionnaires.editor.rows import Row, Rows
from questionnaires.schema import ANSWERLESS, COUNTED, Field, Kind, Op

HOW: Mapping[str, Any] = {
    "is": gettext_lazy("is, or has ticked"),
    "is_not": gettext_lazy("is not, or has not ticked"),
    "answered": gettext_lazy("is answered"),
    "unanswered": gettext_lazy("is not answered"),
    "more_than": gettext_lazy("is more than"),
    "less_than": gettext_lazy("is less than"),
}
WHEN: Mapping[str, Any] = {
    "always": gettext_lazy("Always"),
    "all": gettext_lazy("Only if all of these are true"),
    "any": gettext_lazy("Only if at least one of these is true"),
}
OPS = {"is": Op.IS, "is_not": Op.IS_NOT}
TICKED = {"is": Op.INCLUDES, "is_not": Op.LACKS}
WORDED = frozenset({Kind.GRID, Kind.CONTACT, Kind.ACKNOWLEDGEMENT, Kind.TABLE})
NO_VALUE = ("answered", "unanswered")


class ConditionPart:
    """The condition of one question or section, with the questions it may look at.

    A line's answers to choose from belong to the question that was chosen before: after
    another one is chosen, the page comes back with the right answers.
    """

    def __init__(
        self,
        earlier: Sequence[Part],
        *,
        initial: Mapping[str, Any] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.asked = {
            one["code"]: as_field(one) for one in earlier if one["kind"] not in ANSWERLESS
        }
        self.when = self._when(initial or {}) if data is None else data.get("when", "always")
        self.rows = Rows(
            "clause",
            ("field", "how", "value", "shown"),
            initial=_lines(initial or {}),
            data=data,
            many=("value",),
        )
        self.arranged = self.rows.arranged
        if not self.rows.rows:
            self.rows.rows.append(_blank())

    @staticmethod
    def _when(condition: Mapping[str, Any]) -> str:
        return "any" if condition.get("any") else "all" if condition.get("all") else "always"

    @property
    def whens(self) -> list[tuple[str, Any, bool]]:
        return [(code, label, code == self.when) for code, label in WHEN.items()]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the template draws: each line with the answers of its question."""
        return [self._line(row) for row in self.rows.rows]

    def _line(self, row: Row) -> dict[str, Any]:
        field = self.asked.get(row["field"])
        chosen = row["value"] if row["shown"] == row["field"] else []
        counts = row["how"] in ("more_than", "less_than")
        listed = field.choices if field is not None and not counts else ()
        return {
            "number": row.number,
            "questions": [
                (code, str(one.label), code == row["field"]) for code, one in self.asked.items()
            ],
            "hows": [(code, label, code == row["how"]) for code, label in HOW.items()],
            "shown": row["field"],
            "answers": [(one.code, str(one.label), one.code in chosen) for one in listed],
            "text": chosen[0] if chosen and not listed else "",
            "takes_text": field is not None
            and not listed
            and (counts or field.kind not in WORDED)
            and row["how"] not in NO_VALUE,
            "error": row.error,
        }

    def cleaned(self) -> dict[str, Any] | None:
        """The condition as data. Lines that are wrong say so in their `error`."""
        if self.when not in ("all", "any"):
            return None
        clauses = [self._clause(row) for row in self.rows.given if row["field"] or row["value"]]
        if not clauses:
            row = self.rows.rows[0]
            self.rows.wrong(row, "field", _("Choose the question to look at, or “Always”."))
        return {self.when: [one for one in clauses if one]}

    def _clause(self, row: Row) -> dict[str, Any] | None:
        field, how = self.asked.get(row["field"]), row["how"] or "is"
        if field is None:
            self.rows.wrong(row, "field", _("Choose the question to look at."))
            return None
        if how in NO_VALUE:
            return {"field": field.code, "op": how}
        if row["shown"] != row["field"]:
            self.rows.wrong(row, "value", _("Now choose the answer to look for."))
            return None
        given = [one.strip() for one in row["value"] if one.strip()]
        if how in ("more_than", "less_than"):
            return self._counted(row, field, how, given)
        if field.kind in WORDED:
            sentence = _("For this question, choose “is answered” or “is not answered”.")
            self.rows.wrong(row, "how", sentence)
            return None
        if not given:
            self.rows.wrong(row, "value", _("Choose the answer to look for."))
            return None
        ops = TICKED if field.kind == Kind.MULTIPLE else OPS
        values = [_number(one) if field.kind in COUNTED - {Kind.MULTIPLE} else one for one in given]
        if None in values:
            self.rows.wrong(row, "value", _("Enter a number, using digits."))
            return None
        return {
            "field": field.code,
            "op": ops[how],
            "value": values[0] if len(values) == 1 else values,
        }

    def _counted(
        self, row: Row, field: Field, how: str, given: Sequence[str]
    ) -> dict[str, Any] | None:
        if field.kind not in COUNTED:
            self.rows.wrong(row, "how", _("This question has no number to compare."))
            return None
        number = _number(given[0]) if given else None
        if number is None:
            self.rows.wrong(row, "value", _("Enter a number, using digits."))
            return None
        return {"field": field.code, "op": how, "value": number}


def _blank() -> Row:
    row = Row({"field": "", "how": "is", "value": [], "shown": "", "code": ""})
    row.number = 0
    return row


def _lines(condition: Mapping[str, Any]) -> list[dict[str, Any]]:
    hows = {str(op): how for ops in (OPS, TICKED) for how, op in ops.items()}
    found = []
    for clause in condition.get("all") or condition.get("any") or ():
        value = clause.get("value")
        values = value if isinstance(value, list | tuple) else [] if value is None else [value]
        found.append(
            {
                "field": clause["field"],
                "how": hows.get(clause["op"], clause["op"]),
                "value": [str(one) for one in values],
                "shown": clause["field"],
                "code": "",
            }
        )
    return found


def _number(text: str) -> int | float | None:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number
