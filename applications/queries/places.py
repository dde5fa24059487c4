"""Where applications can stand in the staff's lists; said once, for rows and for kept numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.states import DECIDED, OPEN, RECEIVED, RELEASED, Outcome, Status


@dataclass(frozen=True)
class Place:
    """Some of a cohort's applications. None: it does not matter.

    received: they came in, whatever became of them. missing: a required letter is not here.
    """

    statuses: Iterable[str] = tuple(Status)
    outcome: str | None = None
    received: bool | None = None
    missing: bool | None = None

    @property
    def rows(self) -> Q:
        found = Q(status__in=list(self.statuses))
        if self.outcome is not None:
            found &= Q(outcome=self.outcome)
        if self.received is not None:
            found &= Q(received_at__isnull=not self.received)
        if self.missing is not None:
            found &= Q(missing_letters__gt=0) if self.missing else Q(missing_letters=0)
        return found

    def holds(self, at: Mapping[str, Any]) -> bool:
        """Whether those with this status, outcome, received and missing are among them."""
        return (
            at["status"] in self.statuses
            and self.outcome in (None, at["outcome"])
            and self.received in (None, at["received"])
            and self.missing in (None, at["missing"])
        )


TABS = {
    "all": Place(RECEIVED),
    "to_decide": Place(OPEN),
    "missing": Place(RECEIVED, missing=True),
    "to_release": Place({Status.DECIDED}),
    "decided": Place(RELEASED),
    "drafts": Place({Status.DRAFT}),
    "withdrawn": Place({Status.WITHDRAWN}, received=True),
}
# The way of a cohort's applications, step by step. Teams that joined are counted by themselves.
STEPS = {
    "started": Place(),
    "received": Place(received=True),
    "complete": Place(received=True, missing=False),
    "judged": Place(DECIDED),
    "accepted": Place({Status.OFFER_ACCEPTED}),
}
SEATS = {
    "offered": Place({Status.RELEASED}, Outcome.ADMIT),
    "pending": Place({Status.DECIDED}, Outcome.ADMIT),
}
LISTS = TABS | STEPS
WITH_OPEN = frozenset(name for name, place in LISTS.items() if OPEN & frozenset(place.statuses))
LABELS = {
    "all": _("All submitted"),
    "to_decide": _("Needs decision"),
    "missing": _("Missing material"),
    "to_release": _("Ready to release"),
    "decided": _("Decided"),
    "drafts": _("Drafts"),
    "withdrawn": _("Withdrawn"),
    "started": _("Started"),
    "received": _("Submitted"),
    "complete": _("Letters complete"),
    "judged": _("Decided"),
    "accepted": _("Seat taken"),
}


def numbers(
    standing: Iterable[Mapping[str, Any]], hidden: Iterable[Mapping[str, Any]]
) -> dict[str, int]:
    """How many are in each place: rows of status, outcome, received, missing and number."""
    signed = [(at, at["number"]) for at in standing] + [(at, -at["number"]) for at in hidden]
    return {
        name: sum(number for at, number in signed if place.holds(at))
        for name, place in (LISTS | SEATS).items()
    }
