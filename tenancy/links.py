"""Links that work without an account. A GET never changes anything; only a POST acts."""

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenancy.models import Link


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(*, kind: str, subject: models.Model, expires_at: datetime, email: str = "") -> str:
    """Make a link to a host-owned row and return its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    Link.objects.create(
        sha256=_sha256(token),
        host_id=subject.host_id,  # type: ignore[attr-defined]
        kind=kind,
        subject_id=subject.pk,
        email=email.lower(),
        expires_at=expires_at,
    )
    return token


def _standing(kind: str, expired_too: bool) -> models.QuerySet[Link]:
    links = Link.objects.select_related("host").filter(kind=kind, revoked_at=None)
    return links if expired_too else links.filter(expires_at__gt=timezone.now())


def find(token: str, *, kind: str, expired_too: bool = False) -> Link | None:
    """The link of this token if it is of this kind and neither expired nor revoked.

    expired_too: also one that time alone has closed, whose holder may ask for a new one.
    """
    return _standing(kind, expired_too).filter(sha256=_sha256(token)).first()


def find_again(link_pk: int, *, kind: str, expired_too: bool = False) -> Link | None:
    """The same for a link that was found by its token before."""
    return _standing(kind, expired_too).filter(pk=link_pk).first()


def spend(link: Link, *, now: datetime) -> None:
    """Note the first use. What may be used once is judged by the room, under its lock."""
    Link.objects.filter(pk=link.pk, used_at=None).update(used_at=now)


def revoke(*, kind: str, subject: models.Model, now: datetime) -> int:
    """Close every open link of this kind to this row. Returns how many."""
    return Link.objects.filter(
        Q(expires_at__gt=now),
        kind=kind,
        host_id=subject.host_id,  # type: ignore[attr-defined]
        subject_id=subject.pk,
        revoked_at=None,
    ).update(revoked_at=now)
