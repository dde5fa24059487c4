"""People, and what they may do for a host."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts import names
from accounts.roles import GRANTS, Permission, Role
from accounts.states import InvitationState
from tenancy.models import HostManager, HostModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Add a person who can sign in by emailed code, and by password if one is given."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """A person. One account serves in every host they work with."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def has_usable_password(self) -> bool:
        """Whoever came by a code has none, and an empty one is none either."""
        return bool(self.password) and super().has_usable_password()

    @property
    def initials(self) -> str:
        return names.initials(self.name or self.email)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def present(self) -> MembershipQuerySet:
        return self.filter(ended_at=None)

    def for_list(self) -> MembershipQuerySet:
        return self.select_related("user").order_by("ended_at", "user__name", "pk")


class Membership(HostModel):
    """A person's work for a host as program staff, with one or more roles."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)  # a login of before ends

    objects = HostManager.from_queryset(MembershipQuerySet)()
    across_hosts = models.Manager["Membership"]()  # a person's own, by the database's policy

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "user", name="one_membership_per_person"),
            models.CheckConstraint(
                condition=Q(roles__len__gt=0, roles__contained_by=[str(role) for role in Role]),
                name="membership_roles_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants it."""
        return self.ended_at is None and any(permission in GRANTS[role] for role in self.roles)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> InvitationQuerySet:
        return self.filter(state=InvitationState.OPEN)

    def for_list(self) -> InvitationQuerySet:
        return self.select_related("invited_by").order_by("-sent_at", "-pk")


class Invitation(HostModel):
    """An offer to work for the host, good once, for whoever can read mail at this address.

    Its link is a `tenancy.Link` of kind "invite"; sending again closes the older one.
    """

    email = models.EmailField(max_length=254)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    state = models.CharField(
        max_length=10, choices=InvitationState, default=InvitationState.OPEN, editable=False
    )
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = HostManager.from_queryset(InvitationQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host",
                "email",
                condition=Q(state=InvitationState.OPEN),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_is_lower"
            ),
            models.CheckConstraint(
                condition=Q(roles__len__gt=0, roles__contained_by=[str(role) for role in Role]),
                name="invitation_roles_are_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=InvitationState.OPEN,
                    accepted_at=None,
                    accepted_by=None,
                    revoked_at=None,
                )
                | Q(
                    state=InvitationState.ACCEPTED,
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                    revoked_at=None,
                )
                | Q(
                    state=InvitationState.REVOKED,
                    accepted_at=None,
                    accepted_by=None,
                    revoked_at__isnull=False,
                ),
                name="invitation_state_has_its_stamps",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class StartCode(models.Model):
    """A code mailed to an address that may or may not have an account. Global: it is asked for
    before any host is known. Only hashes are kept, and only one browser can use it."""

    browser_sha256 = models.CharField(max_length=64, unique=True)
    code_sha256 = models.CharField(max_length=64)
    email = models.EmailField(max_length=254)
    tries_left = models.PositiveSmallIntegerField(default=3)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
