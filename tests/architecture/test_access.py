"""Every URL declares who may open it: read from the URL configuration, not from a list."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver, path

from accounts.access import LIBRARY, access_of
from config import urls


def all_urls(patterns: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_urls(pattern.url_patterns, route)
        else:
            yield route, pattern


def undeclared() -> list[str]:
    return [
        route
        for route, pattern in all_urls(get_resolver().url_patterns)
        if access_of(pattern.callback, pattern.name) is None
    ]


def test_every_url_declares_its_access():
    assert undeclared() == []


def test_a_planted_url_without_a_declaration_is_found_and_refused(monkeypatch, db):
    def planted(request):
        raise AssertionError("the view must not be reached")

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("api/planted/", planted)])
    clear_url_caches()
    try:
        assert undeclared() == ["api/planted/"]
        assert Client().get("/api/planted/").status_code == 404
    finally:
        monkeypatch.undo()
        clear_url_caches()


def test_the_table_of_library_pages_names_only_pages_that_exist():
    names = {pattern.name for _, pattern in all_urls(get_resolver().url_patterns)}
    assert set(LIBRARY) - names <= {"mfa_trust", "account_email_verification_sent"}


@pytest.mark.parametrize("route_and_pattern", list(all_urls(get_resolver().url_patterns)))
def test_pages_of_a_host_name_it_first(route_and_pattern):
    """What is not below a host is one of the reserved words."""
    from tenancy.middleware import RESERVED

    route, _ = route_and_pattern
    first = route.split("/")[0]
    assert first in RESERVED | {"", "<slug:host_slug>"}, route
