"""How an application form fits its program: what it relies on, what a copied form must leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from collaboratives.blueprints import Blueprint
from questionnaires.editor.content import (
    Content,
    Lacking,
    Part,
    filled,
    lacking,
    questions,
    words_of,
)
from questionnaires.schema import Form, Kind

ORGANIZATION = gettext_lazy("It fills the record of the organization.")
LEADER = gettext_lazy("The leader's mail goes to this person.")
FIRST_PAGE = gettext_lazy("It fills the first page of an admitted team.")
# Codes of collaboratives/blueprints/library.yaml whose answers other pages read.
RELIED_ON: Mapping[str, Any] = {
    "organization_name": gettext_lazy("The application is named after it."),
    "organization_type": ORGANIZATION,
    "city": ORGANIZATION,
    "state": ORGANIZATION,
    "zip_code": ORGANIZATION,
    "system_name": ORGANIZATION,
    "staffed_beds": ORGANIZATION,
    "sites": ORGANIZATION,
    "ccn": ORGANIZATION,
    "lead_contact": ORGANIZATION,
    "team": gettext_lazy("The team begins with the people named here."),
    "senior_leader": LEADER,
    "alternate_leader": LEADER,
    "clinical_areas": FIRST_PAGE,
    "aim": FIRST_PAGE,
}
NEEDED = ("organization_name",)


class Fault(NamedTuple):
    """What keeps a form from being published. code: of the question to go to, if any."""

    text: str
    code: str = ""
    is_section: bool = False


def consequences(code: str, blueprint: Blueprint) -> list[str]:
    """What else reads the answer to this question."""
    found = [str(RELIED_ON[code])] if code in RELIED_ON else []
    for criterion in blueprint.criteria:
        if code in criterion.evidence:
            found.append(_("Readers use it for: %(criterion)s") % {"criterion": criterion.text})
    if code in blueprint.asked_again:
        found.append(
            _("It is marked to be asked again at the end. The program asks it then, by itself.")
        )
    return found


def lost_by(content: Content, blueprint: Blueprint) -> list[str]:
    """What the program can't read from this form any more; the criteria stay as they are."""
    there = {one["code"] for one in questions(content)}
    listed = {one.code: one.label for one in blueprint.form.fields()}
    asked = {*blueprint.asked_again}.union(*(one.evidence for one in blueprint.criteria))
    return [
        f"“{listed[code]}”: {sentence}"
        for code in listed
        if code in asked and code not in there
        for sentence in consequences(code, blueprint)
    ]


def faults(content: Content, blueprint: Blueprint, languages: Collection[str]) -> list[Fault]:
    """All that keeps the form from being published, each as one sentence."""
    found = [_without_words(one) for one in lacking(content, languages)]
    asked = {one["code"]: one for one in questions(content)}
    for code in NEEDED:
        if not asked.get(code, {}).get("required"):
            label = blueprint.form.by_code[code].label if code in blueprint.form.by_code else code
            sentence = _("The form must ask “%(label)s”, and it must be answered.")
            found.append(Fault(sentence % {"label": label}, code if code in asked else ""))
    for section in content["sections"]:
        if not section["fields"]:
            sentence = _("The section “%(title)s” has no question yet.")
            found.append(
                Fault(sentence % {"title": _words(section["title"])}, section["code"], True)
            )
    if blueprint.consent is not None:
        found += _consent(list(asked.values()))
    return found


def _without_words(one: Lacking) -> Fault:
    sentences = {
        "en": gettext_lazy("“%(label)s” has no English words."),
        "es": gettext_lazy("“%(label)s” has no Spanish words."),
    }
    sentence = sentences[one.language] % {"label": _words(one.label)}
    return Fault(sentence, one.code, one.is_section)


def _words(text: Mapping[str, str]) -> str:
    return words_of(text, (get_language() or "en")[:2])


def _consent(asked: list[Part]) -> list[Fault]:
    kinds = [one["kind"] for one in asked]
    if Kind.CONSENT in kinds and kinds[-1] != Kind.CONSENT:
        at = asked[kinds.index(Kind.CONSENT)]
        return [Fault(_("“%(label)s” has to be the last one.") % {"label": _words(at["label"])})]
    return []


def fit(form: Form, blueprint: Blueprint) -> tuple[Content, list[str]]:
    """Another program's form as this program can use it, and what had to be left out.

    Parts, letters and the information sheet are those of a program; questions are not.
    """
    content: Content = form.model_dump(mode="json", exclude_defaults=True)
    parts, letters = {one.code for one in blueprint.parts}, {one.code for one in blueprint.letters}
    document = blueprint.consent.code if blueprint.consent else ""
    left_out = []
    for section in content["sections"]:
        if section.get("part") not in parts:
            section.pop("part", None)
        for field in list(section["fields"]):
            if field["kind"] == Kind.CONSENT and field["document"] != document:
                section["fields"].remove(field)
                sentence = _("“%(label)s” is left out: it belongs to the other program.")
                left_out.append(sentence % {"label": _words(filled(field["label"]))})
            if field.get("letter") and field["letter"] not in letters:
                field.pop("letter"), field.pop("signatories", None)
                sentence = _("“%(label)s” is a plain upload now: this program has no such letter.")
                left_out.append(sentence % {"label": _words(filled(field["label"]))})
    content["sections"] = [one for one in content["sections"] if one["fields"]]
    return content, left_out


def published(content: Content) -> Form:
    """The form as it will be asked. A language that the host does not use takes the other's."""
    return Form.model_validate(filled(content))


def with_signatories(question: Part, old: Part | None, blueprint: Blueprint) -> Part:
    """A letter brings those who sign it."""
    code = question.get("letter")
    if code == (old or {}).get("letter"):
        return question
    made = {key: value for key, value in question.items() if key != "signatories"}
    letter = blueprint.letter(code) if code else None
    return made | ({"signatories": [one.code for one in letter.signatories]} if letter else {})
