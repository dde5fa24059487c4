"""The questions of a leader's reply: three quick answers at most, and words of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from questionnaires.forms import submitted
from questionnaires.rules import Problem, problems, say
from questionnaires.schema import Field, Form, Kind, Option, Section, Text
from reporting.models import LeaderReply
from reporting.report_forms import ASK_CODES
from reporting.states import Answer

KEY, NAME = "leader-reply", "Leader’s reply"
ASKS, WORDS = "asks", "words"
REFLECTION, OWN, OWN_BY = "reflection", "own", "own_by"

QUICK = {
    Answer.YES: Text(en="Yes, I will do this", es="Sí, lo haré"),
    Answer.CONDITIONS: Text(en="Yes, with conditions", es="Sí, con condiciones"),
    Answer.NOT_NOW: Text(en="Not now", es="Ahora no"),
    Answer.TALK: Text(en="Let’s talk first", es="Hablemos primero"),
}
BY_WHEN = Text(en="By when?", es="¿Para cuándo?")


def _ask(number: int) -> tuple[Field, ...]:
    nth = {"en": f"Request {number}", "es": f"Petición {number}"}
    return (
        Field(
            code=f"answer_{number}",
            kind=Kind.SINGLE,
            label=Text(**nth),
            options=tuple(Option(code=answer.value, label=QUICK[answer]) for answer in Answer),
        ),
        Field(
            code=f"note_{number}",
            kind=Kind.LONG_TEXT,
            label=Text(en=f"{nth['en']}: your words", es=f"{nth['es']}: sus palabras"),
        ),
        Field(
            code=f"by_{number}",
            kind=Kind.DATE,
            label=Text(en=f"{nth['en']}: by when", es=f"{nth['es']}: para cuándo"),
        ),
    )


FORM = Form(
    sections=(
        Section(
            code=ASKS,
            title=Text(en="What your team asks of you", es="Lo que su equipo le pide"),
            fields=tuple(field for n in range(1, len(ASK_CODES) + 1) for field in _ask(n)),
        ),
        Section(
            code=WORDS,
            title=Text(en="Your reflection", es="Su reflexión"),
            fields=(
                Field(
                    code=REFLECTION,
                    kind=Kind.LONG_TEXT,
                    label=Text(en="Your reflection", es="Su reflexión"),
                ),
                Field(
                    code=OWN,
                    kind=Kind.SHORT_TEXT,
                    label=Text(en="A commitment of your own", es="Un compromiso propio"),
                    max_length=200,
                ),
                Field(code=OWN_BY, kind=Kind.DATE, label=BY_WHEN),
            ),
        ),
    )
)


@dataclass(frozen=True)
class Typed:
    """What a page of the reply sent. sendings: how often it had been sent when it was read."""

    values: dict[str, Any]
    bases: dict[str, int]
    key: str
    sendings: int
    whole_page: bool


def typed(data: QueryDict) -> Typed:
    parts = [submitted(section, data) for section in FORM.sections]
    sendings = data.get("sendings", "")
    return Typed(
        values={code: value for part in parts for code, value in part.values.items()},
        bases={code: base for part in parts for code, base in part.bases.items()},
        key=data.get("_key", "")[:40],
        sendings=int(sendings[:4]) if sendings.isdigit() else 0,
        whole_page=not any(part.only_changed for part in parts),
    )


def draft_of(reply: LeaderReply) -> dict[str, Any]:
    """What stands in the boxes: what was typed last; without a draft, what was sent."""
    if reply.response is not None:
        return dict(reply.response.answers)
    return sent_answers(reply)


def sent_answers(reply: LeaderReply) -> dict[str, Any]:
    """The reply as it was sent, as answers to this form."""
    answers: dict[str, Any] = {REFLECTION: reply.reflection}
    for place, given in reply.asks.items():
        if place == OWN:
            answers |= {OWN: given["text"], OWN_BY: given["by"]}
            continue
        number = int(place) + 1
        answers |= {f"answer_{number}": given["answer"], f"note_{number}": given["note"]}
        answers[f"by_{number}"] = given.get("by", "")
    return {code: value for code, value in answers.items() if value}


def carried_over(before: LeaderReply, asks: list[str]) -> dict[str, Any]:
    """The draft about an earlier version, as a draft about one with these asks."""
    draft = draft_of(before)
    kept = {code: draft[code] for code in (REFLECTION, OWN, OWN_BY) if draft.get(code)}
    for was, ask in enumerate(before.version.content["asks"], start=1):
        if ask not in asks:
            continue
        now = asks.index(ask) + 1
        for name in ("answer", "note", "by"):
            if draft.get(f"{name}_{was}"):
                kept[f"{name}_{now}"] = draft[f"{name}_{was}"]
    return kept


def as_sent(answers: Mapping[str, Any], asked: int) -> dict[str, dict[str, str]]:
    """Answers as a sent reply keeps them: by the place of the ask, and the own commitment."""
    found: dict[str, dict[str, str]] = {}
    for number in range(1, asked + 1):
        given = {name: answers.get(f"{name}_{number}", "") for name in ("answer", "note", "by")}
        if any(given.values()):
            found[str(number - 1)] = given
    if answers.get(OWN):
        found[OWN] = {"text": answers[OWN], "by": answers.get(OWN_BY, "")}
    return found


def has_unsent(reply: LeaderReply) -> bool:
    """Whether something was typed since the reply was sent."""
    asked = len(reply.version.content["asks"])
    draft, sent = draft_of(reply), sent_answers(reply)
    same_words = draft.get(REFLECTION, "") == sent.get(REFLECTION, "")
    return not same_words or as_sent(draft, asked) != as_sent(sent, asked)


def wrong_in(answers: Mapping[str, Any]) -> list[Problem]:
    return problems(FORM, answers)


@dataclass(frozen=True)
class Box:
    """One box of the page."""

    code: str
    value: str
    revision: int
    error: str


@dataclass(frozen=True)
class Row:
    """One ask with its boxes."""

    number: int
    text: str
    answer: Box
    note: Box
    by: Box
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class ReplyPage:
    rows: list[Row]
    reflection: Box
    own: Box
    own_by: Box
    errors: list[dict[str, str]]


def reply_page(reply: LeaderReply, found: list[Problem], *, nothing: str = "") -> ReplyPage:
    """The boxes as they stand. nothing: why it could not be sent although nothing is wrong."""
    answers = draft_of(reply)
    revisions = reply.response.revisions if reply.response is not None else {}
    wrong = {problem.field: say(problem) for problem in found}
    if nothing:
        wrong.setdefault(REFLECTION, nothing)

    def box(code: str) -> Box:
        value = str(answers.get(code) or "")
        return Box(code, value, revisions.get(code, 0), wrong.get(code, ""))

    return ReplyPage(
        rows=[
            Row(
                number,
                text,
                box(f"answer_{number}"),
                box(f"note_{number}"),
                box(f"by_{number}"),
                [(value, str(label)) for value, label in Answer.choices],
            )
            for number, text in enumerate(reply.version.content["asks"], start=1)
        ],
        reflection=box(REFLECTION),
        own=box(OWN),
        own_by=box(OWN_BY),
        errors=[
            {
                "text": text if code == REFLECTION else f"{FORM.by_code[code].label}. {text}",
                "target": f"q-{code}",
            }
            for code, text in wrong.items()
        ],
    )


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
