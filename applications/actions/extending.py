"""More time: asked for by applicants, given by staff to one or to all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock, role_on
from applications.actions.refusals import Refused
from applications.models import Application
from applications.rules import can_ask_for_time, may_edit
from applications.states import Status
from collaboratives.actions import move_deadline
from collaboratives.models import Cohort
from tenancy import audit


@transaction.atomic
def ask_for_time(*, application: Application, reason: str, by: User, now: datetime) -> Application:
    """Ask staff for more time. They see who asks and why, and nothing of the draft."""
    application = lock(application)
    if not may_edit(role_on(application, by)):
        raise Refused(_("You can read this application, but not change it."))
    if not can_ask_for_time(application, now):
        raise Refused(_("We have your request already, or there is still time."))
    application.more_time_asked_at, application.more_time_asked_by = now, by
    application.more_time_reason = reason.strip()
    application.save()
    audit.record("asked for more time", application, by=by)
    return application


def _answered(application: Application) -> None:
    application.more_time_asked_at = application.more_time_asked_by = None
    application.more_time_reason = ""


@transaction.atomic
def extend(
    *, application: Application, until: datetime, reason: str, by: User, now: datetime
) -> Application:
    """Give one application more time. Its reminders go by the new date, in a new round."""
    application = lock(application)
    if application.status != Status.DRAFT:
        raise Refused(_("This application is not a draft any more."))
    if until <= now:
        raise Refused(_("Choose a time that is still to come."))
    closes_at = application.closes_at
    if closes_at is not None and until <= closes_at:
        raise Refused(_("Choose a time after the present close."))
    application.extended_until, application.extended_at = until, now
    application.extensions += 1
    _answered(application)
    application.save()
    audit.record(
        "gave more time",
        application,
        by=by,
        before={"closes_at": closes_at.isoformat() if closes_at else None},
        after={"closes_at": until.isoformat()},
        reason=reason.strip(),
    )
    emails.deadline_changed(application, at=now)
    return application


@transaction.atomic
def refuse_time(*, application: Application, by: User, now: datetime) -> Application:
    """Say that there is no more time. Who asked is told."""
    application = lock(application)
    if application.more_time_asked_at is None:
        raise Refused(_("This request was answered already."))
    _answered(application)
    application.save()
    audit.record("gave no more time", application, by=by)
    emails.no_more_time(application, at=now)
    return application


@transaction.atomic
def extend_all(*, cohort: Cohort, until: datetime, reason: str, by: User, now: datetime) -> int:
    """Move the close for everybody. Each draft is told; returns how many."""
    if until <= now or (cohort.closes_at is not None and until <= cohort.closes_at):
        raise Refused(_("Choose a time after the present close."))
    cohort = move_deadline(cohort=cohort, closes_at=until, reason=reason, by=by)
    told = 0
    for application in Application.objects.drafts().filter(cohort=cohort).order_by("pk"):
        application = lock(application)
        _answered(application)
        application.save()
        if application.closes_at == until:
            emails.deadline_changed(application, at=now)
            told += 1
    return told
