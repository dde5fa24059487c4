"""What staff see of a cohort's applications: the list, its counts, its seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Membership, User
from applications.models import (
    Application,
    ApplicationQuerySet,
    Letter,
    in_words,
)
from applications.states import OPEN, RECEIVED, RELEASED, LetterState, Outcome, Status
from collaboratives.models import Cohort, Team

PAGE = 25

VIEWS: Mapping[str, Q] = {
    "all": Q(status__in=RECEIVED),
    "to_decide": Q(status__in=OPEN),
    "missing": Q(status__in=RECEIVED),
    "to_release": Q(status=Status.DECIDED),
    "decided": Q(status__in=RELEASED),
    "drafts": Q(status=Status.DRAFT),
    "withdrawn": Q(status=Status.WITHDRAWN, received_at__isnull=False),
}
SORTS = {
    "submitted": F("submitted_at").asc(nulls_last=True),
    "-submitted": F("submitted_at").desc(nulls_last=True),
    "organization": F("organization_name").asc(),
    "-organization": F("organization_name").desc(),
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


def _missing_letters() -> Any:
    return Letter.objects.filter(required=True).incomplete().values("application_id")


def _counts(visible: ApplicationQuerySet) -> Subquery:
    """All numbers of the tabs and the seats, for one cohort, as one JSON value."""
    numbers = {name: Count("pk", filter=where) for name, where in VIEWS.items()}
    numbers["missing"] = Count("pk", filter=VIEWS["missing"] & Q(pk__in=_missing_letters()))
    numbers["offered"] = Count("pk", filter=Q(status=Status.RELEASED, outcome=Outcome.ADMIT))
    numbers["pending"] = Count("pk", filter=Q(status=Status.DECIDED, outcome=Outcome.ADMIT))
    return Subquery(
        visible.filter(cohort=OuterRef("pk"))
        .order_by()
        .values("cohort")
        .annotate(numbers=JSONObject(**numbers))
        .values("numbers")
    )


def cohorts_with_counts(visible: ApplicationQuerySet) -> Any:
    """Cohorts, each with its numbers, counted among the applications that are given."""
    places = (
        visible.filter(cohort=OuterRef("pk"), organization__state__gt="")
        .order_by("organization__state")
        .values("organization__state")
        .distinct()
    )
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
            numbers=_counts(visible),
            places=ArraySubquery(places),
            teams_now=Coalesce(Subquery(teams), 0),
        )
    )


def board_facts(cohort: Any, list_url: str) -> list[dict[str, Any]]:
    """The numbers of the cohort's board; each leads to its list if there is one to open."""
    numbers = numbers_of(cohort)
    return [
        {
            "label": TABS[name],
            "number": numbers[name],
            "url": list_url and f"{list_url}?view={name}",
        }
        for name in ("drafts", "all", "to_decide", "to_release", "decided")
    ]


def numbers_of(cohort: Any) -> dict[str, int]:
    return cohort.numbers or dict.fromkeys([*VIEWS, "offered", "pending"], 0)


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


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for; anything unknown is the default."""

    view: str
    search: str
    place: str
    sort: str
    page: int

    def but(self, **changes: str) -> str:
        """The address of this list with something else; always from its first page."""
        now = {"view": self.view, "q": self.search, "state": self.place, "sort": self.sort}
        return "?" + urlencode({name: value for name, value in (now | changes).items() if value})

    @classmethod
    def read(cls, given: Mapping[str, str]) -> ListQuery:
        view, sort, page = given.get("view", ""), given.get("sort", ""), given.get("page", "")
        return cls(
            view=view if view in VIEWS else "all",
            search=given.get("q", "").replace("\x00", "").strip()[:100],
            place=given.get("state", "").strip().upper()[:2],
            sort=sort if sort in SORTS else "-submitted",
            page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1,
        )


TABS = {
    "all": _lazy("All submitted"),
    "to_decide": _lazy("Needs decision"),
    "missing": _lazy("Missing material"),
    "to_release": _lazy("Ready to release"),
    "decided": _lazy("Decided"),
    "drafts": _lazy("Drafts"),
    "withdrawn": _lazy("Withdrawn"),
}


def tabs(wanted: ListQuery, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """For components/views.html."""
    return [
        {
            "label": TABS[name],
            "url": wanted.but(view=name),
            "count": numbers[name],
            "current": name == wanted.view,
        }
        for name in VIEWS
        if numbers[name] or name in ("all", "to_decide", wanted.view)
    ]


def chips(wanted: ListQuery) -> list[dict[str, Any]]:
    """For components/chips.html."""
    found = []
    if wanted.search:
        label = _("Name has “%(words)s”") % {"words": wanted.search}
        found.append({"label": label, "remove_url": wanted.but(q="")})
    if wanted.place:
        label = _("State is %(state)s") % {"state": wanted.place}
        found.append({"label": label, "remove_url": wanted.but(state="")})
    return found


def sorts(wanted: ListQuery) -> dict[str, dict[str, str]]:
    """For each column: where its head leads, and how the list is sorted by it now."""
    found = {}
    for column in ("submitted", "organization"):
        direction = {column: "ascending", f"-{column}": "descending"}.get(wanted.sort, "")
        other = f"-{column}" if wanted.sort == column else column
        found[column] = {"url": wanted.but(sort=other), "direction": direction}
    return found


class Rows(Paginator):
    """The rows of one page, fetched with their number in the same query."""

    def __init__(self, rows: list[Application], count: int) -> None:
        super().__init__(rows, PAGE)
        self._count = count

    @property
    def count(self) -> int:  # type: ignore[override]
        return self._count


def _missing_words(letter: Mapping[str, Any]) -> dict[str, Any]:
    state = LetterState(letter["state"])
    words = _("%(letter)s: %(state)s") % {
        "letter": in_words(letter["label"]),
        "state": str(state.label).lower(),
    }
    return {"words": words, "requested": state == LetterState.REQUESTED}


def rows(
    cohort: Cohort, wanted: ListQuery, *, person: User, membership: Membership | None
) -> Page[Application]:
    """One page of the list, in one query. A page beyond the last shows none."""
    found = Application.objects.visible_to(person, membership).filter(cohort=cohort)
    found = found.filter(VIEWS[wanted.view])
    if wanted.view == "missing":
        found = found.missing_material()
    if wanted.search:
        found = found.filter(
            Q(organization_name__icontains=wanted.search)
            | Q(reference__icontains=wanted.search)
            | Q(organization__city__icontains=wanted.search)
        )
    if wanted.place:
        found = found.filter(organization__state=wanted.place)
    start = (wanted.page - 1) * PAGE
    listed: list[Any] = list(
        found.for_list().order_by(SORTS[wanted.sort], "pk")[start : start + PAGE]
    )
    for one in listed:
        one.missing = [_missing_words(letter) for letter in one.letters_missing or []]
    return Page(listed, wanted.page, Rows(listed, listed[0].rows if listed else 0))
