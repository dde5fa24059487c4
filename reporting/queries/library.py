"""The network's library: what teams share of the changes they tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import F, Q

from accounts.models import User
from accounts.roles import Permission
from collaboratives.models import Team, TeamMember
from collaboratives.queries.measure_charts import MeasureCharts, measure_charts
from collaboratives.queries.measures import Reader
from collaboratives.states import OrganizationType, TeamRole
from reporting.models import ChangeTested, Report, ReportVersion
from reporting.queries.pages import tables_for
from reporting.states import Act

if TYPE_CHECKING:
    from accounts.models import Membership
    from reporting.models.reports import ChangeTestedQuerySet

PER_PAGE = 20
TESTING = "testing"  # the address's word for a test that is still running


@dataclass(frozen=True)
class Wanted:
    """What is looked for; the address holds it. Empty: everything."""

    q: str = ""
    area: str = ""
    group: str = ""
    setting: str = ""
    result: str = ""

    @property
    def is_narrowed(self) -> bool:
        return any((self.q, self.area, self.group, self.setting, self.result))


@dataclass(frozen=True)
class Choices:
    """What can be chosen: only what stands on an item that the reader may read."""

    areas: list[str]
    groups: list[str]
    settings: list[tuple[str, str]]
    results: list[tuple[str, str]]


def may_open(person: User, membership: Membership | None) -> bool:
    """People of the host's teams, and staff who read reports."""
    if membership is not None and membership.may(Permission.REPORT_VIEW):
        return True
    return Team.objects.visible_to(person).exists()


def readable(person: User, membership: Membership | None) -> ChangeTestedQuerySet:
    """What stands in the library for this reader. Nothing else is counted, listed or offered."""
    return ChangeTested.objects.readable_by(person, membership).in_library()


def choices_of(found: ChangeTestedQuerySet) -> Choices:
    """One query."""
    rows = found.values_list(
        "team__clinical_areas", "for_whom", "team__organization__type", "act"
    ).distinct()
    areas: set[str] = set()
    groups: set[str] = set()
    types: set[str] = set()
    acts: set[str] = set()
    for of_team, group, type_, act in rows.order_by():
        areas.update(of_team)
        groups.add(group)
        types.add(type_)
        acts.add(act)
    return Choices(
        sorted(areas),
        sorted(groups - {""}),
        [(one.value, str(one.label)) for one in OrganizationType if one.value in types],
        [(one.value or TESTING, str(one.label)) for one in Act if one.value in acts],
    )


def search(found: ChangeTestedQuerySet, wanted: Wanted, *, page: str | int = 1) -> Page:
    """The best match first; without words the newest. Two queries."""
    if wanted.area:
        found = found.filter(team__clinical_areas__contains=[wanted.area])
    if wanted.group:
        found = found.filter(for_whom=wanted.group)
    if wanted.setting:
        found = found.filter(team__organization__type=wanted.setting)
    if wanted.result:
        found = found.filter(act="" if wanted.result == TESTING else wanted.result)
    order: list[Any] = ["-started_on", "-pk"]
    if wanted.q:
        query = asked_in_words(wanted.q)
        found = found.annotate(rank=SearchRank(F("search"), query))
        found = found.filter(Q(search=query) | Q(team__name__icontains=wanted.q))
        order = ["-rank", *order]
    return Paginator(found.with_team().order_by(*order), PER_PAGE).get_page(page)


def asked_in_words(words: str) -> Any:
    """As people type it: quotes, or, minus. In the stems of both languages."""
    english, spanish = (
        SearchQuery(words, search_type="websearch", config=config)
        for config in ("english", "spanish")
    )
    return english | spanish


# --- one item ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One tested change for one reader. charts: None where they may see no numbers of it.
    origin: the change it was begun from, if they may read that."""

    change: ChangeTested
    charts: MeasureCharts | None
    before: ChangeTested | None
    after: list[ChangeTested]
    others: list[Team]
    origin: ChangeTested | None
    adaptations: list[ChangeTested]


def item(change: ChangeTested, person: User, membership: Membership | None) -> Item:
    seen = ChangeTested.objects.readable_by(person, membership)
    return Item(
        change=change,
        charts=numbers_of(change, person, membership),
        before=seen.filter(pk=change.follows_id).first() if change.follows_id else None,
        after=list(seen.filter(follows=change).for_list()),
        others=who_else(change, readable(person, membership)),
        origin=seen.filter(pk=change.adapted_from_id).with_team().first()
        if change.adapted_from_id
        else None,
        adaptations=list(seen.filter(adapted_from=change).with_team().order_by("started_on", "pk")),
    )


def teams_to_adapt_in(change: ChangeTested, person: User) -> list[Team]:
    """The person's teams that could test it too: those for which they write."""
    works = TeamMember.objects.present().filter(
        user_id=person.pk, role__in=[TeamRole.LEAD, TeamRole.MEMBER]
    )
    teams = Team.objects.running().filter(pk__in=works.values("team_id"))
    return list(teams.exclude(pk=change.team_id).for_list())


def numbers_of(
    change: ChangeTested, person: User, membership: Membership | None
) -> MeasureCharts | None:
    """Its measure as the newest report that the reader may read gave it out: masked, unless they
    are of the team."""
    if change.measure is None:
        return None
    reports = Report.objects.visible_to(person, membership).submitted().filter(team=change.team)
    version = (
        ReportVersion.objects.filter(report__in=reports.values("pk"))
        .order_by("-report__period__ends_on", "-number")
        .first()
    )
    if version is None:
        return None
    for table in tables_for(version, change.team, Reader.person(person)):
        if table.slug == change.measure.slug:
            return measure_charts(table, changes=[])
    return None


def who_else(change: ChangeTested, seen: ChangeTestedQuerySet) -> list[Team]:
    """Other teams that share something on the same area of care or the same measure."""
    alike = Q(team__clinical_areas__overlap=change.team.clinical_areas)
    if change.measure is not None:
        alike |= Q(measure__name__iexact=change.measure.name)
    theirs = seen.exclude(team=change.team_id).filter(alike)
    teams = Team.objects.filter(pk__in=theirs.values("team"))
    return list(teams.for_list())
