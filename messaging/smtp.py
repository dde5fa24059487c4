"""Handing one message to the mail server, and what its answer means for the next try."""

import smtplib
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

import environ
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from messaging.models import Message
from messaging.sealing import Body
from messaging.states import Outcome

TIMEOUT = 10  # seconds for each answer; all of them together stay below the lease
NO_SUCH_ADDRESS = (550, 551, 553)


@dataclass(frozen=True)
class Answer:
    """What came of an attempt.

    suppress: the address is gone for good. is_ours: our server or set-up is at fault, so
    that other messages would fare no better now.
    """

    outcome: Outcome
    code: int | None = None
    detail: str = ""
    suppress: bool = False
    is_ours: bool = False


def server() -> EmailBackend:
    config = environ.Env.email_url_config(settings.EMAIL_URL)
    return EmailBackend(
        host=config["EMAIL_HOST"],
        port=config["EMAIL_PORT"] or 25,
        username=config["EMAIL_HOST_USER"] or "",
        password=config["EMAIL_HOST_PASSWORD"] or "",
        use_tls=config.get("EMAIL_USE_TLS", False),
        use_ssl=config.get("EMAIL_USE_SSL", False),
        timeout=TIMEOUT,
    )


def send(backend: EmailBackend, message: Message, body: Body) -> Answer:
    """Send over an open or new connection; closes it when the server is in doubt."""
    try:
        backend.send_messages([envelope(message, body)])
    except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
        answer = judge(error)
        if answer.is_ours:
            backend.connection = None
        return answer
    return Answer(Outcome.SENT, 250)


def envelope(message: Message, body: Body) -> EmailMultiAlternatives:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=body.text,
        from_email=formataddr((message.sender_name or name, address)),
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if body.html:
        email.attach_alternative(body.html, "text/html")
    for attachment in body.attachments:
        if attachment.content_type.startswith("text/calendar"):
            email.attach_alternative(attachment.content.decode(), attachment.content_type)
        else:
            email.attach(attachment.name, attachment.content, attachment.content_type)
    return email


def judge(error: Exception) -> Answer:
    """Sort a failure: not now, not this address, or our own set-up."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _about_recipient(code, _words(words))
    if isinstance(error, smtplib.SMTPDataError):
        if error.smtp_code >= 500:
            return Answer(Outcome.FAILED, error.smtp_code, _words(error.smtp_error))
        return Answer(Outcome.RETRY, error.smtp_code, _words(error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):  # connect, hello, sender, sign-in
        return Answer(Outcome.RETRY, error.smtp_code, _words(error.smtp_error), is_ours=True)
    if isinstance(error, (smtplib.SMTPException, OSError)):
        return Answer(Outcome.RETRY, None, f"{type(error).__name__}: {error}"[:300], is_ours=True)
    return Answer(Outcome.FAILED, None, f"{type(error).__name__}: {error}"[:300])


def _about_recipient(code: int, words: str) -> Answer:
    if code < 500:
        return Answer(Outcome.RETRY, code, words)
    by_policy = words.startswith("5.7.")  # the server objects to us, not to the address
    return Answer(Outcome.FAILED, code, words, suppress=code in NO_SUCH_ADDRESS and not by_policy)


def _words(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:300]
