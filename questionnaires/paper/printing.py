"""The blank form as a PDF, made by a worker.

The steps are those of the web page (`forms.page`). What the page hides or adds is fixed here:
all questions are printed, with their condition in words, and a table has as many rows as fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from documents import jobs, pdf
from questionnaires import paper
from questionnaires.forms import Control
from questionnaires.forms.page import on_paper
from questionnaires.models import Version
from questionnaires.queries import form_of
from questionnaires.schema import KEPT_ELSEWHERE, Field, Form, Kind, Section
from questionnaires.wording import condition_words


@dataclass(frozen=True)
class Question:
    """when: the condition in words. steps: as the template's loop draws them."""

    code: str
    when: str
    steps: tuple[Control, ...]


@dataclass(frozen=True)
class Part:
    title: str
    hint: str
    when: str
    questions: tuple[Question, ...]


@jobs.kind(paper.JOB, copy=True)
def blank_form(run: jobs.Run) -> jobs.Made:
    """Draw one version in one language."""
    language = run.input["language"]
    with run.step():
        found = Version.objects.select_related("host", "questionnaire")
        version = found.get(pk=run.input["version"])
        facts = paper.facts(version, language)
    run.progress(10)
    html = page(form_of(version), facts)
    run.progress(30)
    made = pdf.render(html, form=paper.STAMP)
    run.progress(90)
    name = f"{version.questionnaire.key}-{version.number}-{language}.pdf"
    return jobs.Made(name, "application/pdf", made)


def page(form: Form, facts: dict[str, Any]) -> str:
    """facts: of `paper.facts`."""
    with translation.override(facts["language"]):
        context = {
            **facts,
            "parts": parts(form),
            "ticked": paper.TICKED,
            "host_name": facts["host"],
            "reference": facts["stamp"],
            "made": facts["published"],
        }
        return render_to_string("questionnaires/paper.html", context)


def parts(form: Form) -> list[Part]:
    """The whole form in the active language."""
    return [
        Part(
            title=str(section.title),
            hint=str(section.hint or ""),
            when=condition_words(section.show_if, form),
            questions=tuple(_question(one, section, form) for one in section.fields),
        )
        for section in form.sections
    ]


def _question(one: Field, section: Section, form: Form) -> Question:
    steps = on_paper(form, section, one)
    place = []
    if one.kind in KEPT_ELSEWHERE:
        steps = [replace(step, text=_elsewhere(one)) for step in steps]
    if one.items_from:
        source = str(form.by_code[one.items_from].label)
        note = _("Fill in only the lines for what you ticked under “%(question)s”.")
        steps[0] = replace(steps[0], text=note % {"question": source})
        place.append(source)
    return Question(one.code, condition_words(one.show_if, form), tuple(_spoken(steps, place)))


def _elsewhere(one: Field) -> str:
    match one.kind:
        case Kind.UPLOAD:
            return _("This is a file of its own. Add it on the website, or email it to us.")
        case Kind.VIDEO:
            return _("Add the video on the website, or email us a link to it.")
    return _("Each person answers this on the website. It is not part of this form.")


def _spoken(steps: list[Control], place: list[str]) -> Iterator[Control]:
    """Each box says where it is: “Your team: Person 2: Email”."""
    around = list(place)
    for step in steps:
        if step.shape in ("group", "row"):
            around.append(step.label)
        elif step.shape in ("end_group", "end_row"):
            around.pop()
        yield replace(step, spoken=": ".join([*around, step.label] if step.label else around))
