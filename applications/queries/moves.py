"""What changed in the form of a draft, as its people are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language, ngettext

from accounts.models import User
from applications.models import Application
from applications.queries.sections import shown_section
from questionnaires.models import FormMove
from questionnaires.queries import as_it_was_sent, form_of, unread_moves
from questionnaires.rules import Answers, visible
from questionnaires.schema import ANSWERLESS, OTHER, Field, Form, Section
from questionnaires.summary import plain

OTHERWISE = ("kind", "options", "columns", "limits", "words", "condition", "moved", "optional")


@dataclass
class Told:
    """One thing that changed. answer: the old answer, where the question is gone."""

    label: str
    section: str = ""
    answer: str = ""


@dataclass
class Changed:
    """All that changed since this person last put it away."""

    new: list[Told] = field(default_factory=list)
    gone: list[Told] = field(default_factory=list)
    required: list[Told] = field(default_factory=list)
    otherwise: list[Told] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """3 questions are new. 1 question is gone; your answer to it is kept in the history."""
        said = []
        if n := len(self.new):
            said.append(
                ngettext("%(n)s question is new.", "%(n)s questions are new.", n) % {"n": n}
            )
        if n := len(self.gone):
            said.append(
                ngettext(
                    "%(n)s question is gone; your answer to it is kept in the history.",
                    "%(n)s questions are gone; your answers to them are kept in the history.",
                    n,
                )
                % {"n": n}
            )
        if n := len(self.required):
            said.append(
                ngettext(
                    "%(n)s question must be answered now.",
                    "%(n)s questions must be answered now.",
                    n,
                )
                % {"n": n}
            )
        if n := len(self.otherwise):
            said.append(
                ngettext("%(n)s question has changed.", "%(n)s questions have changed.", n)
                % {"n": n}
            )
        return " ".join(said)

    @property
    def anything(self) -> bool:
        return bool(self.new or self.gone or self.required or self.otherwise)


def changed_form(application: Application, person: User) -> Changed:
    """What this person has not put away yet, in the order of the form."""
    moves = unread_moves(application.response, person.pk)
    return _changed(application, moves) if moves else Changed()


def _changed(application: Application, moves: Iterable[FormMove]) -> Changed:
    form, answers = form_of(application.response.version), application.response.answers
    language = (get_language() or "en")[:2]
    told, seen = Changed(), set[str]()
    for move in moves:
        old = form_of(move.from_version)
        for one in move.changes:
            code = one["code"]
            if one["section"] or code in seen:
                continue
            there, was = form.by_code.get(code), old.by_code.get(code)
            label = str(there.label) if there else one["label"].get(language, code)
            section = form.section_of(code) if there else None
            entry = Told(label, section.code if section else "")
            if there is None and was is not None:
                value = answers.get(code)
                entry.answer = plain(was, value, answers.get(code + OTHER), form=old)
            kinds = {"added": told.new, "removed": told.gone, "required": told.required}
            if (one["change"] == "removed") == (there is not None):
                continue  # it came and went, or went and came back
            seen.add(code)
            kinds.get(one["change"], told.otherwise).append(entry)
    return told


def posted_section(application: Application, code: str, data: QueryDict) -> Section | None:
    """The section that a page sent, also when its form has moved on meanwhile."""
    shown = shown_section(application, code)
    sent = [name.removeprefix("_rev.") for name in data if name.startswith("_rev.")]
    known = {one.code for one in shown.fields} if shown else set()
    if shown is not None and set(sent) <= known:
        return shown
    return as_it_was_sent(application.response, code, sent) if sent else shown


def hidden_answers(form: Form, answers: Answers, section: Section) -> list[Field]:
    """Answered questions that an answer of this section keeps out of sight."""
    shown = {one.code for fields in visible(form, answers).values() for one in fields}
    own = {one.code for one in section.fields}
    found = []
    for other in form.sections:
        for one in other.fields:
            if one.code in shown or one.kind in ANSWERLESS or one.code not in answers:
                continue
            clauses = [c for part in (other, one) if part.show_if for c in part.show_if.clauses]
            if own & {clause.field for clause in clauses}:
                found.append(one)
    return found
