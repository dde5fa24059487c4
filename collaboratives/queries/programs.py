"""Reads about programs and cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, Q, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.translation import gettext as _

from accounts import zones
from collaboratives import words
from collaboratives.blueprints import Blueprint, keys, load
from collaboratives.holidays import is_holiday
from collaboratives.models import Cohort, Program
from collaboratives.states import OrganizationType
from tenancy.models import Host
from tenancy.prepared import Given, Prepared


@dataclass(frozen=True)
class Seats:
    """Seats of a cohort. capacity: None when it has no limit. held: kept back for offers to
    applicants of another program, less those that came.

    Offers that are still open are counted by the room that makes them.
    """

    capacity: int | None
    teams: int
    held: int

    @property
    def free(self) -> int | None:
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.teams - self.held)


def seats(cohort: Cohort) -> Seats:
    present = cohort.teams.filter(ended_at=None)
    counted = present.aggregate(teams=Count("pk"), by_offer=Count("pk", filter=Q(by_offer=True)))
    return Seats(
        capacity=cohort.capacity,
        teams=counted["teams"],
        held=max(0, cohort.seats_held - counted["by_offer"]),
    )


# --- for visitors ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """When applications are taken, seen at one moment. days: whole days left while open."""

    state: str  # later, open, closed; unset while there are no dates
    days: int | None = None

    @property
    def closes_soon(self) -> bool:
        return self.days is not None and self.days <= 14


def window(cohort: Cohort, now: datetime) -> Window:
    if cohort.opens_at is None:
        return Window("unset")
    if now < cohort.opens_at:
        return Window("later")
    if cohort.is_closed(now):
        return Window("closed")
    left = cohort.closes_at - now if cohort.closes_at else None
    return Window("open", None if left is None else left // timedelta(days=1))


@lru_cache(maxsize=64)
def _checked(content: str) -> Blueprint:
    return Blueprint.model_validate_json(content)


@dataclass(frozen=True)
class PublicCohort:
    """A cohort as visitors read it, with the words that follow from its facts."""

    cohort: Cohort
    blueprint: Blueprint
    window: Window
    contact: str
    content: str  # the blueprint as text, by which what was made of it is known again

    @property
    def length(self) -> str:
        return words.length(self.blueprint.facts.length)

    @property
    def time_to_apply(self) -> str:
        return words.minutes(self.blueprint.facts.minutes_to_apply)

    @property
    def cost(self) -> str:
        return words.cost(self.blueprint.facts)

    @property
    def team_words(self) -> str:
        return words.team_size(self.blueprint.team)

    @property
    def types(self) -> list[str]:
        return [str(OrganizationType(kind).label) for kind in self.blueprint.eligible_types]

    @property
    def zone_words(self) -> str:
        return zones.name(self.cohort.time_zone)


def public_cohort(slug: str, *, host: Host, now: datetime) -> PublicCohort:
    """The published cohort of this address. One query, and the blueprint is checked once per
    text of it, not once per visitor."""
    found = _PUBLISHED(slug=slug)
    if not found:
        raise Http404
    (cohort,) = found
    blueprint = _checked(cohort.content)
    contact = blueprint.contact.email or host.contact_email
    return PublicCohort(cohort, blueprint, window(cohort, now), contact, cohort.content)


_PUBLISHED = Prepared(
    lambda: (
        Cohort.objects.published()
        .select_related("program")
        .without_content()
        .annotate(content=Cast("program__content", TextField()))
        .filter(slug=Given("slug", CharField()))
    )
)


@dataclass(frozen=True)
class Offer:
    """One program as a visitor's list shows it, with its runs, the newest first."""

    program: Program
    blueprint: Blueprint
    runs: list[tuple[Cohort, Window]]

    @property
    def length(self) -> str:
        return words.length(self.blueprint.facts.length)


def offers(now: datetime) -> list[Offer]:
    """The programs that have a public cohort, those that take applications first. One query."""
    found: dict[int, Offer] = {}
    for cohort in _OFFERED():
        offer = found.setdefault(
            cohort.program_id, Offer(cohort.program, _checked(cohort.content), [])
        )
        offer.runs.append((cohort, window(cohort, now)))
    for offer in found.values():
        offer.runs.sort(key=lambda run: _RANK[run[1].state])
    return sorted(
        found.values(), key=lambda offer: (_RANK[offer.runs[0][1].state], offer.program.name)
    )


_OFFERED = Prepared(
    lambda: (
        Cohort.objects.published()
        .for_list()
        .without_content()
        .annotate(content=Cast("program__content", TextField()))
    )
)
_RANK = {"open": 0, "later": 1, "unset": 2, "closed": 3}


# --- for staff ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class StaffCohort:
    """A row of the staff home. attention: what somebody should do, most pressing first."""

    cohort: Cohort
    window: Window
    teams: int
    attention: list[str]


def staff_cohorts(now: datetime) -> list[StaffCohort]:
    """All cohorts with the number of their teams, running and coming ones first. One query."""
    cohorts = (
        Cohort.objects.for_list()
        .without_content()
        .annotate(team_count=Count("teams", filter=Q(teams__ended_at=None)))
    )
    today = now.date()
    rows = [
        StaffCohort(
            cohort=cohort,
            window=window(cohort, now),
            teams=cohort.team_count,
            attention=_attention(cohort, now),
        )
        for cohort in cohorts
    ]
    return sorted(rows, key=lambda row: row.cohort.ends_on < today)


def _attention(cohort: Cohort, now: datetime) -> list[str]:
    """Codes, put in words by the template."""
    found = []
    if cohort.published_at is None:
        found.append("not_public")
    if cohort.opens_at is None or cohort.closes_at is None:
        found.append("no_window")
    if cohort.application_form_id is None:
        found.append("no_form")
    at = window(cohort, now)
    if at.state == "open" and at.closes_soon:
        found.append("closes_soon")
    if cohort.decide_by and at.state == "closed" and cohort.starts_on > now.date():
        found.append("decide")
    return found


@dataclass(frozen=True)
class Shipped:
    """A blueprint that can be adopted, and the host's programs that came from it."""

    blueprint: Blueprint
    programs: list[Program]

    @property
    def length(self) -> str:
        return words.length(self.blueprint.facts.length)


def shipped() -> list[Shipped]:
    """Every shipped blueprint. One query."""
    adopted: dict[str, list[Program]] = {}
    for program in Program.objects.for_list().defer("content"):
        adopted.setdefault(program.blueprint_key, []).append(program)
    return [Shipped(load(key), adopted.get(key, [])) for key in keys()]


def cohorts_of(program: Program) -> Sequence[Any]:
    return list(program.cohorts.for_list().without_content())


def closing(cohort: Cohort) -> dict[str, Any]:
    """What staff should hear about the closing moment."""
    at = cohort.closes_at.astimezone(cohort.zone) if cohort.closes_at else None
    return {
        "closes_at_end_of_day": at is not None and (at.hour, at.minute) == (23, 59),
        "closing_warnings": deadline_warnings(cohort.closes_at, cohort.zone),
    }


def deadline_warnings(closes_at: datetime | None, zone: ZoneInfo) -> list[str]:
    """Why a close may find nobody awake, or be misread: weekend, holiday, change of the clocks."""
    if closes_at is None:
        return []
    at = closes_at.astimezone(zone)
    found = []
    if at.weekday() >= 5:
        found.append(_("This is a weekend: nobody may be there to help."))
    if is_holiday(at.date()):
        found.append(_("This is a holiday: nobody may be there to help."))
    midnight = datetime.combine(at.date(), time(), tzinfo=zone)
    next_midnight = datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=zone)
    if midnight.utcoffset() != next_midnight.utcoffset():
        found.append(_("The clocks change on this day. Say the time twice."))
    return found
