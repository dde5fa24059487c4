"""What staff see of a cohort's applications: the list, its counts, its seats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, JSONField, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from applications.models import (
    Application,
    ApplicationQuerySet,
    Tally,
    in_words,
)
from applications.states import OPEN, RECEIVED, RELEASED, LetterState, Outcome, Status
from collaboratives.models import Cohort, Team

PAGE = 25

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
# Each runs along an index, forwards or backwards.
SORTS: dict[str, tuple[Any, ...]] = {
    "submitted": (F("submitted_at").asc(nulls_first=True), "pk"),
    "-submitted": (F("submitted_at").desc(nulls_last=True), "-pk"),
    "organization": ("organization_name", "pk"),
    "-organization": ("-organization_name", "-pk"),
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


def _counted(visible: ApplicationQuerySet) -> Subquery:
    """The numbers of the tabs and the seats among these applications of a cohort, as JSON."""
    found = visible.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    numbers = {name: Count("pk", filter=where) for name, where in (VIEWS | SEATS).items()}
    return Subquery(found.annotate(numbers=JSONObject(**numbers)).values("numbers"))


def _kept() -> Subquery:
    """The same numbers of all applications, as the database keeps them."""
    found = Tally.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    numbers = {
        name: Coalesce(Sum("change", filter=where), 0)
        for name, where in (KEPT_VIEWS | SEATS).items()
    }
    return Subquery(found.annotate(numbers=JSONObject(**numbers)).values("numbers"))


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
    return (
        Cohort.objects.select_related("program")
        .defer("program__content")
        .annotate(
            numbers=_counted(visible) if visible.all_but is None else _kept(),
            hidden_numbers=Value(None, JSONField())
            if visible.all_but is None
            else _counted(visible.all_but),
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
    numbers = cohort.numbers or dict.fromkeys([*VIEWS, *SEATS], 0)
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


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for; anything unknown is the default."""

    view: str
    search: str
    places: tuple[str, ...]
    after: date | None
    sort: str
    page: int

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.places or self.after)

    @property
    def state(self) -> str:
        return ", ".join(self.places)

    def but(self, **changes: str) -> str:
        """The address of this list with something else; always from its first page."""
        now = {
            "view": self.view,
            "q": self.search,
            "state": ",".join(self.places),
            "after": self.after.isoformat() if self.after else "",
            "sort": self.sort,
        }
        return "?" + urlencode({name: value for name, value in (now | changes).items() if value})

    @classmethod
    def read(cls, given: Mapping[str, str]) -> ListQuery:
        view, sort, page = given.get("view", ""), given.get("sort", ""), given.get("page", "")
        places = re.findall(r"[A-Z]{2}", given.get("state", "").upper()[:400])
        try:
            after = parse_date(given.get("after", ""))
        except ValueError:
            after = None
        return cls(
            view=view if view in VIEWS else "all",
            search=given.get("q", "").replace("\x00", "").strip()[:100],
            places=tuple(dict.fromkeys(places)),
            after=after,
            sort=sort if sort in SORTS else "-submitted",
            page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1,
        )

    def narrow(self, found: ApplicationQuerySet, zone: ZoneInfo) -> ApplicationQuerySet:
        """Those of `found` that this list shows, on any of its pages, in its order."""
        found = found.filter(VIEWS[self.view])
        if self.search:
            found = found.filter(
                Q(organization_name__icontains=self.search)
                | Q(reference__icontains=self.search)
                | Q(organization__city__icontains=self.search)
            )
        if self.places:
            found = found.filter(organization__state__in=self.places)
        if self.after:
            day = self.after
            ends = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
            found = found.filter(submitted_at__gte=ends)
        return found.order_by(*SORTS[self.sort])


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
    if len(wanted.places) == 1:
        label = _("State is %(state)s") % {"state": wanted.state}
        found.append({"label": label, "remove_url": wanted.but(state="")})
    elif wanted.places:
        label = _("State is any of %(states)s") % {"states": wanted.state}
        found.append({"label": label, "remove_url": wanted.but(state="")})
    if wanted.after:
        label = _("Submitted after %(day)s") % {"day": date_format(wanted.after, "F j")}
        found.append({"label": label, "remove_url": wanted.but(after="")})
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
    """The rows of one page, with the number of all that is known already."""

    def __init__(self, rows: list[Application], count: int) -> None:
        super().__init__(rows, PAGE)
        self._count = count

    @property
    def count(self) -> int:  # type: ignore[override]
        return self._count


STAGE_TAGS = {
    Status.SUBMITTED: "tag tag-waiting",
    Status.IN_REVIEW: "tag tag-progress",
    Status.DECIDED: "tag tag-done",
    Status.INFO_ASKED: "tag tag-people",
}


def _missing_words(letter: Mapping[str, Any]) -> dict[str, Any]:
    state = LetterState(letter["state"])
    words = _("%(letter)s: %(state)s") % {
        "letter": in_words(letter["label"]),
        "state": str(state.label).lower(),
    }
    return {"words": words, "requested": state == LetterState.REQUESTED}


def _dress(one: Any, cohort: Cohort, base: str, words: Mapping[str, str]) -> None:
    """Puts on a row what the template prints, so that it has nothing to work out per cell."""
    one.url = f"{base}{one.reference}/read/" if one.received_at else ""
    one.arrange_url = f"{base}{one.reference}/arrange/" if one.status == Status.DRAFT else ""
    day = (one.received_at and one.submitted_at) or one.started_at
    one.day = date_format(day.astimezone(cohort.zone), "M j") if day else ""
    one.stage, one.stage_tag = words[one.status], STAGE_TAGS.get(one.status, "")
    one.decision = words[one.outcome]
    one.missing = [_missing_words(letter) for letter in one.letters_missing or []]
    to_check = one.has_letter_to_check and not one.is_released
    one.to_check, one.is_whole = to_check, not one.missing and not to_check
    place = one.organization.place if one.organization else ""
    beds = one.organization.staffed_beds if one.organization else None
    parts = [
        place,
        ngettext("%(beds)s bed", "%(beds)s beds", beds) % {"beds": beds} if beds else "",
    ]
    one.where = ". ".join([*filter(None, parts), one.reference])


def rows(
    cohort: Cohort,
    wanted: ListQuery,
    numbers: Mapping[str, int],
    found: ApplicationQuerySet,
    *,
    base: str,
) -> Page[Application]:
    """One page of the list, in one query. A page beyond the last shows none.

    found: the applications of the cohort that the person may know of, whose `numbers` are given.
    base: the address of the list.
    """
    start = (wanted.page - 1) * PAGE
    found = wanted.narrow(found.filter(cohort=cohort), cohort.zone)
    if wanted.is_narrowed:
        found = found.annotate(rows=Window(Count("*")))
    listed: list[Any] = list(found.for_list()[start : start + PAGE])
    words = {value: str(label) for value, label in [*Status.choices, *Outcome.choices, ("", "")]}
    for one in listed:
        _dress(one, cohort, base, words)
    count = numbers[wanted.view]
    if wanted.is_narrowed:
        count = listed[0].rows if listed else 0
    return Page(listed, wanted.page, Rows(listed, count))
