"""The application form of a cohort as staff edit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from collaboratives.blueprints import keys, load
from collaboratives.models import Cohort
from questionnaires.editor.content import (
    Content,
    Gone,
    Part,
    checked,
    codes,
    filled,
    lacking,
    question,
    section_of,
    words_of,
)
from questionnaires.forms import Control
from questionnaires.models import FormEdit, Trial, Version, WorkingCopy
from questionnaires.queries import form_of
from questionnaires.schema import Form, Kind
from questionnaires.wording import KIND_WORDS, condition_words


def cohort_with_form(slug: str) -> Cohort:
    """404 for a cohort that has no form."""
    cohorts = Cohort.objects.select_related(
        "host", "program", "application_form__questionnaire"
    ).exclude(application_form=None)
    return get_object_or_404(cohorts, slug=slug)


def working_copy(cohort: Cohort) -> WorkingCopy | None:
    copies = WorkingCopy.objects.select_related("based_on__questionnaire")
    return copies.filter(based_on=cohort.application_form).first()


def sharing(cohort: Cohort) -> list[Cohort]:
    """Other cohorts that ask the very same version."""
    same = Cohort.objects.filter(application_form=cohort.application_form)
    return list(same.exclude(pk=cohort.pk).without_content().order_by("name"))


def versions(cohort: Cohort) -> list[Version]:
    """All published versions of the form, the newest first."""
    assert cohort.application_form is not None
    found = cohort.application_form.questionnaire.versions.exclude(published_at=None)
    return list(found.order_by("-number"))


def used_codes(cohort: Cohort) -> tuple[set[str], dict[str, set[str]]]:
    """Codes of questions, and of the options of each, that any version has ever used."""
    taken = {code for key in keys() for code in load(key).form.by_answer}
    options: dict[str, set[str]] = {}
    for version in versions(cohort):
        form = form_of(version)
        taken |= {*form.by_answer, *form.by_code}
        for field in form.fields():
            for one in (field, *field.fields):
                listed = {option.code for option in (*one.choices, *one.items)}
                options.setdefault(one.code, set()).update(listed)
    return taken, options


@dataclass(frozen=True)
class Asked:
    """One question in the editor's list."""

    code: str
    label: str
    kind: str
    required: bool
    shown_if: str
    lacks: str  # a language without words
    columns: int
    is_new: bool


@dataclass(frozen=True)
class Block:
    """One section in the editor's list."""

    code: str
    title: str
    shown_if: str
    lacks: str
    private: bool
    questions: list[Asked]


def outline(content: Content, languages: Sequence[str], published: Form) -> list[Block]:
    form = Form.model_validate(filled(content))
    lacks = {(one.code, one.is_section): one.language for one in lacking(content, languages)}
    names = {"en": _("English"), "es": _("Spanish")}

    def lack(code: str, is_section: bool) -> str:
        return names.get(lacks.get((code, is_section), ""), "")

    return [
        Block(
            code=section.code,
            title=str(section.title),
            shown_if=condition_words(section.show_if, form),
            lacks=lack(section.code, True),
            private=section.private,
            questions=[
                Asked(
                    code=field.code,
                    label=str(field.label),
                    kind=str(KIND_WORDS[field.kind]),
                    required=field.required,
                    shown_if=condition_words(field.show_if, form),
                    lacks=lack(field.code, False),
                    columns=len(field.fields),
                    is_new=field.code not in published.by_code,
                )
                for field in section.fields
            ],
        )
        for section in form.sections
    ]


@dataclass(frozen=True)
class Source:
    """A form to start from. key: as the page sends it back."""

    key: str
    label: str
    note: str
    count: int


def sources(cohort: Cohort) -> list[Source]:
    """Every form that can be copied: of other cohorts, of shipped programs, earlier versions."""
    assert cohort.application_form is not None
    others = Cohort.objects.exclude(application_form=None).exclude(pk=cohort.pk)
    found = [
        _source(f"cohort.{one.slug}", one.name, str(one.program), form_of(one.application_form))
        for one in others.for_list().without_content().select_related("application_form")
        if one.application_form is not None
    ]
    for key in keys():
        blueprint = load(key)
        note = _("As it ships with the product")
        found.append(_source(f"shipped.{key}", str(blueprint.short_name), note, blueprint.form))
    for version in versions(cohort):
        if version.pk != cohort.application_form_id:
            label = _("Version %(n)s of this form") % {"n": version.number}
            found.append(_source(f"version.{version.number}", label, "", form_of(version)))
    return found


def _source(key: str, label: str, note: str, form: Form) -> Source:
    return Source(key, label, note, sum(field.kind != Kind.INFO for field in form.fields()))


def source_form(cohort: Cohort, key: str) -> tuple[Form, str] | None:
    """The form of a source and what it is called; None for one that is not there."""
    kind, _dot, name = key.partition(".")
    if kind == "shipped" and name in keys():
        return load(name).form, str(load(name).short_name)
    if kind == "version" and name.isdigit():
        for version in versions(cohort):
            if version.number == int(name):
                return form_of(version), _("Version %(n)s of this form") % {"n": name}
    if kind == "cohort":
        cohorts = Cohort.objects.exclude(application_form=None).select_related("application_form")
        other = cohorts.filter(slug=name).first()
        if other is not None and other.application_form is not None:
            return form_of(other.application_form), other.name
    return None


def last_edits(copy: WorkingCopy) -> QuerySet[FormEdit]:
    return copy.edits.select_related("edited_by").order_by("-pk")


def undoable(copy: WorkingCopy) -> FormEdit | None:
    """The edit that “Undo” takes back."""
    return last_edits(copy).filter(undoes=False, undone=False).first()


def side_of(cohort: Cohort, name: str, copy: WorkingCopy | None) -> tuple[Form, str] | None:
    """One side of a comparison: a version by its number, or the working copy."""
    if name == "changes":
        return (checked(copy.content), _("Your changes")) if copy else None
    for version in versions(cohort):
        if str(version.number) == name:
            return form_of(version), _("Version %(n)s") % {"n": name}
    return None


def section_choices(content: Content, asked: Part) -> list[tuple[str, str]]:
    """Where a question may stand; where it stands comes first."""
    home = section_of(content, asked["code"])["code"]
    language = (get_language() or "en")[:2]
    found = [(one["code"], words_of(one["title"], language)) for one in content["sections"]]
    return sorted(found, key=lambda one: one[0] != home)


def told(part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A question or section in words, to show beside another version of it."""
    lines = []
    for key, name in (
        ("title", _("Title")),
        ("label", _("Question")),
        ("hint", _("Help")),
        ("text", _("Statement")),
    ):
        if part.get(key):
            lines.append((name, " | ".join(part[key].values())))
    options = [" | ".join(one["label"].values()) for one in part.get("options", ())]
    if options:
        lines.append((_("Answers to choose from"), "\n".join(options)))
    if "kind" in part:
        lines.append((_("Must be answered"), _("Yes") if part.get("required") else _("No")))
    return lines


def all_codes(cohort: Cohort, content: Content) -> set[str]:
    """What a new question may not be called."""
    return codes(content) | used_codes(cohort)[0]


def label_of(content: Content, code: str) -> dict[str, str]:
    """The title or label of a part, in the languages that it has."""
    for section in content["sections"]:
        if section["code"] == code:
            return section["title"]
        for field in section["fields"]:
            if field["code"] == code:
                return field["label"]
    return {}


def found_section(copy: WorkingCopy, code: str) -> Part | None:
    """The section; None for a new one. One that was deleted while its page was open is 404."""
    if not code:
        return None
    found = next((one for one in copy.content["sections"] if one["code"] == code), None)
    if found is None:
        raise Http404
    return found


def found_question(copy: WorkingCopy, code: str, column: str = "") -> Part:
    """Also one that somebody deleted meanwhile, so that what was typed about it can be shown."""
    contents = [copy.content, *(edit.before for edit in last_edits(copy)[:20])]
    for content in contents:
        try:
            return question(content, code, column)
        except Gone:
            continue
    raise Http404


def columns_of(part: Part) -> list[tuple[str, str, str]]:
    """Code, label and kind of each column of a table or grid."""
    language = (get_language() or "en")[:2]
    return [
        (one["code"], words_of(one["label"], language), str(KIND_WORDS[Kind(one["kind"])]))
        for one in part.get("fields", ())
    ]


def up_to_the_end_of(content: Content, code: str) -> list[Part]:
    """The questions that stand before a new one at the end of this section."""
    found: list[Part] = []
    for section in content["sections"]:
        found += section["fields"]
        if section["code"] == code:
            break
    return found


def taken_in(cohort: Cohort, content: Content, parent: Part | None) -> set[str]:
    """Codes that a new question, or a new column of `parent`, may not take."""
    if parent is None:
        return all_codes(cohort, content)
    return {one["code"] for one in parent.get("fields", ())} | used_codes(cohort)[0]


def trial_answers(copy: WorkingCopy, person: User) -> dict[str, Any]:
    trial = Trial.objects.filter(working_copy=copy, person=person).first()
    return trial.answers if trial else {}


def drawn(controls: Sequence[Control]) -> str:
    """The questions as an applicant sees them, in the language that is active."""
    return render_to_string("questionnaires/_fields.html", {"controls": controls})
