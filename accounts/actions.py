"""Every write about people, but what allauth itself keeps."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from accounts import emails, states
from accounts.models import Invitation, Membership, StartCode, User
from accounts.roles import Role
from tenancy import audit, links

CODE_MINUTES = 10
INVITATION_DAYS = 7
_UNMISTAKABLE = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, so no words; no 0, 1, I, O


class LastOwner(Exception):
    """A host keeps at least one owner."""


class AlreadyStaff(Exception):
    """The address belongs to somebody who works for the host already."""


class NotInvited(Exception):
    """The invitation is for another address, or for one that is not verified."""


@dataclass(frozen=True)
class CheckedCode:
    """email: the address that the code proved; None when the code was wrong or too old."""

    email: str | None
    tries_left: int = 0


# --- start: a code to an address ----------------------------------------------------------------


def _hash(browser_key: str) -> str:
    return hashlib.sha256(browser_key.encode()).hexdigest()


def _sealed(code: str, browser_key: str) -> str:
    """Peppered with the installation's secret, so that the table alone gives no code away."""
    return salted_hmac("accounts.start", f"{browser_key} {code}", algorithm="sha256").hexdigest()


@transaction.atomic
def request_start_code(*, email: str, language: str, now: datetime) -> str:
    """Mail a code and return the key that binds it to the browser that asked.

    Nothing here looks whether the address has an account, so nothing can tell.
    """
    browser_key = secrets.token_urlsafe(32)
    code = get_random_string(8, _UNMISTAKABLE)
    StartCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    StartCode.objects.create(
        browser_sha256=_hash(browser_key),
        code_sha256=_sealed(code, browser_key),
        email=email.lower(),
        expires_at=now + timedelta(minutes=CODE_MINUTES),
    )
    emails.start_code(
        email=email.lower(),
        code=f"{code[:4]}-{code[4:]}",
        minutes=CODE_MINUTES,
        language=language,
    )
    return browser_key


@transaction.atomic
def check_start_code(*, browser_key: str, code: str, now: datetime) -> CheckedCode:
    """Compare a typed code with the one that this browser asked for. Works once; three tries."""
    row = (
        StartCode.objects.select_for_update()
        .filter(browser_sha256=_hash(browser_key), expires_at__gt=now, tries_left__gt=0)
        .first()
    )
    if row is None:
        return CheckedCode(email=None)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    if constant_time_compare(row.code_sha256, _sealed(typed, browser_key)):
        row.delete()
        return CheckedCode(email=row.email)
    row.tries_left -= 1
    row.save(update_fields=["tries_left"])
    return CheckedCode(email=None, tries_left=row.tries_left)


@transaction.atomic
def person_at(*, email: str, name: str = "", language: str = "en") -> User:
    """The person of an address that has just been proved, made when there is none."""
    email = email.lower()
    known = EmailAddress.objects.select_related("user").filter(email=email, verified=True).first()
    if known is not None:
        return known.user
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=name, language=language)
    except IntegrityError:
        user = User.objects.get(email=email)
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exclude(email=email)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": not has_primary.exists()}
    )
    return user


def change_profile(*, user: User, name: str, language: str, time_zone: str) -> None:
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])


# --- staff ----------------------------------------------------------------------------------------


def _ordered(roles: Sequence[str]) -> list[str]:
    return [str(role) for role in Role if role in roles]


def _send(invitation: Invitation, *, language: str, now: datetime) -> None:
    invitation.sent_at = now
    invitation.expires_at = now + timedelta(days=INVITATION_DAYS)
    invitation.save(update_fields=["sent_at", "expires_at"])
    links.revoke(kind="invite", subject=invitation, now=now)
    token = links.issue(
        kind="invite",
        subject=invitation,
        expires_at=invitation.expires_at,
        email=invitation.email,
    )
    emails.invited(invitation, token=token, language=language)


@transaction.atomic
def invite(
    *, host_id: UUID, email: str, roles: Sequence[str], language: str, now: datetime, by: User
) -> Invitation:
    """Offer roles to an address. An open offer to the same address is sent again as this one.

    Raises AlreadyStaff for somebody who works for this host; whether the address has an
    account elsewhere makes no difference.
    """
    email = email.strip().lower()
    if Membership.objects.filter(user__email=email, ended_at=None).exists():
        raise AlreadyStaff(email)
    invitation, _made = Invitation.objects.select_for_update(of=("self",)).update_or_create(
        email=email,
        state=states.InvitationState.OPEN,
        defaults={"roles": _ordered(roles), "invited_by": by},
        create_defaults={
            "host_id": host_id,
            "roles": _ordered(roles),
            "invited_by": by,
            "sent_at": now,
            "expires_at": now,
        },
    )
    audit.record("invited", invitation, by=by, after={"roles": invitation.roles})
    _send(invitation, language=language, now=now)
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("invited_by", "host")
        .get(pk=invitation.pk)
    )


@transaction.atomic
def resend(*, invitation: Invitation, language: str, now: datetime, by: User) -> Invitation:
    """Send a new link and close the older one. Raises TransitionNotAllowed when it is over."""
    invitation = _locked(invitation)
    states.invitation.target("resend", invitation.state)
    audit.record("sent again", invitation, by=by)
    _send(invitation, language=language, now=now)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, now: datetime, by: User) -> Invitation:
    """Take an open offer back. Raises TransitionNotAllowed when it is over."""
    invitation = _locked(invitation)
    invitation.state = states.invitation.target("revoke", invitation.state)
    invitation.revoked_at = now
    invitation.save(update_fields=["state", "revoked_at"])
    links.revoke(kind="invite", subject=invitation, now=now)
    audit.record("withdrew", invitation, by=by)
    return invitation


@transaction.atomic
def accept(*, invitation: Invitation, now: datetime, by: User) -> Membership:
    """Take the offer. Raises NotInvited unless `by` has verified the invited address,
    TransitionNotAllowed when it was taken or withdrawn meanwhile."""
    invitation = _locked(invitation)
    if not EmailAddress.objects.filter(user=by, email=invitation.email, verified=True).exists():
        raise NotInvited(invitation.email)
    invitation.state = states.invitation.target("accept", invitation.state)
    invitation.accepted_at, invitation.accepted_by = now, by
    invitation.save(update_fields=["state", "accepted_at", "accepted_by"])
    links.revoke(kind="invite", subject=invitation, now=now)
    membership, made = Membership.objects.select_for_update(of=("self",)).get_or_create(
        user=by, defaults={"host_id": invitation.host_id, "roles": invitation.roles}
    )
    if not made:
        kept = [] if membership.ended_at else membership.roles
        membership.roles = _ordered([*kept, *invitation.roles])
        membership.ended_at, membership.changed_at = None, now
        membership.save(update_fields=["roles", "ended_at", "changed_at"])
    audit.record("joined", membership, by=by, after={"roles": membership.roles})
    return membership


def _keeps_an_owner(*, but: Membership) -> bool:
    """Locks the owners in one order, so that two of them can't both leave at once."""
    owners = (
        Membership.objects.select_for_update(of=("self",))
        .filter(roles__contains=[Role.OWNER], ended_at=None)
        .order_by("pk")
    )
    return any(owner.pk != but.pk for owner in owners)


@transaction.atomic
def change_roles(
    *, membership: Membership, roles: Sequence[str], now: datetime, by: User
) -> Membership:
    """Also ends the logins that have the roles of before. Raises LastOwner when nobody would be
    left to decide."""
    if Role.OWNER not in roles and not _keeps_an_owner(but=membership):
        raise LastOwner
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    before, membership.roles = membership.roles, _ordered(roles)
    membership.changed_at = now
    membership.save(update_fields=["roles", "changed_at"])
    audit.record(
        "changed roles",
        membership,
        by=by,
        before={"roles": before},
        after={"roles": membership.roles},
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, now: datetime, by: User) -> Membership:
    """Raises LastOwner when nobody would be left to decide. Access ends at once, and with the
    next request the login too."""
    if not _keeps_an_owner(but=membership):
        raise LastOwner
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    membership.ended_at = membership.ended_at or now
    membership.changed_at = now
    membership.save(update_fields=["ended_at", "changed_at"])
    audit.record("ended", membership, by=by)
    return membership
