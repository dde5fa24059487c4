"""Judging the program's criteria, one by one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.locking import lock
from applications.actions.refusals import Refused
from applications.models import Application, Screening
from applications.queries.letters import letters_with_terms
from applications.queries.screening import screening
from applications.states import OPEN
from tenancy import audit


@transaction.atomic
def screen(
    *,
    application: Application,
    criterion: str,
    met: bool | None,
    reason: str = "",
    by: User,
    now: datetime,
) -> Screening | None:
    """Say whether a criterion is met; None takes one's word back.

    Raises Refused without a reason where the rules found the opposite.
    """
    application = lock(application)
    if application.status not in OPEN:
        raise Refused(_("This application is decided. It can't be judged anew."))
    found = _found(application, criterion)
    before = Screening.objects.filter(application=application, criterion=criterion).first()
    if met is None:
        if before is not None:
            before.delete()
            audit.record(
                "took back a judgement", application, by=by, before={criterion: before.met}
            )
        return None
    if found is not None and found != met and not reason.strip():
        raise Refused(_("Say why you judge otherwise than what was found."))
    values = {
        "met": met,
        "found": found,
        "reason": reason.strip(),
        "judged_at": now,
        "judged_by": by,
    }
    made, _new = Screening.objects.update_or_create(
        application=application,
        criterion=criterion,
        defaults=values,
        create_defaults={"host_id": application.host_id, **values},
    )
    audit.record(
        "judged a criterion",
        application,
        by=by,
        before={criterion: before.met if before else None},
        after={criterion: met},
        reason=reason.strip(),
    )
    return made


def _found(application: Application, criterion: str) -> bool | None:
    """What the rules say about it, without anybody's word."""
    blueprint = application.cohort.program.blueprint
    for one in screening(application, blueprint, letters_with_terms(application)):
        if one.code == criterion:
            return one.found
    raise Refused(_("This criterion is not in the program."))
