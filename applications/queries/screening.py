"""Each criterion of the program: what was found by itself, and what people say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Letter, Screening
from applications.queries.answers import (
    Answers,
    missing_lenses,
    one_department,
    size_fits,
    size_words,
    team_problems,
    team_rows,
)
from applications.queries.own import letter_words
from applications.states import LetterState
from collaboratives.blueprints import Blueprint
from collaboratives.blueprints.schema import Criterion
from collaboratives.states import OrganizationType
from questionnaires.queries import form_of
from questionnaires.rules import visible, visible_answers
from questionnaires.schema import OTHER, Form
from questionnaires.summary import plain

SHORT = 160


@dataclass(frozen=True)
class Evidence:
    """One answer to read for a criterion. words: how it begins."""

    code: str
    label: str
    words: str


@dataclass(frozen=True)
class Screened:
    """One criterion. found: what the rules say, None where people judge. fact: in words.

    said: what a member of staff judged; it counts instead.
    """

    code: str
    text: str
    found: bool | None
    fact: str
    evidence: list[Evidence]
    said: Screening | None = None

    @property
    def met(self) -> bool | None:
        return self.said.met if self.said is not None else self.found

    @property
    def is_open(self) -> bool:
        return self.met is None


def screened(
    application: Application,
    blueprint: Blueprint,
    letters: Sequence[Letter],
    show: Callable[[Form, Answers], Answers] | None = None,
) -> list[Screened]:
    """With what people said. show: how the answers are shown to this reader."""
    said = {
        one.criterion: one for one in Screening.objects.for_list().filter(application=application)
    }
    return [
        replace(one, said=said.get(one.code))
        for one in screening(application, blueprint, letters, show)
    ]


def in_all(criteria: Sequence[Screened]) -> dict[str, int]:
    """How many are met, how many there are, how many nobody has judged."""
    return {
        "met": sum(one.met is True for one in criteria),
        "all": len(criteria),
        "open": sum(one.is_open for one in criteria),
    }


def screening(
    application: Application,
    blueprint: Blueprint,
    letters: Sequence[Letter],
    show: Callable[[Form, Answers], Answers] | None = None,
) -> list[Screened]:
    """What can be said about each criterion without anybody's judgement."""
    form = form_of(application.response.version)
    answers = visible_answers(form, application.response.answers)
    shown = answers if show is None else show(form, answers)
    files = {one.field: letter_words(one) for one in letters} if show is None else {}
    return [
        _screened(criterion, blueprint, form, answers, letters, shown, files)
        for criterion in blueprint.criteria
    ]


def _screened(
    criterion: Criterion,
    blueprint: Blueprint,
    form: Form,
    answers: Answers,
    letters: Sequence[Letter],
    answered: Answers,
    files: Mapping[str, str],
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
            met, fact = _letters(blueprint, letters)
        case "data_axes":
            met, fact = _axes(blueprint, form, answers)
    shown = {one.code for fields in visible(form, answers).values() for one in fields}
    evidence = [
        Evidence(code, str(form.by_code[code].label), _begin(form, answered, files, code))
        for code in criterion.evidence
        if code in shown
    ]
    return Screened(criterion.code, str(criterion.text), met, fact, evidence)


def _begin(form: Form, answers: Answers, files: Mapping[str, str], code: str) -> str:
    if code in files:
        return files[code]
    words: Any = plain(form.by_code[code], answers.get(code), answers.get(code + OTHER), form=form)
    text = " ".join(str(words).split())
    return text if len(text) <= SHORT else text[:SHORT].rsplit(" ", 1)[0] + " …"


def _type(blueprint: Blueprint, answers: Answers) -> tuple[bool, str]:
    kind = answers.get("organization_type", "")
    label = OrganizationType(kind).label if kind in OrganizationType.values else _("Not given")
    return kind in blueprint.eligible_types, str(label)


def _team(blueprint: Blueprint, form: Form, answers: Answers) -> tuple[bool, str]:
    rules = blueprint.team
    facts = [size_words(rules, len(team_rows(answers)))]
    facts += [one for one in team_problems(rules, form, answers) if one not in facts]
    narrow = one_department(rules, answers)
    facts += [narrow] if narrow else []
    lenses = missing_lenses(rules, answers)
    if lenses:
        facts.append(_("Not yet: %(lenses)s.") % {"lenses": ", ".join(lenses)})
    whole = size_fits(rules, answers) and not team_problems(rules, form, answers)
    return whole and not narrow, " ".join(facts)


def _departments(blueprint: Blueprint, answers: Answers) -> tuple[bool, str]:
    names = {item.code: str(item.text) for item in blueprint.team.departments}
    found = {row["department"] for row in team_rows(answers) if row.get("department")}
    words = ", ".join(sorted(names.get(code, code) for code in found)) or _("None named")
    return len(found) >= (blueprint.team.min_departments or 2), words


def _letters(blueprint: Blueprint, letters: Sequence[Letter]) -> tuple[bool, str]:
    """In, and what staff accepted covers every point that the program asks for."""
    needed = [letter for letter in letters if letter.required]
    words = "; ".join(f"{letter.name}: {letter.get_state_display()}" for letter in needed)
    lacking = _points_lacking(blueprint, needed)
    if lacking:
        words += ". " + _("Not covered: %(points)s.") % {"points": "; ".join(lacking)}
    return all(letter.is_complete for letter in needed) and not lacking, words


def _points_lacking(blueprint: Blueprint, letters: Sequence[Letter]) -> list[str]:
    """Of the letters that staff read; two letters about the same may share the points."""
    read = [letter for letter in letters if letter.state == LetterState.ACCEPTED]
    covered: dict[str, set[str]] = {}
    for letter in read:
        covered.setdefault(letter.terms, set()).update(letter.points)
    return [
        str(point.text).rstrip(".")
        for code, found in covered.items()
        if code and (terms := blueprint.letter(code))
        for point in terms.points
        if point.code not in found
    ]


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
