"""One application as staff read it: the answers beside what the program asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.blind import BLACK, without_names
from applications.models import (
    Application,
    ApplicationPerson,
    Letter,
    Note,
    Redaction,
    Video,
)
from applications.queries.answers import (
    Answers,
    missing_lenses,
    size_fits,
    size_words,
    team_problems,
    team_rows,
)
from applications.queries.deadlines import decision_due
from applications.queries.history import changed_questions
from applications.queries.letters import letters_with_terms, unchecked
from applications.queries.own import letter_words
from applications.queries.tasks import missing
from applications.queries.videos import words_for
from collaboratives.blueprints import Blueprint
from collaboratives.blueprints.schema import Criterion
from collaboratives.states import OrganizationType
from questionnaires.queries import form_of
from questionnaires.rules import visible, visible_answers
from questionnaires.schema import Form
from questionnaires.summary import summary


@dataclass(frozen=True)
class Screened:
    """One criterion. met: None where people judge. fact: what was found, in words.

    evidence: code and label of the questions to read for it.
    """

    text: str
    met: bool | None
    fact: str
    evidence: list[tuple[str, str]]


def reading_page(application: Application, now: datetime, *, blind: bool = False) -> dict[str, Any]:
    """Answers, letters, video, criteria and notes; what is private to logistics left out.

    blind: for a reader who is not to know who the people are. Letters and films, which name
    them, stay closed then.
    """
    blueprint, letters = application.cohort.program.blueprint, letters_with_terms(application)
    videos = list(Video.objects.for_list().filter(application=application))
    elsewhere = {letter.field: letter_words(letter) for letter in letters}
    elsewhere |= {video.field: video.name for video in videos}
    form, answers = form_of(application.response.version), application.response.answers
    redactions = list(Redaction.objects.filter(application=application).order_by("pk"))
    if blind:
        words = [one.words for one in redactions]
        answers = without_names(form, answers, names=names_of(application), words=words)
        elsewhere = {letter.field: str(letter.get_state_display()) for letter in letters}
        elsewhere |= {video.field: BLACK for video in videos}
    return {
        "blind": blind,
        "redactions": redactions,
        "missing": [
            one.label for one in missing(application, blueprint, letters=letters, videos=videos)
        ],
        "application": application,
        "cohort": application.cohort,
        "parts": summary(form, answers, elsewhere=elsewhere),
        "changed": changed_questions(application),
        "letters": letters,
        "unchecked": unchecked(letters),
        "videos": videos,
        "said": words_for(application) if videos else {},
        "criteria": screening(application, blueprint, letters),
        "due": decision_due(application, blueprint.decision, now),
        "notes": Note.objects.for_list().filter(application=application),
    }


def names_of(application: Application) -> list[str]:
    """Of those who work or worked on it; the answers name the others."""
    people = ApplicationPerson.objects.filter(application=application).order_by()
    return [name for name in people.values_list("user__name", flat=True) if name]


def screening(
    application: Application, blueprint: Blueprint, letters: Sequence[Letter]
) -> list[Screened]:
    """What can be said about each criterion without anybody's judgement."""
    form = form_of(application.response.version)
    answers = visible_answers(form, application.response.answers)
    return [
        _screened(criterion, blueprint, form, answers, letters) for criterion in blueprint.criteria
    ]


def _screened(
    criterion: Criterion,
    blueprint: Blueprint,
    form: Form,
    answers: Answers,
    letters: Sequence[Letter],
) -> Screened:
    met, fact = None, ""
    match criterion.check:
        case "type":
            met, fact = _type(blueprint, answers)
        case "team":
            met, fact = _team(blueprint, form, answers)
        case "departments":
            met, fact = _departments(blueprint, answers)
        case "letter":
            met, fact = _letters(letters)
        case "data_axes":
            met, fact = _axes(blueprint, form, answers)
    shown = {one.code for fields in visible(form, answers).values() for one in fields}
    evidence = [
        (code, str(form.by_code[code].label)) for code in criterion.evidence if code in shown
    ]
    return Screened(str(criterion.text), met, fact, evidence)


def _type(blueprint: Blueprint, answers: Answers) -> tuple[bool, str]:
    kind = answers.get("organization_type", "")
    label = OrganizationType(kind).label if kind in OrganizationType.values else _("Not given")
    return kind in blueprint.eligible_types, str(label)


def _team(blueprint: Blueprint, form: Form, answers: Answers) -> tuple[bool, str]:
    rules = blueprint.team
    facts = [size_words(rules, len(team_rows(answers)))]
    facts += [one for one in team_problems(rules, form, answers) if one not in facts]
    lenses = missing_lenses(rules, answers)
    if lenses:
        facts.append(_("Not yet: %(lenses)s.") % {"lenses": ", ".join(lenses)})
    whole = size_fits(rules, answers) and not team_problems(rules, form, answers)
    return whole, " ".join(facts)


def _departments(blueprint: Blueprint, answers: Answers) -> tuple[bool, str]:
    names = {item.code: str(item.text) for item in blueprint.team.departments}
    found = {row["department"] for row in team_rows(answers) if row.get("department")}
    words = ", ".join(sorted(names.get(code, code) for code in found)) or _("None named")
    return len(found) >= (blueprint.team.min_departments or 2), words


def _letters(letters: Sequence[Letter]) -> tuple[bool, str]:
    needed = [letter for letter in letters if letter.required]
    words = [f"{letter.name}: {letter.get_state_display()}" for letter in needed]
    return all(letter.is_complete for letter in needed), "; ".join(words)


def _axes(blueprint: Blueprint, form: Form, answers: Answers) -> tuple[bool, str]:
    if blueprint.data is None:
        return True, ""
    collected = set(answers.get("data_collected") or ())
    names = {axis.code: str(axis.text) for axis in blueprint.data.axes}
    lacking = [code for code in blueprint.data.expected if code not in collected]
    if not lacking:
        return True, _("All are collected.")
    return False, _("Not collected: %(axes)s.") % {
        "axes": ", ".join(names.get(code, code) for code in lacking)
    }
