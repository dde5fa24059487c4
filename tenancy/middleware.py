"""Finds the host in the first part of the path and holds it open for the whole response."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenancy.active import open_host
from tenancy.models import Host
from tenancy.prepared import Given, Prepared

_hosts = Prepared(lambda: Host.objects.filter(slug=Given("slug", CharField())))
RESERVED = frozenset(
    {
        ".well-known",
        "about",
        "accounts",
        "admin",
        "api",
        "demo",
        "docs",
        "f",
        "favicon.ico",
        "files",
        "healthz",
        "hooks",
        "i18n",
        "library",
        "media",
        "metrics",
        "r",
        "readyz",
        "robots.txt",
        "static",
        "verify",
    }
)


class HostMiddleware:
    """Opens the host; a response of 500 or more takes the transaction back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        slug = request.path_info.split("/", 2)[1]
        request.host = None  # type: ignore[attr-defined]
        if slug in RESERVED or not slug:
            return self.get_response(request)
        host = _hosts.first(slug=slug)
        if host is None:
            return self.get_response(request)
        request.host = host  # type: ignore[attr-defined]
        with open_host(host.pk):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response
