"""What the clock does: it reminds, with nothing of a draft's content, and only while it helps."""

from django.db import transaction

from applications import emails
from applications.actions.locking import lock
from applications.models import Application
from applications.states import Status, Turn


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
