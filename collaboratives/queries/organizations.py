"""Reads about organizations and what happened in the host."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from accounts import hidden
from accounts.models import User
from collaboratives.likeness import similar
from collaboratives.models import Organization, OrganizationMerge
from tenancy.models import AuditEvent

PER_PAGE = 25


def known_to(person: User) -> Any:
    """Entries of the directory, without those that are hidden from this member of staff."""
    return hidden.without_hidden(Organization.objects.for_list(), person)


def events_for(person: User) -> Any:
    """What was done in this host, without what is about something hidden from this person."""
    return hidden.leave_out(AuditEvent.objects.all(), person, kind="object_type", pk="object_id")


def organizations(*, reader: User, words: str, page: str | int) -> Page:
    """The directory, searched by name, city or state. Two queries."""
    found = known_to(reader).present().annotate(team_count=Count("teams"))
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(state__iexact=word)
        )
    return Paginator(found, PER_PAGE).get_page(page)


@dataclass(frozen=True)
class Alike:
    """Two entries that may be one institution. why: ccn, domain or name."""

    one: Organization
    two: Organization
    why: str


def alike(reader: User) -> list[Alike]:
    """Pairs worth a look, the surest first. One query; names are compared within a state."""
    by_state: dict[str, list[Organization]] = {}
    for organization in known_to(reader).present():
        by_state.setdefault(organization.state, []).append(organization)
    found = [
        Alike(one, two, why)
        for entries in by_state.values()
        for one, two in combinations(entries, 2)
        if (why := _why_alike(one, two))
    ]
    return sorted(found, key=lambda pair: (SUREST.index(pair.why), pair.one.name))


SUREST = ("ccn", "name", "domain")


def _why_alike(one: Organization, two: Organization) -> str:
    """Two numbers that differ are two institutions, whatever else they share."""
    if one.ccn and two.ccn:
        return "ccn" if one.ccn == two.ccn else ""
    if similar(one.name, two.name):
        return "name"
    domain = one.email_domain
    return "domain" if domain and domain == two.email_domain and one.city == two.city else ""


def hanging_on(organization: Organization) -> dict[str, int]:
    """How much hangs on an entry, by the plural name of what it is. For the merge page."""
    counts = {}
    for relation in Organization._meta.related_objects:
        model = relation.related_model
        if model not in (Organization, OrganizationMerge):
            rows = model._base_manager.filter(**{relation.field.name: organization})
            counts[str(model._meta.model_name)] = rows.count()
    return counts


def activity(*, reader: User, page: str | int) -> Page:
    """Everything that was done in this host, newest first. Two queries."""
    events = events_for(reader).exclude(object_type__startswith="applications.consent")
    return Paginator(events.order_by("-at", "-pk"), PER_PAGE * 2).get_page(page)
