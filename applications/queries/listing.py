"""The staff's list of a cohort's applications: what its address asks for, and its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Count, F, Q, Subquery, Window
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Membership, User
from accounts.roles import Permission
from applications.models import ANYBODY, Anybody, Application, ApplicationQuerySet, in_words
from applications.queries.places import LABELS, LISTS, TABS
from applications.queries.reviews import spreads_of
from applications.states import LetterState, Outcome, Source, Status
from collaboratives.models import Cohort
from collaboratives.states import OrganizationType
from tenancy.prepared import Given, Prepared

PAGE = 25
# Each runs along an index, forwards or backwards.
SORTS: dict[str, tuple[Any, ...]] = {
    "submitted": (F("submitted_at").asc(nulls_first=True), "pk"),
    "-submitted": (F("submitted_at").desc(nulls_last=True), "-pk"),
    "organization": ("organization_name", "pk"),
    "-organization": ("-organization_name", "-pk"),
}
SORTED_BY = {"submitted": "submitted_at", "organization": "organization_name"}
COLUMNS = {
    "submitted": _lazy("Submitted"),
    "materials": _lazy("Materials and flags"),
    "scores": _lazy("Readers' scores"),
    "stage": _lazy("Stage"),
    "decision": _lazy("Decision"),
    "lead": _lazy("Lead"),
    "type": _lazy("Type of organization"),
    "started": _lazy("Started"),
    "source": _lazy("Came by"),
    "email": _lazy("Lead's email"),
}
USUAL = ("submitted", "materials", "stage", "decision", "lead")
NAMING = ("lead", "email")  # columns that say who somebody is
OF_DRAFTS = ("started", "done", "lead")
NUMBERS = dict.fromkeys(("submitted", "started", "done", "scores"), "num")


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for; anything unknown is the default."""

    view: str = "all"
    search: str = ""
    places: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    after: date | None = None
    sort: str = "-submitted"
    columns: tuple[str, ...] = USUAL
    page: int = 1

    @classmethod
    def read(cls, given: QueryDict) -> ListQuery:
        view, sort, page = given.get("view", ""), given.get("sort", ""), given.get("page", "")
        places = re.findall(r"[A-Z]{2}", given.get("state", "").upper()[:400])
        try:
            after = parse_date(given.get("after", ""))
        except ValueError:
            after = None
        return cls(
            view=view if view in LISTS else "all",
            search=given.get("q", "").replace("\x00", "").strip()[:100],
            places=tuple(dict.fromkeys(places)),
            stages=_known(given, "stage", Status.values),
            outcomes=_known(given, "outcome", Outcome.values),
            after=after,
            sort=sort if sort in SORTS else "-submitted",
            columns=_known(given, "columns", list(COLUMNS)) or USUAL,
            page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.places or self.stages or self.outcomes or self.after)

    @property
    def state(self) -> str:
        return ", ".join(self.places)

    def values(self) -> dict[str, str]:
        """What stands in its address; what is usual is left out."""
        return {
            "view": self.view,
            "q": self.search,
            "state": ",".join(self.places),
            "stage": ",".join(self.stages),
            "outcome": ",".join(self.outcomes),
            "after": self.after.isoformat() if self.after else "",
            "sort": self.sort,
            "columns": "" if self.columns == USUAL else ",".join(self.columns),
        }

    def but(self, **changes: str) -> str:
        """The address of this list with something else; always from its first page."""
        values = self.values() | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def without_filters(self) -> str:
        return replace(self, search="", places=(), stages=(), outcomes=(), after=None).but()

    def narrow(self, found: ApplicationQuerySet, zone: ZoneInfo) -> ApplicationQuerySet:
        """Those of `found` that this list shows, on any of its pages, in its order."""
        found = found.filter(LISTS[self.view].rows)
        if self.search:
            found = found.filter(
                Q(organization_name__icontains=self.search)
                | Q(reference__icontains=self.search)
                | Q(organization__city__icontains=self.search)
            )
        if self.places:
            found = found.filter(organization__state__in=self.places)
        if self.stages:
            found = found.filter(status__in=self.stages)
        if self.outcomes:
            found = found.filter(outcome__in=self.outcomes)
        if self.after:
            day = self.after
            ends = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
            found = found.filter(submitted_at__gte=ends)
        return found.order_by(*SORTS[self.sort])


def _known(given: QueryDict, name: str, values: Sequence[str]) -> tuple[str, ...]:
    """Ticked boxes, or the same with commas between them, as our own addresses have it."""
    asked = set(",".join(given.getlist(name)).split(","))
    return tuple(value for value in values if value in asked)


def listed(cohort: Cohort, wanted: ListQuery, visible: ApplicationQuerySet) -> ApplicationQuerySet:
    """The one way to the rows: the list, the board, the export, and what is read next.

    visible: what `visible_to` lets this person know of.
    """
    return wanted.narrow(visible.filter(cohort=cohort), cohort.zone)


def neighbours(
    cohort: Cohort, wanted: ListQuery, visible: ApplicationQuerySet, one: Application
) -> tuple[str | None, str | None]:
    """The references before and after this one in the list, in one query.

    Also when it is not in the list any more, because it was decided while it was read.
    """
    name, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    field = SORTED_BY[name]
    same = Q(**{field: getattr(one, field)})
    lower = Q(**{f"{field}__lt": getattr(one, field)}) | same & Q(pk__lt=one.pk)
    higher = Q(**{f"{field}__gt": getattr(one, field)}) | same & Q(pk__gt=one.pk)
    rows = listed(cohort, wanted, visible).filter(received_at__isnull=False)
    below = rows.filter(lower).order_by(*SORTS[f"-{name}"]).values("reference")[:1]
    above = rows.filter(higher).order_by(*SORTS[name]).values("reference")[:1]
    found = Application.objects.filter(pk=one.pk).values_list(Subquery(below), Subquery(above))
    before, after = found.get()
    return (after, before) if down else (before, after)


def tabs(cohort: Any, wanted: ListQuery, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """For components/views.html: what every list has, then what was saved."""
    saved = [
        {
            "label": one["name"],
            "url": one["address"],
            "count": None,
            "current": one["address"] == wanted.but(),
        }
        for one in cohort.saved
    ]
    is_saved = any(one["current"] for one in saved)
    shown = TABS if wanted.view in TABS else [*TABS, wanted.view]
    return [
        {
            "label": LABELS[name],
            "url": wanted.but(view=name),
            "count": numbers[name],
            "current": name == wanted.view and not is_saved,
        }
        for name in shown
        if numbers[name] or name in ("all", "to_decide", wanted.view)
    ] + saved


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
    if wanted.stages:
        label = _("Stage: %(words)s") % {"words": _labels(Status, wanted.stages)}
        found.append({"label": label, "remove_url": wanted.but(stage="")})
    if wanted.outcomes:
        label = _("Decision: %(words)s") % {"words": _labels(Outcome, wanted.outcomes)}
        found.append({"label": label, "remove_url": wanted.but(outcome="")})
    if wanted.after:
        label = _("Submitted after %(day)s") % {"day": date_format(wanted.after, "F j")}
        found.append({"label": label, "remove_url": wanted.but(after="")})
    return found


def _labels(choices: Any, values: Sequence[str]) -> str:
    return ", ".join(str(choices(value).label) for value in values)


def choices(wanted: ListQuery) -> dict[str, list[tuple[str, Any, bool]]]:
    """What can be ticked above the list: value, words, whether it is."""
    received = [one for one in Status if one != Status.DRAFT]
    return {
        "stage": [(one.value, one.label, one in wanted.stages) for one in received],
        "outcome": [(one.value, one.label, one in wanted.outcomes) for one in Outcome],
        "columns": [(name, label, name in wanted.columns) for name, label in COLUMNS.items()],
    }


def sorts(wanted: ListQuery) -> dict[str, dict[str, str]]:
    """For each column: where its head leads, and how the list is sorted by it now."""
    found = {}
    for column in SORTED_BY:
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


@cache
def _all_words(language: str) -> dict[str, str]:
    known: tuple[Any, ...] = (Status, Outcome, Source, OrganizationType)
    return {"": ""} | {one.value: str(one.label) for kind in known for one in kind}


def all_words() -> dict[str, str]:
    """Every value that a row can hold, in the reader's language."""
    return _all_words(get_language())


# What stands in each column, of a row, with all words and with what writes a day.
TEXTS: dict[str, Callable[[Any, Mapping[str, str], Callable[[Any], str]], str]] = {
    "submitted": lambda one, _words, day: day(one.submitted_at) if one.received_at else "",
    "started": lambda one, _words, day: day(one.started_at),
    "done": lambda one, _words, _day: f"{one.progress}%",
    "scores": lambda one, _words, _day: number_format(one.spread.mean, 1) if one.spread else "",
    "stage": lambda one, words, _day: words[one.status],
    "decision": lambda one, words, _day: words[one.outcome],
    "lead": lambda one, _words, _day: str(one.lead),
    "type": lambda one, words, _day: words[one.organization.type] if one.organization else "",
    "source": lambda one, words, _day: words[one.source],
    "email": lambda one, _words, _day: one.lead.email,
}


@dataclass(frozen=True)
class Row:
    """What `list_rows` of the components writes."""

    key: str
    title: str
    url: str
    tag: str
    note: str
    select: str
    cells: list[dict[str, Any]]


def dress(one: Any, base: str, query: str) -> None:
    """Puts on a row what the template prints, so that it has nothing to work out."""
    one.url = f"{base}{one.reference}/read/{query}" if one.received_at else ""
    one.arrange_url = f"{base}{one.reference}/arrange/" if one.status == Status.DRAFT else ""
    one.missing = [_missing_words(letter) for letter in one.letters_missing or []]
    parts = [one.reference]
    if one.organization:
        beds = one.organization.staffed_beds
        if beds:
            parts.insert(0, ngettext("%(beds)s bed", "%(beds)s beds", beds) % {"beds": beds})
        if one.organization.place:
            parts.insert(0, one.organization.place)
    one.where = ". ".join(parts)


def _missing_words(letter: Mapping[str, Any]) -> dict[str, Any]:
    state = LetterState(letter["state"])
    words = _("%(letter)s: %(state)s") % {
        "letter": in_words(letter["label"]),
        "state": str(state.label).lower(),
    }
    return {"words": words, "requested": state == LetterState.REQUESTED}


def _days(zone: ZoneInfo) -> Callable[[datetime | None], str]:
    """Writes the day of a moment; rows beside each other are often of one day."""
    written = cache(lambda on: date_format(on, pgettext("date", "M j")))
    return lambda moment: written(moment.astimezone(zone).date()) if moment else ""


def _flags(one: Any, column: str) -> list[dict[str, str]]:
    """What stands in a cell beside its words: how it looks, its picture, its words."""
    if column == "scores" and one.spread and one.spread.far:
        words = _("Far apart")
        return [{"css": "material material-waiting", "icon": "triangle-alert", "words": words}]
    if column == "submitted" and one.in_grace:
        return [{"css": "tag tag-waiting", "icon": "", "words": _("In grace")}]
    if column != "materials":
        return []
    found = [
        {"css": "material material-waiting", "icon": "clock", "words": letter["words"]}
        if letter["requested"]
        else {"css": "material material-missing", "icon": "circle-x", "words": letter["words"]}
        for letter in one.missing
    ]
    if one.letter_to_check and not one.is_released:
        words = _("Letter to check")
        found.append({"css": "material material-waiting", "icon": "file-text", "words": words})
    return found or [{"css": "material", "icon": "check", "words": _("All received")}]


def _dots(one: Any, column: str) -> dict[str, Any] | None:
    """Each reader's score on a scale, as a picture beside the mean."""
    if column != "scores" or not one.spread:
        return None
    values = [number_format(value, 1) for value in sorted(one.spread.values)]
    words = _("%(scores)s, on a scale to %(highest)s")
    words %= {"scores": "; ".join(values), "highest": one.highest}
    return {"values": sorted(one.spread.values), "highest": one.highest, "words": words}


def _score(page: list[Any], cohort: Cohort, person: User, membership: Membership) -> None:
    """Puts on each row what the person may know of its scores."""
    reviewing = cohort.program.blueprint.reviewing
    spreads = spreads_of(page, cohort, person=person, membership=membership)
    for one in page:
        found = spreads.get(one.pk)
        one.spread = found if found and found.values else None
        one.highest = reviewing.highest if reviewing else 0


def heads(wanted: ListQuery, *, blind: bool = False) -> list[dict[str, Any]]:
    """The columns that are shown, each with how the list is sorted by it. blind: without those
    that name people."""
    sorted_by, shown = sorts(wanted), {**COLUMNS, "done": _("Done")}
    return [
        {"name": name, "label": str(shown[name]), "sort": sorted_by.get(name)}
        for name in (OF_DRAFTS if wanted.view == "drafts" else wanted.columns)
        if not (blind and name in NAMING)
    ]


def _cells(
    one: Any,
    heads: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
    day: Callable[[Any], str],
) -> list[dict[str, Any]]:
    return [
        {
            "label": head["label"],
            "text": TEXTS[head["name"]](one, words, day) if head["name"] in TEXTS else "",
            "css": NUMBERS.get(head["name"], ""),
            "tag": STAGE_TAGS.get(one.status, "") if head["name"] == "stage" else "",
            "flags": _flags(one, head["name"]),
            "dots": _dots(one, head["name"]),
        }
        for head in heads
    ]


@cache
def _first_page(view: str, sort: str, roles: tuple[str, ...]) -> Prepared:
    def build() -> Any:
        visible = Application.objects.visible_to(ANYBODY, Membership(roles=list(roles)))
        found = visible.filter(cohort=Given("cohort", BigIntegerField()))
        return ListQuery(view=view, sort=sort).narrow(found, ZoneInfo("UTC")).for_list()[:PAGE]

    return Prepared(build)


def _found(cohort: Cohort, wanted: ListQuery, person: User, membership: Membership) -> list[Any]:
    """One page of what is listed. Where a list begins is what is opened most: prepared."""
    if wanted.page == 1 and not wanted.is_narrowed:
        prepared = _first_page(wanted.view, wanted.sort, tuple(membership.roles))
        return prepared(cohort=cohort.pk, **Anybody.values_of(person))
    found = listed(cohort, wanted, Application.objects.visible_to(person, membership))
    if wanted.is_narrowed:
        found = found.annotate(rows=Window(Count("*")))
    start = (wanted.page - 1) * PAGE
    return list(found.for_list()[start : start + PAGE])


def rows(
    cohort: Cohort,
    wanted: ListQuery,
    numbers: Mapping[str, int],
    person: User,
    membership: Membership,
    *,
    base: str,
    blind: bool = False,
) -> Page[Application]:
    """One page of the list, in one query. A page beyond the last shows none.

    numbers: of the applications that this person may know of. base: the address of the list.
    """
    page = _found(cohort, wanted, person, membership)
    words, query, shown = all_words(), wanted.but(), heads(wanted, blind=blind)
    day, select, more_time = _days(cohort.zone), _("Select %(name)s"), _("Asks for more time")
    decides = membership.may(Permission.APPLICATION_DECIDE)
    if any(head["name"] == "scores" for head in shown):
        _score(page, cohort, person, membership)
    for one in page:
        dress(one, base, query)
        arrange_url = one.arrange_url if decides and not one.url else ""
        one.row = Row(
            key=one.reference,
            title=one.organization_name,
            url=one.url or arrange_url,
            tag=more_time if arrange_url and one.more_time_asked_at else "",
            note=one.where,
            select=select % {"name": one.organization_name},
            cells=_cells(one, shown, words, day),
        )
    count = numbers[wanted.view]
    if wanted.is_narrowed:
        count = page[0].rows if page else 0
    shown_page = Page(page, wanted.page, Rows(page, count))
    shown_page.rows = [one.row for one in page]  # type: ignore[attr-defined]
    return shown_page
