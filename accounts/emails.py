"""One function per email. Django's mail API stores each as a row; messaging sends it."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Invitation


def _send(name: str, *, to: str, language: str, context: dict[str, Any]) -> None:
    context = {**context, "public_url": settings.PUBLIC_URL}
    with override(language):
        subject = " ".join(render_to_string(f"emails/accounts/{name}_subject.txt", context).split())
        text = render_to_string(f"emails/accounts/{name}.txt", context)
        html = render_to_string(f"emails/accounts/{name}.html", context)
    mail = EmailMultiAlternatives(subject, text, to=[to])
    mail.attach_alternative(html, "text/html")
    mail.send()


def start_code(*, email: str, code: str, minutes: int, language: str) -> None:
    context = {"host": None, "code": code, "minutes": minutes}
    _send("start_code", to=email, language=language, context=context)


def invited(invitation: Invitation, *, token: str, language: str) -> None:
    context = {
        "host": invitation.host,
        "invited_by": invitation.invited_by,
        "roles": invitation.role_labels,
        "expires_at": invitation.expires_at,
        "url": settings.PUBLIC_URL + reverse("accounts_links:invitation", args=[token]),
    }
    _send("invited", to=invitation.email, language=language, context=context)
