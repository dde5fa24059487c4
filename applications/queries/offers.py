"""What an applicant to one program brings to another that is offered instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from applications.models import Application, ApplicationQuerySet, Letter
from applications.queries.answers import team_problems
from applications.rules import can_offer
from collaboratives.models import Cohort
from collaboratives.queries import seats
from questionnaires.answers import clean, clean_other
from questionnaires.queries import form_of
from questionnaires.rules import problems, visible_answers
from questionnaires.schema import Form, Kind


@dataclass(frozen=True)
class Brought:
    """Answers and letters that count in the other cohort, and what it asks on top.

    letters: the letter that serves for each upload question of the other form.
    """

    answers: Mapping[str, Any]
    letters: Mapping[str, Letter]
    still_asked: list[str] = field(default_factory=list)
    not_needed: list[str] = field(default_factory=list)


def brought(application: Application, cohort: Cohort, letters: Sequence[Letter]) -> Brought:
    """Answers carry over by the codes that all programs share, where the question still fits."""
    here = form_of(application.response.version)
    assert cohort.application_form is not None
    there = form_of(cohort.application_form)
    answers = _fitting(here, there, visible_answers(here, application.response.answers))
    serving = _serving(here, there, letters)
    found = Brought(answers, serving)
    seen = set()
    for problem in problems(there, answers, set(serving)):
        if problem.field not in seen:
            seen.add(problem.field)
            found.still_asked.append(str(there.by_code[problem.field].label))
    found.still_asked.extend(team_problems(cohort.program.blueprint.team, there, answers))
    used = {letter.pk for letter in serving.values()}
    found.not_needed.extend(one.name for one in letters if one.required and one.pk not in used)
    return found


def _fitting(here: Form, there: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for key, value in answers.items():
        asked, was = there.by_answer.get(key), here.by_answer[key]
        if asked is None or asked.kind != was.kind:
            continue
        cleaned = clean(asked, value) if key == asked.code else clean_other(value)
        if cleaned.value is not None and not cleaned.issues:
            kept[key] = cleaned.value
    return kept


def _serving(here: Form, there: Form, letters: Sequence[Letter]) -> dict[str, Letter]:
    """A letter serves where it is signed by everybody whom the other program wants."""
    found = {}
    for asked in there.fields():
        if asked.kind != Kind.UPLOAD:
            continue
        for letter in letters:
            was = here.by_code.get(letter.field)
            if was is None or was.slot != asked.slot or not letter.is_here:
                continue
            if set(asked.signatories) <= set(letter.signed_by or was.signatories):
                found[asked.code] = letter
                break
    return found


def free_seats(
    cohort: Cohort, now: datetime, among: ApplicationQuerySet | None = None
) -> int | None:
    """Seats promised to nobody: not held, not offered, not decided and waiting for release.

    None when the cohort has no limit. among: for a page, the applications its reader may know
    of; what gives a seat counts all.
    """
    free = seats(cohort).free
    if free is None:
        return None
    known = Application.objects.all() if among is None else among
    here = known.filter(cohort=cohort)
    promised = here.holding_a_seat().count() + here.to_be_admitted().count()
    return max(0, free - promised)


@dataclass(frozen=True)
class OfferedSeats:
    """Seats of a cohort for offers to applicants of another program.

    left: those that nobody was promised yet; None when the cohort has no limit.
    """

    held: int
    promised: int
    left: int | None


def offered_seats(cohort: Cohort, now: datetime) -> OfferedSeats:
    """Seats kept for offers come first, then those that are free and offered to nobody."""
    room = seats(cohort)
    admitted = Application.objects.filter(cohort=cohort).holding_a_seat().count()
    promised = (
        Application.objects.offered(cohort).count()
        + Application.objects.keeping_a_seat(cohort, now).count()
    )
    left = None
    if room.free is not None:
        left = max(0, room.held + max(0, room.free - admitted) - promised)
    return OfferedSeats(room.held, promised, left)


@dataclass(frozen=True)
class PossibleOffer:
    cohort: Cohort
    brought: Brought
    seats: OfferedSeats


def possible_offers(
    application: Application, letters: Sequence[Letter], now: datetime
) -> list[PossibleOffer]:
    """The runs of another program that this one may offer, with what each asks on top."""
    refusal = application.cohort.program.blueprint.refusal
    if refusal.offer is None:
        return []
    return [
        PossibleOffer(cohort, brought(application, cohort, letters), offered_seats(cohort, now))
        for cohort in Cohort.objects.offered_by(refusal.offer, now)
        if can_offer(refusal, cohort, now)
    ]
