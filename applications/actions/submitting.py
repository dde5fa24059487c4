"""Sending an application in, and sending its changes in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.copies import draw_submission
from applications.actions.locking import hand_on, lock
from applications.actions.people import tell_who_emailed
from applications.actions.refusals import Closed, Incomplete, Refused
from applications.actions.seats import take_kept_seat
from applications.models import Application, Submission
from applications.queries import copies
from applications.queries.answers import organization_facts
from applications.queries.conflicts import ties_now
from applications.queries.own import own_page
from applications.queries.tasks import missing
from applications.rules import (
    begins_to_submit,
    in_grace,
    may_submit,
    takes_changes,
    takes_submission,
)
from applications.states import RECEIVED, machine
from collaboratives.actions import find_or_add_organization
from tenancy import audit


def note_begun(*, application: Application, now: datetime) -> None:
    """Whoever opens the last pages before the close may finish within the silent grace."""
    if begins_to_submit(application, now):
        application.submission_begun_at = now
        application.save(update_fields=["submission_begun_at"])


@transaction.atomic
def submit(
    *, application: Application, signed_name: str, signed_title: str = "", by: User, now: datetime
) -> Application:
    """Send the application in, or its changes, with the typed name under the statement.

    Submitting twice gives the same receipt: what was received is given back as it is.
    Raises Closed after the silent grace, Incomplete with all that is missing.
    """
    application = lock(application)
    if application.status in RECEIVED and application.revision is None:
        return application
    hand = hand_on(application, by)
    if hand is None or not may_submit(hand.role, hand.can_submit):
        raise Refused(_("Only the lead applicant can submit."))
    again = application.status in RECEIVED
    if again and not takes_changes(application, now):
        raise Closed(_("Changes have closed. What you sent before counts."))
    to_state = application.status if again else machine.target("submit", application.status)
    if not takes_submission(application, now):
        raise Closed(_("Applications have closed. Your answers are kept."))
    _refuse_what_is_missing(application)
    if again:
        write_down_the_first(application)
        take_over_changes(application)
    before, application.status = application.status, to_state
    application.received_at = application.received_at or application.emailed_at or now
    application.submitted_at, application.submitted_by = now, by
    application.signed_name, application.signed_title = signed_name.strip(), signed_title.strip()
    application.in_grace = in_grace(application, now)
    application.progress = 100
    facts = organization_facts(application.response.answers)
    application.organization = find_or_add_organization(host_id=application.host_id, by=by, **facts)
    application.organization_name = application.organization.name
    application.ties = ties_now(application)
    application.save()
    sent = write_down(application)
    audit.record(
        "resubmitted" if again else "submitted",
        application,
        by=by,
        before={"status": before},
        after={
            "status": to_state,
            "version": sent.number,
            "in_grace": application.in_grace,
            "sha256": sent.sha256,
        },
    )
    if again:
        emails.changed(application, sent=sent)
    elif application.linked_from is not None:
        take_kept_seat(application, by=by, now=now)
    else:
        emails.received(application)
        tell_who_emailed(application, about="sent", now=now)
    return application


def _refuse_what_is_missing(application: Application) -> None:
    found = missing(
        application,
        application.cohort.program.blueprint,
        letters=list(application.letters.all()),
        videos=list(application.videos.select_related("upload").all()),
    )
    if found:
        raise Incomplete(_("Some answers are missing."), found)


def take_over_changes(application: Application) -> None:
    """From now on the changed answers are those that count. The caller saves."""
    if application.revision is not None:
        application.response, application.revision = application.revision, None


def write_down_the_first(application: Application) -> None:
    """What was sent before submissions were written down, or came by another way."""
    if not application.submissions.exists():
        write_down(application)


def write_down(application: Application) -> Submission:
    assert application.submitted_by is not None and application.submitted_at is not None
    text = copies.canonical(copies.document(application, own_page(application), private=False))
    sent = Submission.objects.create(
        host_id=application.host_id,
        application=application,
        number=application.submissions.count() + 1,
        response=application.response,
        submitted_at=application.submitted_at,
        submitted_by=application.submitted_by,
        signed_name=application.signed_name,
        signed_title=application.signed_title,
        in_grace=application.in_grace,
        document=text,
        sha256=copies.sha256(text),
    )
    draw_submission(submission=sent, application=application)
    return sent
