"""Who has a conflict of interest with an application, and so must find no trace of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from applications.models.people import ApplicationPerson
from applications.states import Stance
from applications.ties import ties_of
from collaboratives.models import TeamMember
from tenancy.models import HostManager, HostModel
from tenancy.prepared import Given

if TYPE_CHECKING:
    from accounts.models import User


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def conflicts(self) -> DeclarationQuerySet:
        return self.filter(stance=Stance.CONFLICT)

    def for_list(self) -> DeclarationQuerySet:
        return self.select_related("person", "declared_by").order_by("declared_at", "pk")


class Declaration(HostModel):
    """What a reader said about their ties to an application before it opened to them.

    declared_by: themselves, or a colleague who knew of a conflict.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="declarations"
    )
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    stance = models.CharField(max_length=10, choices=Stance)
    reason = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(DeclarationQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "application", "person", name="one_declaration_per_reader"
            )
        ]
        indexes = [models.Index(fields=["host", "person"], name="declarations_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.application_id}: {self.stance}"


class Tie(HostModel):
    """One of `Application.ties` as a row of its own, kept by a trigger.

    Behind a policy Postgres takes no index of arrays, and would look at every application of the
    host for each page of a list.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="+", editable=False
    )
    value = models.CharField(max_length=254)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "value", "application", name="tie_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.value}"


class Anybody:
    """Stands for the person who asks, in a query that is prepared: `values_of` fills it in."""

    pk = Given("person", models.BigIntegerField())
    email = Given("email", models.TextField())
    ties = Given("ties", ArrayField(models.TextField()))

    @staticmethod
    def values_of(person: User) -> dict[str, Any]:
        return {"person": person.pk, "email": person.email, "ties": ties_of([person.email])}


ANYBODY = Anybody()


class IsAnyOf(models.Func):
    """`column = ANY(ARRAY(query))`: unlike IN with a query, it uses an index inside an OR."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = models.BooleanField()

    def __init__(self, column: str, rows: models.QuerySet[Any, Any] | models.Expression) -> None:
        super().__init__(
            column, rows if isinstance(rows, models.Expression) else ArraySubquery(rows)
        )


def known_near(person: User | Anybody) -> Q:
    """Of applications: declared as a conflict, or worked on, now or before.

    Who only typed in what came by email has no part in what it says.
    """
    declared = Declaration.objects.conflicts().filter(person_id=person.pk)
    worked_on = ApplicationPerson.objects.filter(user_id=person.pk, typed_for_another=False)
    return Q(IsAnyOf("pk", declared.values("application_id"))) | Q(
        IsAnyOf("pk", worked_on.values("application_id"))
    )


def on_a_team_of(person: User | Anybody) -> Q:
    """Of applications: from an organization on one of whose teams the person is or was."""
    teams = TeamMember.objects.filter(Q(user_id=person.pk) | Q(Exact(Lower("email"), person.email)))
    return Q(IsAnyOf("organization_id", teams.values("team__organization_id")))


def tied_to(person: User | Anybody) -> Q:
    """Of applications: the person's address is in it, or comes from the same institution."""
    if isinstance(person, Anybody):
        own: models.Expression = person.ties
    else:
        own = models.Value(ties_of([person.email]), ArrayField(models.TextField()))
    found = Tie.objects.filter(IsAnyOf("value", own))
    return Q(IsAnyOf("pk", found.values("application_id")))
