"""Mail is promised as a row in the transaction of its cause, and sent after it.

Whoever calls `post` never talks to a mail server. docs/adr/0005 says why.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from celery import current_app
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from messaging.models import OutboundMessage, Suppression
from messaging.rendering import Rendered, render
from messaging.sealing import Attachment, Body, seal
from messaging.states import State
from tenancy.models import Host

__all__ = ["Attachment", "OutsideTransaction", "post", "preview"]

log = logging.getLogger(__name__)

REFUSED_BEFORE = "This address has refused our mail before."
QUIET = 10.0  # seconds without hints after one failed; the clock's own run comes as often
IMPATIENT = {"socket_timeout": 1, "max_retries": 1, "interval_start": 0}
_no_hint_before = 0.0


class OutsideTransaction(RuntimeError):
    """`post` was called where nothing holds the mail and its cause together."""


def post(
    *,
    host_id: UUID,
    to: str,
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    about: models.Model | None = None,
    language: str = "en",
    attachments: Sequence[Attachment] = (),
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    secrets: Sequence[str] = (),
    reply_to: str = "",
    private: bool = False,
    cohort_slug: str = "",
) -> OutboundMessage | None:
    """Write one mail into the caller's transaction; None when that key was posted before.

    secrets: tokens in the links; staff see `[private link]` in their place, and they leave
    the stored body once it is sent. private: shown to no staff (consent). cohort_slug: by
    default that of `about`, which lets staff find the mail in the cohort's list.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("post() must share a transaction with the change it reports")
    host = Host.objects.get(pk=host_id)
    rendered = render(template, _shared(host) | context, language=language)
    if any(secret in rendered.subject for secret in secrets):
        raise ValueError("A subject is shown to staff and must not hold a private link.")
    to = to.strip().lower()
    now = timezone.now()
    message = OutboundMessage(
        host_id=host_id,
        dedupe_key=dedupe_key,
        to=to,
        sender_name=host.name,
        reply_to=reply_to or host.contact_email,
        subject=rendered.subject[:300],
        template=template,
        language=language,
        body=seal(
            Body(
                text=rendered.text,
                html=rendered.html,
                secrets=tuple(secrets),
                attachments=tuple(attachments),
            )
        ),
        not_before=not_before,
        expires_at=expires_at,
        next_attempt_at=max(now, not_before) if not_before else now,
        created_at=now,
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        cohort_slug=cohort_slug or _cohort_slug(about),
        is_private=private,
    )
    message.message_id = new_message_id(message.guid)
    if Suppression.objects.filter(address_sha256=address_sha256(to)).exists():
        message.state, message.last_error = State.WITHHELD, REFUSED_BEFORE
    OutboundMessage.objects.bulk_create([message], ignore_conflicts=True)
    written = OutboundMessage.objects.filter(guid=message.guid).first()
    if written is not None:
        nudge_after_commit()
    return written


def preview(*, host: Host, template: str, context: dict[str, Any], language: str) -> Rendered:
    """What `post` would write, for somebody to read before it is sent."""
    return render(template, _shared(host) | context, language=language)


def _shared(host: Host) -> dict[str, Any]:
    return {"host": host, "public_url": settings.PUBLIC_URL}


def _cohort_slug(about: models.Model | None) -> str:
    """The slug of the cohort that a row, or its team, belongs to."""
    cohort = getattr(about, "cohort", None) or getattr(getattr(about, "team", None), "cohort", None)
    return getattr(cohort, "slug", "")


def address_sha256(address: str) -> str:
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def new_message_id(guid: UUID | None = None) -> str:
    """Made once with the row, so that every attempt carries the same one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{guid or uuid4()}@{domain}>"


def nudge_after_commit() -> None:
    """Hint once per transaction that mail is due."""
    if not any(hint is _nudge for _savepoints, hint, _robust in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    """A hint, not the truth: when the broker is away, the clock's next run finds the row."""
    global _no_hint_before
    if monotonic() < _no_hint_before:
        return
    try:
        options = {**current_app.conf.broker_transport_options, **IMPATIENT}
        with current_app.connection_for_write(
            connect_timeout=1, transport_options=options
        ) as broker:
            current_app.send_task(
                "messaging.tasks.deliver_due", connection=broker, retry=False, expires=60
            )
    except Exception as error:
        _no_hint_before = monotonic() + QUIET
        log.warning("no hint that mail is due: %s", error)
