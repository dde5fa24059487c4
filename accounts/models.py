"""People, and what they may do for a host."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.roles import GRANTS, Permission, Role
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

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Membership(HostModel):
    """A person's work for a host as program staff, with one or more roles."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = HostManager()
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

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants it."""
        return self.ended_at is None and any(permission in GRANTS[role] for role in self.roles)
