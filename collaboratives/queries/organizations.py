"""Reads about organizations and what happened in the host."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from collaboratives.models import Organization
from tenancy.models import AuditEvent

PER_PAGE = 25


def organizations(*, words: str, page: str | int) -> Page:
    """The directory, searched by name, city or state. Two queries."""
    found = Organization.objects.for_list().annotate(team_count=Count("teams"))
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(state__iexact=word)
        )
    return Paginator(found, PER_PAGE).get_page(page)


def activity(*, page: str | int) -> Page:
    """Everything that was done in this host, newest first. Two queries."""
    events = AuditEvent.objects.exclude(object_type__startswith="applications.consent")
    return Paginator(events.order_by("-at", "-pk"), PER_PAGE * 2).get_page(page)
