"""Django's mail API, for accounts and allauth: mail without a host becomes a row as well."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language

from messaging.models import GlobalMessage
from messaging.outbox import new_message_id, nudge_after_commit
from messaging.sealing import Body, seal

URGENT = 1  # somebody waits at the sign-in page for it


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            rows = [_row(email, to) for email in email_messages for to in email.recipients()]
            GlobalMessage.objects.bulk_create(rows)
            nudge_after_commit()
        return len(email_messages)


def _row(email: EmailMessage, to: str) -> GlobalMessage:
    html = next(
        (part for part, kind in getattr(email, "alternatives", []) if kind == "text/html"), ""
    )
    message = GlobalMessage(
        to=parseaddr(to)[1].lower(),
        subject=" ".join(str(email.subject).split())[:300],
        language=(get_language() or "en")[:5],
        body=seal(Body(text=str(email.body), html=str(html))),
        reply_to=parseaddr(email.reply_to[0])[1] if email.reply_to else "",
        priority=URGENT,
    )
    message.message_id = new_message_id(message.guid)
    return message
