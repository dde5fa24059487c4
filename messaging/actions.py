"""What staff do with mail that was posted."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from messaging.models import OutboundMessage, Suppression
from messaging.outbox import address_sha256, new_message_id, nudge_after_commit
from messaging.rules import can_send_again
from messaging.sealing import seal, unseal
from messaging.states import State, machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed


def _locked(message: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)


@transaction.atomic
def cancel(*, message: OutboundMessage, by: User) -> OutboundMessage:
    """Keep a waiting mail from going out. Raises TransitionNotAllowed once it is on its way."""
    message = _locked(message)
    before = message.state
    message.state = machine.target("cancel", before)
    message.body, message.is_blanked = seal(unseal(message.body).blanked()), True
    message.save(update_fields=["state", "body", "is_blanked"])
    audit.record(
        "cancelled", message, by=by, before={"state": before}, after={"state": message.state}
    )
    return message


@transaction.atomic
def send_again(*, message: OutboundMessage, now: datetime, by: User) -> OutboundMessage:
    """Send a mail once more: the same row if it never arrived, a copy if it did.

    Trusts the address again if it had refused our mail. Raises TransitionNotAllowed for mail
    that still waits, and for mail whose private link is gone.
    """
    message = _locked(message)
    if not can_send_again(message):
        raise TransitionNotAllowed(f"cannot send again from {message.state}")
    Suppression.objects.filter(address_sha256=address_sha256(message.to)).delete()
    before = message.state
    if before == State.SENT:
        message = _copy(message, now=now)
    else:
        message.state = machine.target("send_again", before)
        message.attempts, message.last_code, message.last_error = 0, None, ""
        message.created_at = message.next_attempt_at = now
        message.expires_at = None
        message.save()
    audit.record(
        "sent again", message, by=by, before={"state": before}, after={"state": message.state}
    )
    nudge_after_commit()
    return message


def _copy(message: OutboundMessage, *, now: datetime) -> OutboundMessage:
    root = message.dedupe_key.partition(":again:")[0][:180]
    guid = uuid4()
    times = OutboundMessage.objects.filter(dedupe_key__startswith=f"{root}:again:").count()
    return OutboundMessage.objects.create(
        host_id=message.host_id,
        guid=guid,
        message_id=new_message_id(guid),
        dedupe_key=f"{root}:again:{times + 1}",
        to=message.to,
        sender_name=message.sender_name,
        reply_to=message.reply_to,
        subject=message.subject,
        template=message.template,
        language=message.language,
        body=message.body,
        about_type=message.about_type,
        about_id=message.about_id,
        cohort_slug=message.cohort_slug,
        next_attempt_at=now,
        created_at=now,
    )
