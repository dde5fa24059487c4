"""Which links this browser has opened: one signed cookie a link, good below /r/ only.

After the first look the address names the link by a reference, which opens nothing without the
cookie. So the token stands in no history, no log and no referrer. One cookie a link, so that two
tabs that open at the same moment do not take each other's place.
"""

import re

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tenancy.models import Link

SECONDS = 60 * 60
PATH = "/r/"
KEPT = 40  # cookies, so that the header of a busy leader stays short
_PREFIX = "__Secure-link." if settings.HTTPS else "link."
_SHAPE = re.compile(r"[0-9a-f]{12}")
_signer = signing.TimestampSigner(salt="accounts.opened_links")


def reference(link_pk: int) -> str:
    """What the address calls the link; always the same, so that a browser's history works."""
    return salted_hmac("accounts.opened_links", str(link_pk), algorithm="sha256").hexdigest()[:12]


def is_reference(text: str) -> bool:
    return _SHAPE.fullmatch(text) is not None


def opened(request: HttpRequest, called: str) -> int | None:
    """The link that this browser opened under this reference within the hour."""
    try:
        signed = request.COOKIES.get(_PREFIX + called, "")
        link_pk = int(_signer.unsign(signed, max_age=SECONDS))
    except (signing.BadSignature, ValueError):
        return None
    return link_pk if reference(link_pk) == called else None


def remember(request: HttpRequest, response: HttpResponse, link: Link) -> None:
    """Keep the link open for an hour from now."""
    name = _PREFIX + reference(link.pk)
    response.set_cookie(
        name,
        _signer.sign(str(link.pk)),
        max_age=SECONDS,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    others = [key for key in request.COOKIES if key.startswith(_PREFIX) and key != name]
    for key in others[KEPT - 1 :]:
        response.delete_cookie(key, path=PATH)
