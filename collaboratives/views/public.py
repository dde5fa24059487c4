"""Pages that anybody may read. For visitors they set no cookie, so a proxy may keep them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now

from accounts.access import public
from collaboratives.queries import programs as queries
from collaboratives.queries import teams as team_queries

# Stands in for the form's seal, which would be kept in a cookie: nothing a visitor can do on
# these pages needs one, and choosing a language asks for none.
NO_SEAL = ""


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    visitor = settings.SESSION_COOKIE_NAME not in request.COOKIES
    if visitor:
        context["csrf_token"] = NO_SEAL
    response = render(request, template, context)
    if visitor:
        response["Cache-Control"] = "public, max-age=60"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@public
def host_home(request, host_slug):
    at = now()
    context = {"offers": queries.offers(at), "now": at, "teams": [], "works_here": False}
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        context["teams"] = team_queries.own_teams(request.user)
        context["works_here"] = bool(request.membership)
    return show(request, "collaboratives/host_home.html", context)


@public
def programs(request, host_slug):
    at = now()
    return show(request, "collaboratives/programs.html", {"offers": queries.offers(at), "now": at})


@public
def cohort(request, host_slug, cohort_slug):
    page = queries.public_cohort(cohort_slug, host=request.host, now=now())
    context = {"page": page, "cohort": page.cohort, "blueprint": page.blueprint}
    return show(request, "collaboratives/cohort.html", context)
