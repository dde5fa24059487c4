"""One act on many applications. Each stands for itself: what became of it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.deciding import begin_review, undo_decision
from applications.actions.refusals import Refused
from applications.actions.reminding import remind_now
from applications.models import Application
from collaboratives.models import Cohort
from tenancy import audit
from workflow.machine import TransitionNotAllowed


@dataclass(frozen=True)
class Result:
    """What became of one application; why nothing did, in `refused`."""

    application: Application
    refused: str = ""


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
    results = []
    for one in applications:
        try:
            with transaction.atomic():
                ACTS[act](one, by, now)
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
        audit.record(f"{act}_for_many", cohort, by=by, after=numbers)
    return results
