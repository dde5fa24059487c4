"""One act on many applications. Each stands for itself: what became of it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.assigning import give
from applications.actions.deciding import begin_review, decide, undo_decision
from applications.actions.locking import lock
from applications.actions.refusals import Refused
from applications.actions.reminding import remind_now
from applications.models import Application
from applications.states import OPEN, Status
from collaboratives.models import Cohort
from tenancy import audit
from workflow.machine import TransitionNotAllowed


@dataclass(frozen=True)
class Result:
    """What became of one application; why nothing did, in `refused`."""

    application: Application
    refused: str = ""


Act = Callable[[Application], object]


def _begin_review(one: Application, by: User, now: datetime) -> None:
    begin_review(application=one, by=by)


def _undo_decision(one: Application, by: User, now: datetime) -> None:
    undo_decision(application=one, by=by)


def _remind(one: Application, by: User, now: datetime) -> None:
    remind_now(application=one, by=by, now=now)


ACTS: dict[str, Callable[[Application, User, datetime], None]] = {
    "begin_review": _begin_review,
    "undo_decision": _undo_decision,
    "remind": _remind,
}


@transaction.atomic
def do_with_each(
    *, act: str, cohort: Cohort, applications: Iterable[Application], by: User, now: datetime
) -> list[Result]:
    """Do one of ACTS with each of these applications of a cohort. One that can't be moved keeps
    none of the others back."""
    return _each(act, cohort, applications, lambda one: ACTS[act](one, by, now), by=by)


@transaction.atomic
def assign_each(
    *,
    cohort: Cohort,
    applications: Iterable[Application],
    reviewer: User,
    by: User,
    now: datetime,
) -> list[Result]:
    """Give each of these to one reader, who gets one mail however many they are."""

    def act(one: Application) -> None:
        if one.status not in OPEN:
            raise TransitionNotAllowed(one.status)
        if not give(application=one, reviewer=reviewer, by=by, now=now):
            raise Refused(_("%(name)s has it already.") % {"name": reviewer})

    results = _each("assign", cohort, applications, act, by=by)
    given = sum(not one.refused for one in results)
    if given:
        emails.reviews_assigned(cohort, reader=reviewer, count=given, at=now)
    return results


@transaction.atomic
def decide_each(
    *,
    cohort: Cohort,
    applications: Iterable[Application],
    outcome: str,
    feedback: str = "",
    offered_cohort: Cohort | None = None,
    by: User,
    now: datetime,
) -> list[Result]:
    """Record the same decision for each of these, by the rules of one alone.

    Left as they are: what has a decision, whose feedback was written for it; and what the person
    is to read and has not said that they may.
    """
    undeclared = set(Application.objects.undeclared(by).values_list("application_id", flat=True))

    def act(one: Application) -> None:
        if one.pk in undeclared:
            raise Refused(_("Open it first and say if you have a conflict of interest."))
        if one.status == Status.DECIDED:
            words = _("It has a decision: %(outcome)s. Take it back first.")
            raise Refused(words % {"outcome": one.get_outcome_display()})
        decide(
            application=one,
            outcome=outcome,
            feedback=feedback,
            offered_cohort=offered_cohort,
            by=by,
            now=now,
        )

    return _each("decide", cohort, applications, act, by=by)


def _each(
    verb: str, cohort: Cohort, applications: Iterable[Application], act: Act, *, by: User
) -> list[Result]:
    results = []
    for picked in applications:
        one = picked
        try:
            with transaction.atomic():
                one = lock(picked)  # as it stands now, whatever the list showed
                act(one)
            results.append(Result(one))
        except TransitionNotAllowed:
            state = one.get_status_display()
            results.append(Result(one, _("Not possible while it is: %(state)s") % {"state": state}))
        except Refused as refused:
            results.append(Result(one, str(refused)))
    if results:
        refused = sum(bool(one.refused) for one in results)
        numbers = {"done": len(results) - refused, "refused": refused}
        # No references: what happened to each is told where only those see it who may.
        audit.record(f"{verb}_for_many", cohort, by=by, after=numbers)
    return results
