"""Bodies of mail are kept encrypted: they hold links that open things without an account."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

BLANK = "[private link]"


class Unreadable(Exception):
    """The key that sealed this body is no longer among SECRET_KEY and its fallbacks."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail. text/calendar becomes an alternative of the text."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Body:
    text: str
    html: str = ""
    secrets: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def blanked(self) -> "Body":
        """The same with `[private link]` where a secret stands, in calendar files too."""
        return replace(
            self,
            text=blank(self.text, self.secrets),
            html=blank(self.html, self.secrets),
            secrets=(),
            attachments=tuple(
                replace(a, content=blank(a.content.decode(), self.secrets).encode())
                if a.content_type.startswith("text/")
                else a
                for a in self.attachments
            ),
        )


def blank(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, BLANK)
    return text


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    digests = [hashlib.sha256(b"bodies of mail:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _present_ring() -> MultiFernet:
    return _ring((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(body: Body) -> bytes:
    plain = asdict(body)
    for attachment in plain["attachments"]:
        attachment["content"] = base64.b64encode(attachment["content"]).decode()
    return _present_ring().encrypt(json.dumps(plain).encode())


def unseal(sealed: bytes | memoryview) -> Body:
    """Raises Unreadable when no present key opens it."""
    try:
        plain = json.loads(_present_ring().decrypt(bytes(sealed)))
    except InvalidToken:
        raise Unreadable from None
    return Body(
        text=plain["text"],
        html=plain["html"],
        secrets=tuple(plain["secrets"]),
        attachments=tuple(
            Attachment(a["name"], a["content_type"], base64.b64decode(a["content"]))
            for a in plain["attachments"]
        ),
    )
