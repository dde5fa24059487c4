"""What the clock does: it reminds, with nothing of a draft's content, and only while it helps."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails, rules
from applications.actions.locking import lock
from applications.actions.refusals import Closed, Refused
from applications.models import Application
from applications.states import Status, Turn
from tenancy import audit


@transaction.atomic
def remind_of_draft(*, application: Application, offset: str) -> bool:
    """Tell the editors that a draft is not sent yet. False when it has been meanwhile."""
    application = lock(application)
    if application.status != Status.DRAFT:
        return False
    emails.draft_reminder(application, offset=offset)
    return True


@transaction.atomic
def remind_of_kept_seat(*, application: Application, offset: str) -> bool:
    """Tell the editors that the place they took up waits for a few answers."""
    application = lock(application)
    if application.status != Status.DRAFT:
        return False
    emails.kept_seat_reminder(application, offset=offset)
    return True


@transaction.atomic
def remind_of_offer(*, application: Application) -> bool:
    """Tell the editors that an offer ends soon. False when it was answered meanwhile."""
    application = lock(application)
    if application.status != Status.RELEASED or application.turn != Turn.APPLICANT:
        return False
    emails.offer_reminder(application)
    return True


@transaction.atomic
def remind_now(*, application: Application, by: User, now: datetime) -> None:
    """What the clock would say to the editors of a draft, because staff ask for it. Once a day."""
    application = lock(application)
    if application.status != Status.DRAFT:
        raise Refused(_("It is not a draft any more."))
    offset = f"staff:{now.astimezone(application.cohort.zone).date()}"
    if application.linked_from_id:
        written = emails.kept_seat_reminder(application, offset=offset)
    elif application.closes_at is None or not rules.is_open(application, now):
        raise Closed(_("It can't be sent in now, so a reminder is no help."))
    else:
        written = emails.draft_reminder(application, offset=offset)
    if not written:
        raise Refused(_("It was reminded today."))
    audit.record("remind", application, by=by)
