"""The numbers of a cohort's applications, for staff: the tabs of their list, the seats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from applications.models import (
    ANYBODY,
    Anybody,
    Application,
    ApplicationQuerySet,
    IsAnyOf,
    SavedView,
    Tally,
)
from applications.queries.places import LABELS, STEPS, numbers
from collaboratives.models import Cohort, Team
from tenancy.prepared import Given, Prepared


@dataclass(frozen=True)
class Capacity:
    """Seats of a cohort. taken: teams. offered: released and not answered yet.

    pending: admitted, not released yet. held: kept back for offers from other programs.
    """

    seats: int | None
    taken: int
    offered: int
    pending: int
    held: int

    @property
    def free(self) -> int | None:
        """What is left if every open offer is taken."""
        if self.seats is None:
            return None
        return self.seats - self.held - self.taken - self.offered

    @property
    def promised(self) -> int:
        return self.taken + self.offered

    @property
    def short_by(self) -> int:
        """How many seats would lack if all pending admissions were released and taken."""
        return 0 if self.free is None else max(0, self.pending - self.free)


def _grouped(found: Any, number: Any) -> ArraySubquery:
    """How many stand where, as a list of JSON objects; few, whatever the number of rows."""
    places = ("status", "outcome", "received", "missing")
    at = JSONObject(**{name: name for name in places}, number=number)
    return ArraySubquery(found.order_by().values(*places).annotate(at=at).values_list("at"))


def _counted(visible: ApplicationQuerySet) -> ArraySubquery:
    found = visible.filter(cohort=OuterRef("pk")).annotate(
        received=_true_if(received_at__isnull=False), missing=_true_if(missing_letters__gt=0)
    )
    return _grouped(found, Count("pk"))


def _true_if(**where: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**where), BooleanField())


def _kept() -> ArraySubquery:
    """The same of all applications, as the database keeps it."""
    return _grouped(Tally.objects.filter(cohort=OuterRef("pk")), Sum("change"))


def cohorts_with_counts(visible: ApplicationQuerySet) -> Any:
    """Cohorts, each with the numbers of these applications.

    Kept ones, less those of the few that are hidden, if they are all but these; a filter of any
    other kind makes them counted, so that no number tells of what a person may not know of.
    """
    teams = (
        Team.objects.filter(cohort=OuterRef("pk"), ended_at=None)
        .order_by()
        .values("cohort")
        .annotate(n=Count("pk"))
        .values("n")
    )
    hidden = visible.all_but
    if hidden is not None:  # few: found first, and only then looked for in the cohort
        hidden = Application.objects.filter(IsAnyOf("pk", hidden.values("pk")))
    return (
        Cohort.objects.select_related("program")
        .defer("program__content")
        .annotate(
            standing=_counted(visible) if hidden is None else _kept(),
            hidden=Value([], JSONField()) if hidden is None else _counted(hidden),
            teams_now=Coalesce(Subquery(teams), 0),
        )
    )


@cache
def _of_list(roles: tuple[str, ...]) -> Prepared:
    def build() -> Any:
        visible = Application.objects.visible_to(ANYBODY, Membership(roles=list(roles)))
        cohorts = with_saved_views(cohorts_with_counts(visible), ANYBODY)
        return cohorts.filter(slug=Given("slug", CharField()))

    return Prepared(build)


def cohort_of_list(slug: str, person: User, membership: Membership) -> Any:
    """A cohort with the numbers of what this person may know of and their saved views; None
    where there is none. One query, prepared."""
    return _of_list(tuple(membership.roles)).first(slug=slug, **Anybody.values_of(person))


def with_saved_views(cohorts: Any, person: User | Anybody) -> Any:
    """Adds `saved`: the saved views of each cohort that this person sees, without a query more."""
    found = SavedView.objects.visible_to(person).filter(cohort=OuterRef("pk"))
    one = JSONObject(name="name", address="address")
    return cohorts.annotate(saved=ArraySubquery(found.order_by("name", "pk").values_list(one)))


def board_facts(cohort: Any, list_url: str) -> list[dict[str, Any]]:
    """What waits for staff; each number leads to its list if there is one to open."""
    return _facts(cohort, ("to_decide", "missing", "to_release"), list_url)


def funnel(cohort: Any, list_url: str, teams_url: str) -> list[dict[str, Any]]:
    """From the first click to a team; each number opens its list."""
    joined = {"label": _("Joined as a team"), "number": cohort.teams_now, "url": teams_url}
    return [*_facts(cohort, STEPS, list_url), joined]


def _facts(cohort: Any, names: Iterable[str], list_url: str) -> list[dict[str, Any]]:
    found = numbers_of(cohort)
    return [
        {
            "label": LABELS[name],
            "number": found[name],
            "url": list_url and f"{list_url}?view={name}",
        }
        for name in names
    ]


def numbers_of(cohort: Any) -> dict[str, int]:
    return numbers(cohort.standing, cohort.hidden)


def capacity(cohort: Any) -> Capacity:
    """Of a cohort from `cohorts_with_counts`: costs no query."""
    found = numbers_of(cohort)
    return Capacity(
        seats=cohort.capacity,
        taken=cohort.teams_now,
        offered=found["offered"],
        pending=found["pending"],
        held=cohort.seats_held,
    )
