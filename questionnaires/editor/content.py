"""A form that is being edited, as plain data, and every way to change it. Pure.

The same shape as `Form`, but words may lack one language until it is published. Each change
takes a content and returns a new one; `checked` says whether the result is a form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import ValidationError

from questionnaires.schema import Field, Form, Kind

Content = dict[str, Any]
Part = dict[str, Any]  # a section or a question
LANGUAGES = ("en", "es")


class NotPossible(Exception):
    """The form can't be like this. str(): why, for the person who edits."""


class Gone(NotPossible):
    """What should be edited is not in the form any more."""


# --- reading -----------------------------------------------------------------------------------


def content_of(form: Form) -> Content:
    return form.model_dump(mode="json", exclude_defaults=True)


def section(content: Content, code: str) -> Part:
    for one in content["sections"]:
        if one["code"] == code:
            return one
    raise Gone(_("This section is not in the form any more."))


def question(content: Content, code: str, column: str = "") -> Part:
    """A question, or a column of its table or grid."""
    for one in questions(content):
        if one["code"] == code:
            if not column:
                return one
            for inner in one.get("fields", ()):
                if inner["code"] == column:
                    return inner
    raise Gone(_("This question is not in the form any more."))


def questions(content: Content) -> Iterator[Part]:
    for one in content["sections"]:
        yield from one["fields"]


def section_of(content: Content, code: str) -> Part:
    for one in content["sections"]:
        if any(field["code"] == code for field in one["fields"]):
            return one
    raise Gone(_("This question is not in the form any more."))


def before(content: Content, *, question: str = "", section: str = "") -> list[Part]:
    """The questions that stand earlier than this one, or than this section."""
    found: list[Part] = []
    for one in content["sections"]:
        if one["code"] == section:
            return found
        for field in one["fields"]:
            if field["code"] == question:
                return found
            found.append(field)
    return found


def words_of(text: Mapping[str, str] | None, language: str = "en") -> str:
    """The text in this language, else in the other one."""
    text = text or {}
    other = next((one for one in LANGUAGES if one != language), "en")
    return text.get(language) or text.get(other) or ""


# --- languages ---------------------------------------------------------------------------------


class Lacking(NamedTuple):
    """Words that one language misses. code: of the question or section to go to."""

    code: str
    is_section: bool
    label: Mapping[str, str]
    language: str


def filled(content: Any) -> Any:
    """Every text in both languages: a missing one takes the other's words."""
    if isinstance(content, dict):
        if content and set(content) <= set(LANGUAGES):
            words = [content.get(one) for one in LANGUAGES]
            both = next((one for one in words if one), "")
            return {one: content.get(one) or both for one in LANGUAGES}
        return {key: filled(one) for key, one in content.items()}
    return [filled(one) for one in content] if isinstance(content, list) else content


def lacking(content: Content, languages: Collection[str]) -> list[Lacking]:
    """Where a required language has no words, each question and section once per language."""
    found = []
    for one in content["sections"]:
        own = {key: value for key, value in one.items() if key != "fields"}
        for language in _missing_in(own, languages):
            found.append(Lacking(one["code"], True, one["title"], language))
        for field in one["fields"]:
            for language in _missing_in(field, languages):
                found.append(Lacking(field["code"], False, field["label"], language))
    return found


def _missing_in(value: Any, languages: Collection[str]) -> list[str]:
    texts = list(_texts(value))
    return [one for one in LANGUAGES if one in languages and any(not t.get(one) for t in texts)]


def _texts(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, dict):
        if value and set(value) <= set(LANGUAGES):
            yield value
        else:
            for one in value.values():
                yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


# --- codes -------------------------------------------------------------------------------------


def new_code(label: str, taken: Collection[str], fallback: str = "question") -> str:
    """A stable code from the first words of a label, free among those in use."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    base = "_".join(words[:6])[:40].strip("_") or fallback
    if not base[0].isalpha():
        base = f"{fallback}_{base}"[:44].strip("_")
    code, number = base, 1
    while code in taken or f"{code}_other" in taken:
        number += 1
        code = f"{base}_{number}"
    return code


def codes(content: Content) -> set[str]:
    """All codes of sections, questions and the words beside them."""
    found = {one["code"] for one in content["sections"]}
    for one in questions(content):
        found |= {one["code"], f"{one['code']}_other"}
    return found


# --- what depends on what ------------------------------------------------------------------------


def _asks(part: Part) -> set[str]:
    """The questions that a section or question looks at."""
    condition = part.get("show_if") or {}
    clauses = [*condition.get("all", ()), *condition.get("any", ())]
    linked = [part.get("items_from"), part.get("different_from")]
    return {clause["field"] for clause in clauses} | {str(code) for code in linked if code}


def dependents(content: Content, code: str) -> list[Part]:
    """The sections and questions that look at the answer to this one."""
    found = []
    for one in content["sections"]:
        found += [one] if code in _asks(one) else []
        found += [field for field in one["fields"] if code in _asks(field)]
    return found


def _name(part: Part) -> str:
    return words_of(part.get("label") or part.get("title"), _language())


def _language() -> str:
    return (get_language() or "en")[:2]


def _out_of_order(content: Content) -> str:
    """Why the order can't be like this; empty when it can."""
    seen: dict[str, Part] = {}
    known = {one["code"]: one for one in questions(content)}
    for one in content["sections"]:
        for part in (one, *one["fields"]):
            for code in _asks(part):
                if code in seen:
                    continue
                names = {"this": _name(part), "that": _name(known[code]) if code in known else code}
                if code not in known:
                    return (
                        _("“%(this)s” looks at a question that is not in the form any more.")
                        % names
                    )
                return _("“%(this)s” looks at “%(that)s”, so it has to come after it.") % names
            if part is not one:
                seen[part["code"]] = part
    return ""


def checked(content: Content) -> Form:
    """The form that this content makes. Raises NotPossible with a sentence."""
    if reason := _out_of_order(content):
        raise NotPossible(reason)
    try:
        return Form.model_validate(filled(content))
    except ValidationError as error:
        raise NotPossible(_refusal(content, error)) from error


def _refusal(content: Content, error: ValidationError) -> str:
    """The schema's reason, with the question it is about."""
    first = error.errors()[0]
    path = [*first["loc"], *first.get("ctx", {}).get("path", [])]
    place: Any = content
    name = ""
    for step in path:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(place, dict) and ("label" in place or "title" in place):
            name = _name(place) or name
    reason = {"name": name, "reason": first.get("ctx", {}).get("reason", first["msg"])}
    return _("“%(name)s” can't be like this: %(reason)s") % reason


# --- changes -----------------------------------------------------------------------------------


def put_section(content: Content, new: Part) -> Content:
    """The section with other words or settings; its questions stay."""
    made = deepcopy(content)
    old = section(made, new["code"])
    fields = old["fields"]
    old.clear()
    old.update(new, fields=fields)
    return made


def add_section(content: Content, new: Part, *, after: str = "") -> Content:
    made = deepcopy(content)
    places = [one["code"] for one in made["sections"]]
    at = places.index(after) + 1 if after in places else len(places)
    made["sections"].insert(at, {**new, "fields": new.get("fields", [])})
    return made


def remove_section(content: Content, code: str) -> Content:
    made = deepcopy(content)
    gone = section(made, code)
    made["sections"].remove(gone)
    if not made["sections"]:
        raise NotPossible(_("A form needs at least one section."))
    _nobody_looks_at(made, [one["code"] for one in gone["fields"]], gone["fields"])
    return made


def put_question(
    content: Content, new: Part, *, into: str = "", code: str = "", column: str = ""
) -> Content:
    """The question in place of the one with its code; `into` another section, at its end.

    column: then `new` takes the place of that column of question `code`.
    """
    made = deepcopy(content)
    if column:
        old = question(made, code, column)
        _replace(old, new)
        return made
    home = section_of(made, new["code"])
    if into and into != home["code"]:
        home["fields"] = [one for one in home["fields"] if one["code"] != new["code"]]
        section(made, into)["fields"].append(new)
    else:
        _replace(question(made, new["code"]), new)
    return made


def _replace(old: Part, new: Part) -> None:
    old.clear()
    old.update(deepcopy(new))


def add_question(content: Content, new: Part, *, section_code: str = "", to: str = "") -> Content:
    """At the end of a section; or, with `to`, as the last column of that question."""
    made = deepcopy(content)
    if to:
        question(made, to).setdefault("fields", []).append(new)
    else:
        section(made, section_code)["fields"].append(new)
    return made


def remove_question(content: Content, code: str, column: str = "") -> Content:
    made = deepcopy(content)
    old = question(made, code, column)
    if column:
        table = question(made, code)
        if len(table["fields"]) == 1:
            raise NotPossible(_("This is the only column. Delete the whole question instead."))
        table["fields"].remove(old)
        return made
    section_of(made, code)["fields"].remove(old)
    _nobody_looks_at(made, [code], [old])
    return made


def _nobody_looks_at(content: Content, gone: Iterable[str], parts: Iterable[Part]) -> None:
    for code, part in zip(gone, parts, strict=True):
        if others := dependents(content, code):
            names = ", ".join(f"“{_name(one)}”" for one in others)
            raise NotPossible(
                _("%(others)s is shown by the answer to “%(this)s”. Change or delete that first.")
                % {"others": names, "this": _name(part)}
            )


def move_section(content: Content, code: str, step: int) -> Content:
    made = deepcopy(content)
    _shift(made["sections"], section(made, code), step)
    return made


def move_question(content: Content, code: str, step: int, column: str = "") -> Content:
    """Up or down; over the edge of its section into the next one."""
    made = deepcopy(content)
    old = question(made, code, column)
    if column:
        _shift(question(made, code)["fields"], old, step)
        return made
    home = section_of(made, code)
    at, places = home["fields"].index(old), made["sections"]
    if 0 <= at + step < len(home["fields"]):
        _shift(home["fields"], old, step)
        return made
    there = places.index(home) + step
    if not 0 <= there < len(places):
        raise NotPossible(_("It can't move further."))
    home["fields"].remove(old)
    places[there]["fields"].insert(0 if step > 0 else len(places[there]["fields"]), old)
    return made


def _shift(parts: list[Part], one: Part, step: int) -> None:
    at = parts.index(one)
    if not 0 <= at + step < len(parts):
        raise NotPossible(_("It can't move further."))
    parts.insert(at + step, parts.pop(at))


def kinds_for(parent: Part | None) -> list[Kind]:
    """What can be added: at the top, or inside a table or grid."""
    inside = [
        Kind.SHORT_TEXT,
        Kind.LONG_TEXT,
        Kind.SINGLE,
        Kind.MULTIPLE,
        Kind.YES_NO,
        Kind.SCALE,
        Kind.NUMBER,
        Kind.DATE,
        Kind.EMAIL,
        Kind.PHONE,
        Kind.URL,
    ]
    if parent is None:
        whole = [
            Kind.CONTACT,
            Kind.TABLE,
            Kind.GRID,
            Kind.ACKNOWLEDGEMENT,
            Kind.UPLOAD,
            Kind.VIDEO,
            Kind.INFO,
        ]
        return [*inside, *whole]
    return [*inside, Kind.CHOSEN_ROW] if parent["kind"] == Kind.TABLE else inside


def as_field(part: Part) -> Field:
    return Field.model_validate(filled(part))
