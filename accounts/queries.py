"""Reads about people."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse

from accounts.models import Invitation, Membership, User
from tenancy.active import open_person
from tenancy.models import Host


@dataclass(frozen=True)
class Place:
    """A host that the person works for."""

    host: Host
    roles: list[str]


def places(user: User) -> list[Place]:
    """The hosts that this person works for, by name. Teams and applications are found inside
    each host, since no table is read across hosts."""
    with open_person(user.pk):
        memberships = (
            Membership.across_hosts.select_related("host")
            .filter(user=user, ended_at=None)
            .order_by("host__name")
        )
        return [Place(host=m.host, roles=m.roles) for m in memberships]


@dataclass(frozen=True)
class People:
    present: list[Membership]
    former: list[Membership]
    invitations: list[Invitation]


def people() -> People:
    """Everybody who works or worked for the host, and who is invited."""
    everybody = list(Membership.objects.for_list())
    return People(
        present=[m for m in everybody if m.ended_at is None],
        former=[m for m in everybody if m.ended_at is not None],
        invitations=list(Invitation.objects.waiting().for_list()),
    )


def landing(user: User) -> str | None:
    """Where a person goes who just signed in: their host's staff page when there is just one."""
    own = places(user)
    return reverse("collaboratives:staff_home", args=[own[0].host.slug]) if len(own) == 1 else None


def demo_home(user: User) -> str:
    """The demo's people live at <host>.example, so their host is known without looking."""
    slug = user.email.partition("@")[2].partition(".")[0]
    if places(user) or not Host.objects.filter(slug=slug).exists():
        return landing(user) or reverse("home")
    return reverse("collaboratives:mine", args=[slug])


def has_verified(user: User, email: str) -> bool:
    return EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists()


def has_second_factor(user: User) -> bool:
    return is_mfa_enabled(user, [Authenticator.Type.TOTP])


def recovery_codes(user: User) -> list[str]:
    """Those that are not used up."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return kept.wrap().get_unused_codes() if kept else []
