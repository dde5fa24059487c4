"""Forms in a few words, answers that suit any form, and what a browser would send back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict

from questionnaires import rules
from questionnaires.answers import clean
from questionnaires.schema import ANSWERLESS, OTHER, Field, Form, Kind


def text(words: str) -> dict[str, str]:
    return {"en": words, "es": f"{words} (es)"}


def option(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "label": text(code.title()), **more}


def field(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "label": text(f"Label of {code}"), **more}


def form(*fields: dict[str, Any], **section: Any) -> Form:
    """A form with one section `main`; a later section begins at a field {"section": code}."""
    sections: list[dict[str, Any]] = [{"code": "main", "title": text("Main"), **section}]
    sections[0]["fields"] = []
    for one in fields:
        if "section" in one:
            more = {key: value for key, value in one.items() if key != "section"}
            code = one["section"]
            sections.append({"code": code, "title": text(code), "fields": [], **more})
        else:
            sections[-1]["fields"].append(one)
    return Form.model_validate({"sections": sections})


def made(code: str, kind: str, **more: Any) -> Field:
    return Field.model_validate(field(code, kind, **more))


FORMATS = {"zip": "61801-1234", "ccn": "14A123", "year": "2022"}


def sample(one: Field, form: Form, answers: dict[str, Any], row: int = 0) -> Any:
    """A raw value that this question takes."""
    match one.kind:
        case Kind.SHORT_TEXT:
            return FORMATS[one.format] if one.format else f"Words {row}"
        case Kind.LONG_TEXT:
            return "One two three.\nFour: «niño» & <b>"
        case Kind.SINGLE | Kind.YES_NO:
            return one.choices[0].code
        case Kind.MULTIPLE:
            free = [o.code for o in one.choices if not o.exclusive and not o.other]
            return free[: int(one.max or len(free))]
        case Kind.SCALE:
            return str(one.scale.max)
        case Kind.NUMBER:
            return str(int(one.min or 0) + 2)
        case Kind.DATE:
            return "2027-03-04"
        case Kind.EMAIL:
            return f"person{row}@{one.code}.example"
        case Kind.PHONE:
            return "(217) 555-0100 ext. 7"
        case Kind.URL:
            return "https://www.example.org/a"
        case Kind.CONTACT:
            parts = {
                "name": f"Name of {one.code}",
                "title": "Director",
                "email": f"{one.code.replace('_', '.')}@hospital.example",
                "phone": "217 555 0100",
            }
            return {part: parts[part] for part in one.parts}
        case Kind.TABLE:
            return [_row(one, form, answers, n) for n in range(max(3, one.rows.min))]
        case Kind.GRID:
            items = rules.grid_items(one, form, answers)
            return {item: _row(one, form, answers, n) for n, (item, _label) in enumerate(items)}
        case Kind.ACKNOWLEDGEMENT:
            return "yes"
    raise AssertionError(one.kind)


def _row(one: Field, form: Form, answers: dict[str, Any], number: int) -> dict[str, Any]:
    row = {
        sub.code: sample(sub, form, answers, number)
        for sub in one.fields
        if sub.kind != Kind.CHOSEN_ROW
    }
    return row | {sub.code: number == 0 for sub in one.fields if sub.kind == Kind.CHOSEN_ROW}


def complete_answers(form: Form, **given: Any) -> dict[str, Any]:
    """Clean answers to every question that gets visible, in the form's order."""
    answers: dict[str, Any] = {}
    for one in form.fields():
        if one.kind in ANSWERLESS:
            continue
        raw = given.get(one.code, sample(one, form, answers))
        cleaned = clean(one, raw)
        assert not cleaned.issues, (one.code, cleaned)
        if cleaned.value is not None:
            answers[one.code] = cleaned.value
        if one.code + OTHER in given:
            answers[one.code + OTHER] = given[one.code + OTHER]
    return rules.visible_answers(form, answers)


def uploads(form: Form) -> set[str]:
    return {one.code for one in form.fields() if one.kind in (Kind.UPLOAD, Kind.VIDEO)}


class Browser(HTMLParser):
    """Reads a page of questions as a browser does, and says what the form would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.controls: list[dict[str, str | None]] = []
        self.labels: list[str] = []
        self.described: list[str] = []
        self.open: list[str] = []
        self._select: str | None = None
        self._first: tuple[str, str] | None = None
        self._textarea: str | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("input", "br", "use"):
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "label":
            self.labels.append(given.get("for") or "")
        if given.get("aria-describedby"):
            self.described += given["aria-describedby"].split()
        name = given.get("name")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in ("radio", "checkbox") or "checked" in given:
                self.sent.append((name, given.get("value") or ""))
            if kind != "hidden":
                self.controls.append(given)
        if tag == "textarea":
            self._textarea, self._text = name, ""
            self.controls.append(given)
        if tag == "select":
            self._select, self._first = name, None
            self.controls.append(given)
        if tag == "option" and self._select:
            if self._first is None:
                self._first = (self._select, given.get("value") or "")
            if "selected" in given:
                self._first = (self._select, given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()
        if tag == "textarea" and self._textarea:
            text = self._text.removeprefix("\n").replace("\n", "\r\n")
            self.sent.append((self._textarea, text))
            self._textarea = None
        if tag == "select" and self._first:
            self.sent.append(self._first)
            self._select = None

    def data(self, *more: tuple[str, str]) -> QueryDict:
        query = QueryDict(mutable=True)
        for name, value in [*self.sent, *more]:
            query.appendlist(name, value)
        return query
