"""Answers that make a form complete, written for one invented organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from questionnaires import rules
from questionnaires.schema import ANSWERLESS, Field, Form, Kind


@dataclass(frozen=True)
class Contact:
    name: str
    title: str
    email: str

    def answer(self, parts: tuple[str, ...]) -> dict[str, str]:
        known = {
            "name": self.name,
            "title": self.title,
            "email": self.email,
            "phone": "217-555-0142",
        }
        return {part: known[part] for part in parts}


@dataclass(frozen=True)
class Facts:
    """What is known of the organization. people: the lead first, then the others."""

    name: str
    type: str
    city: str
    state: str
    zip_code: str
    beds: int
    people: tuple[Contact, ...]
    leader: Contact
    alternate: Contact
    area: str


WORDS = {
    "why_now": "Our board saw for the first time how much longer some of our patients wait. "
    "We do not want to wait for another report to act.",
    "equity_work": "Since last year a small group looks at our results by group each month. "
    "We changed how we book visits and hired two community health workers.",
    "history": "Our first building stood on the side of town that Black families could not "
    "rent in. People remember, and we have begun to talk about it in the open.",
    "names_racism_how": "We say the word in our meetings and ask what in our own rules keeps "
    "the gap alive.",
    "lessons": "Small tests taught us more than the plan. What patients told us changed it twice.",
    "gap_today": "Fewer Black patients reach their blood pressure goal than patients overall.",
    "leadership_shown": "Our chief executive opens each equity meeting and moved money for "
    "two posts.",
    "lived_experience": "Two patients sit on the team and are paid for each hour.",
    "worse_outcome": "Black and Hispanic patients with high blood pressure.",
    "aim": "By June of next year, 70% of our patients in every group have their blood "
    "pressure below 140/90.",
}
SENTENCE = "We have begun, we know what is hard, and we will share what we learn."


def complete(form: Form, facts: Facts) -> dict[str, Any]:
    """Answers to every visible required question, and to most others."""
    answers: dict[str, Any] = {}
    for _ in range(3):  # an answer may show further questions
        for fields in rules.visible(form, answers).values():
            for field in fields:
                if field.kind not in ANSWERLESS and answers.get(field.code) is None:
                    answers[field.code] = _answer(field, form, answers, facts)
                    if field.other and answers[field.code] == field.other.code:
                        answers[f"{field.code}_other"] = "Something of our own"
    return {code: value for code, value in answers.items() if value is not None}


def _answer(field: Field, form: Form, answers: Mapping[str, Any], facts: Facts) -> Any:
    known = {
        "organization_name": facts.name,
        "organization_type": facts.type,
        "city": facts.city,
        "state": facts.state.lower(),
        "zip_code": facts.zip_code,
        "staffed_beds": facts.beds,
        "in_system": "no",
        "joined_before": "no",
        "lead_contact": facts.people[0],
        "senior_leader": facts.leader,
        "alternate_leader": facts.alternate,
    }.get(field.code)
    if isinstance(known, Contact):
        return known.answer(field.parts)
    if known is not None and (not field.options or known in field.option_codes):
        return known
    return _by_kind(field, form, answers, facts)


def _number(name: str) -> str:
    """A certification number that no two organizations share."""
    return f"{crc32(name.encode()) % 1_000_000:06d}"


def _by_kind(field: Field, form: Form, answers: Mapping[str, Any], facts: Facts) -> Any:
    match field.kind:
        case Kind.LONG_TEXT:
            return WORDS.get(field.code, SENTENCE)
        case Kind.SINGLE | Kind.YES_NO:
            plain = [o.code for o in field.choices if not o.other]
            return plain[0]
        case Kind.MULTIPLE:
            plain = [o.code for o in field.choices if not o.exclusive and not o.other]
            return plain[: int(field.max or 4)]
        case Kind.SCALE:
            return 3 if field.scale and field.scale.min <= 3 <= field.scale.max else 1
        case Kind.NUMBER:
            return int(min(max(field.min or 0, 42), field.max or 42))
        case Kind.DATE:
            return date(2027, 6, 30).isoformat()
        case Kind.EMAIL:
            return facts.people[0].email
        case Kind.PHONE:
            return "217-555-0142"
        case Kind.URL:
            return "https://example.org/"
        case Kind.CONTACT:
            return facts.leader.answer(field.parts)
        case Kind.TABLE:
            return [_row(field, form, answers, facts, n) for n in range(_rows(field, facts))]
        case Kind.GRID:
            return {
                code: {one.code: _by_kind(one, form, answers, facts) for one in field.fields}
                for code, _label in rules.grid_items(field, form, answers)
            }
        case Kind.ACKNOWLEDGEMENT:
            return True
    return {"year": "2025", "zip": facts.zip_code, "ccn": _number(facts.name)}.get(
        field.format or "", _short(field, facts)
    )


def _short(field: Field, facts: Facts) -> str:
    return facts.area if "area" in field.code else "To be agreed with our team"


def _rows(field: Field, facts: Facts) -> int:
    assert field.rows
    is_roster = any(one.code == "email" for one in field.fields)
    wanted = len(facts.people) if is_roster else max(field.rows.min, 1)
    return min(wanted, field.rows.max)


def _row(
    field: Field, form: Form, answers: Mapping[str, Any], facts: Facts, n: int
) -> dict[str, Any]:
    person = facts.people[n % len(facts.people)]
    row: dict[str, Any] = {}
    for one in field.fields:
        if one.kind == Kind.CHOSEN_ROW:
            row[one.code] = n == 0
        elif one.code == "name":
            row[one.code] = person.name
        elif one.code in ("title", "job_title"):
            row[one.code] = person.title
        elif one.code == "email":
            row[one.code] = person.email
        elif one.kind == Kind.MULTIPLE:
            plain = [o.code for o in one.choices if not o.exclusive and not o.other]
            row[one.code] = [plain[(n + shift) % len(plain)] for shift in range(min(3, len(plain)))]
        else:
            row[one.code] = _by_kind(one, form, answers, facts)
    return row
