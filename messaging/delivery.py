"""Sending what is due: claim by a lease, send outside any transaction, then note the outcome.

A worker that dies leaves its lease to run out, and the next one sends with the same
Message-ID. So mail arrives at least once, and twice only when a worker dies between the
mail server's 250 and our commit.
"""

import logging
import os
import random
import socket
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction

from messaging import smtp
from messaging.models import DeliveryAttempt, GlobalMessage, Message, OutboundMessage, Suppression
from messaging.outbox import address_sha256
from messaging.sealing import Body, Unreadable, seal, unseal
from messaging.smtp import Answer
from messaging.states import Outcome, machine
from tenancy.active import all_hosts, open_host

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
ONE_RUN = 60.0  # seconds; the next run goes on
PER_CONNECTION = 50
GIVE_UP_AFTER = timedelta(hours=72)
LADDER = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 180, 360, 720)]
TOO_LATE = "It came too late to be of use and was not sent."


def deliver_due(*, now: datetime) -> int:
    """Send what is due at `now` and while this runs. Returns how many went out."""
    if settings.PRODUCTION and not settings.EMAIL_URL:
        log.error("EMAIL_URL is not set: mail waits")
        return 0
    started, sent, tried = monotonic(), 0, 0
    backend = None if stays_here() else smtp.server()
    try:
        while (spent := monotonic() - started) < ONE_RUN:
            message = claim(now=now + timedelta(seconds=spent))
            if message is None:
                break
            answer = _attempt(backend, message, now=now + timedelta(seconds=spent))
            spent = monotonic() - started
            if _settle(message, answer, now=now + timedelta(seconds=spent)):
                sent += answer.outcome in (Outcome.SENT, Outcome.KEPT_HERE)
            tried += 1
            if answer.is_ours:
                log.error("the mail server does not serve us: %s %s", answer.code, answer.detail)
                break
            if backend and tried % PER_CONNECTION == 0:
                backend.close()
    finally:
        if backend:
            backend.close()
    return sent


def stays_here() -> bool:
    """In demo mode, and on a developer's machine without a mail server, nothing leaves."""
    return settings.DEMO_MODE or not settings.EMAIL_URL


def claim(*, now: datetime) -> Message | None:
    """Take the most urgent due message for this worker, sign-in mail before all other."""
    for model in (GlobalMessage, OutboundMessage):
        # Every host: which of them has due mail is known only by looking at all. The
        # policy `claim` shows app_worker open messages, and only while no host is open.
        with all_hosts(), transaction.atomic():
            message = model.objects.claimable(now).select_for_update(skip_locked=True).first()
            if message is None:
                continue
            message.state = machine.target("claim", message.state)
            message.attempts += 1
            message.lease_no += 1
            message.locked_by = f"{socket.gethostname()}:{os.getpid()}"[:100]
            message.lease_until = now + LEASE
            model.objects.filter(pk=message.pk).update(
                state=message.state,
                attempts=message.attempts,
                lease_no=message.lease_no,
                locked_by=message.locked_by,
                lease_until=message.lease_until,
            )
            return message
    return None


def _attempt(backend: Any, message: Message, *, now: datetime) -> Answer:
    if message.expires_at and message.expires_at <= now:
        return Answer(Outcome.EXPIRED, None, TOO_LATE)
    try:
        body = unseal(message.body)
    except Unreadable:
        return Answer(Outcome.FAILED, None, "The key that sealed this mail is gone.")
    if backend is None:
        return Answer(Outcome.KEPT_HERE)
    return smtp.send(backend, message, body)


def _settle(message: Message, answer: Answer, *, now: datetime) -> bool:
    """Note the outcome, unless the lease was lost meanwhile."""
    with _at_home(message):
        changed = (
            type(message)
            .objects.held_by(message)
            .update(
                lease_until=None,
                locked_by="",
                last_code=answer.code,
                last_error=answer.detail,
                **_changes(message, answer, now=now),
            )
        )
        if not changed:
            log.warning("lease lost on mail %s: another worker has it", message.guid)
            return False
        if isinstance(message, OutboundMessage):
            _note_attempt(message, answer, now=now)
    return True


def _changes(message: Message, answer: Answer, *, now: datetime) -> dict[str, Any]:
    match answer.outcome:
        case Outcome.SENT | Outcome.KEPT_HERE:
            changes = {"state": machine.target("deliver", message.state), "sent_at": now}
            return changes if settings.DEMO_MODE else {**changes, **_without_secrets(message)}
        case Outcome.RETRY if now - _first_due(message) >= GIVE_UP_AFTER:
            return {"state": machine.target("give_up", message.state)}
        case Outcome.RETRY:
            wait = delay(message.attempts, spread=random.uniform(0.8, 1.2))
            return {
                "state": machine.target("postpone", message.state),
                "next_attempt_at": now + wait,
            }
        case Outcome.EXPIRED:
            return {"state": machine.target("expire", message.state), **_without_secrets(message)}
    return {"state": machine.target("refuse", message.state)}


def _first_due(message: Message) -> datetime:
    return max(filter(None, (message.created_at, message.not_before)))


def _without_secrets(message: Message) -> dict[str, Any]:
    """The body as it is kept: private links blanked; nothing at all of sign-in mail."""
    if isinstance(message, GlobalMessage):
        return {"body": seal(Body(text="")), "is_blanked": True}
    body = unseal(message.body)
    return {"body": seal(body.blanked()), "is_blanked": True} if body.secrets else {}


def _note_attempt(message: OutboundMessage, answer: Answer, *, now: datetime) -> None:
    DeliveryAttempt.objects.create(
        host_id=message.host_id,
        message=message,
        lease_no=message.lease_no,
        worker=message.locked_by,
        ended_at=now,
        outcome=answer.outcome,
        code=answer.code,
        detail=answer.detail,
    )
    if answer.suppress:
        Suppression.objects.bulk_create(
            [
                Suppression(
                    host_id=message.host_id,
                    address_sha256=address_sha256(message.to),
                    reason=f"{answer.code} {answer.detail}"[:300],
                    since=now,
                )
            ],
            ignore_conflicts=True,
        )


def _at_home(message: Message) -> AbstractContextManager[Any]:
    if isinstance(message, OutboundMessage):
        return open_host(message.host_id)
    return transaction.atomic()


def delay(attempts: int, *, spread: float) -> timedelta:
    """How long to wait after so many attempts; spread: 0.8 to 1.2, so that crowds part."""
    return LADDER[min(attempts, len(LADDER)) - 1] * spread
