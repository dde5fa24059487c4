"""The numbers of a cohort's applications, for staff: the tabs of their list, the seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, JSONField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from applications.models import ApplicationQuerySet, Tally
from applications.states import DECIDED, OPEN, RECEIVED, RELEASED, Outcome, Status
from collaboratives.models import Cohort, Team

VIEWS: dict[str, Q] = {
    "all": Q(status__in=RECEIVED),
    "to_decide": Q(status__in=OPEN),
    "missing": Q(status__in=RECEIVED, missing_letters__gt=0),
    "to_release": Q(status=Status.DECIDED),
    "decided": Q(status__in=RELEASED),
    "drafts": Q(status=Status.DRAFT),
    "withdrawn": Q(status=Status.WITHDRAWN, received_at__isnull=False),
}
# The same, as the database keeps them in tallies.
KEPT_VIEWS: dict[str, Q] = {
    **VIEWS,
    "missing": Q(status__in=RECEIVED, missing=True),
    "withdrawn": Q(status=Status.WITHDRAWN, received=True),
}
SEATS: dict[str, Q] = {
    "offered": Q(status=Status.RELEASED, outcome=Outcome.ADMIT),
    "pending": Q(status=Status.DECIDED, outcome=Outcome.ADMIT),
}
# The way of a cohort's applications, step by step. Teams that joined are counted by themselves.
FUNNEL: dict[str, Q] = {
    "started": Q(status__in=list(Status)),
    "received": Q(received_at__isnull=False),
    "complete": Q(received_at__isnull=False, missing_letters=0),
    "judged": Q(status__in=DECIDED),
    "accepted": Q(status=Status.OFFER_ACCEPTED),
}
KEPT_FUNNEL: dict[str, Q] = {
    **FUNNEL,
    "received": Q(received=True),
    "complete": Q(received=True, missing=False),
}
STEPS = {
    "started": _lazy("Started"),
    "received": _lazy("Submitted"),
    "complete": _lazy("Letters complete"),
    "judged": _lazy("Decided"),
    "accepted": _lazy("Seat taken"),
}
TABS = {
    "all": _lazy("All submitted"),
    "to_decide": _lazy("Needs decision"),
    "missing": _lazy("Missing material"),
    "to_release": _lazy("Ready to release"),
    "decided": _lazy("Decided"),
    "drafts": _lazy("Drafts"),
    "withdrawn": _lazy("Withdrawn"),
}


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


def _counted(visible: ApplicationQuerySet, more: dict[str, Q]) -> Subquery:
    """The numbers of the tabs and the seats among these applications of a cohort, as JSON."""
    found = visible.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    numbers = {name: Count("pk", filter=where) for name, where in (VIEWS | SEATS | more).items()}
    return Subquery(found.annotate(numbers=JSONObject(**numbers)).values("numbers"))


def _kept(more: dict[str, Q]) -> Subquery:
    """The same numbers of all applications, as the database keeps them."""
    found = Tally.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    numbers = {
        name: Coalesce(Sum("change", filter=where), 0)
        for name, where in (KEPT_VIEWS | SEATS | more).items()
    }
    return Subquery(found.annotate(numbers=JSONObject(**numbers)).values("numbers"))


def cohorts_with_counts(visible: ApplicationQuerySet, *, with_funnel: bool = False) -> Any:
    """Cohorts, each with the numbers of these applications.

    Kept ones, less those of the few that are hidden, if they are all but these; a filter of any
    other kind makes them counted, so that no number tells of what a person may not know of.
    """
    more, kept_more = (FUNNEL, KEPT_FUNNEL) if with_funnel else ({}, {})
    teams = (
        Team.objects.filter(cohort=OuterRef("pk"), ended_at=None)
        .order_by()
        .values("cohort")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Cohort.objects.select_related("program")
        .defer("program__content")
        .annotate(
            numbers=_counted(visible, more) if visible.all_but is None else _kept(kept_more),
            hidden_numbers=Value(None, JSONField())
            if visible.all_but is None
            else _counted(visible.all_but, more),
            teams_now=Coalesce(Subquery(teams), 0),
        )
    )


def board_facts(cohort: Any, list_url: str) -> list[dict[str, Any]]:
    """What waits for staff; each number leads to its list if there is one to open."""
    return _facts(cohort, TABS, ("to_decide", "missing", "to_release"), list_url)


def funnel(cohort: Any, list_url: str, teams_url: str) -> list[dict[str, Any]]:
    """From the first click to a team, of a cohort with its funnel; each number opens its list."""
    joined = {"label": _("Joined as a team"), "number": cohort.teams_now, "url": teams_url}
    return [*_facts(cohort, STEPS, STEPS, list_url), joined]


def _facts(
    cohort: Any, labels: Mapping[str, Any], names: Iterable[str], list_url: str
) -> list[dict[str, Any]]:
    numbers = numbers_of(cohort)
    return [
        {
            "label": labels[name],
            "number": numbers[name],
            "url": list_url and f"{list_url}?view={name}",
        }
        for name in names
    ]


def numbers_of(cohort: Any) -> dict[str, int]:
    numbers = cohort.numbers or dict.fromkeys([*VIEWS, *SEATS, *FUNNEL], 0)
    hidden = cohort.hidden_numbers or {}
    return {name: number - hidden.get(name, 0) for name, number in numbers.items()}


def capacity(cohort: Any) -> Capacity:
    """Of a cohort from `cohorts_with_counts`: costs no query."""
    numbers = numbers_of(cohort)
    return Capacity(
        seats=cohort.capacity,
        taken=cohort.teams_now,
        offered=numbers["offered"],
        pending=numbers["pending"],
        held=cohort.seats_held,
    )
