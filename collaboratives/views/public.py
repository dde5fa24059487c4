"""Pages that anybody may read. For visitors they set no cookie, so a proxy may keep them."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import get_language

from accounts.access import public
from collaboratives.actions.programs import draw_request
from collaboratives.models import Cohort
from collaboratives.queries import programs as queries
from collaboratives.queries import teams as team_queries
from collaboratives.queries.request_document import LANGUAGES, request_document
from documents import serving
from questionnaires import paper
from questionnaires.actions import draw_blank

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


MOST_ABOUT = 100
_about: dict[tuple[str | None, ...], SafeString] = {}


def about(page: queries.PublicCohort, host_slug: str) -> SafeString:
    """What the program says about itself. It is drawn once from the same text of its blueprint,
    in a language, for an address: nothing else may show in it."""
    form = "form" if page.cohort.application_form_id else None
    key = (page.content, get_language(), host_slug, page.cohort.slug, form)
    drawn = _about.get(key)
    if drawn is None:
        if len(_about) >= MOST_ABOUT:
            _about.clear()
        context = {
            "blueprint": page.blueprint,
            "types": page.types,
            "team_words": page.team_words,
            "host": {"slug": host_slug},
            "cohort": {"slug": page.cohort.slug, "application_form_id": form},
        }
        drawn = _about[key] = SafeString(render_to_string("collaboratives/_about.html", context))
    return drawn


@public
def cohort(request, host_slug, cohort_slug):
    page = queries.public_cohort(cohort_slug, host=request.host, now=now())
    context = {
        "page": page,
        "cohort": page.cohort,
        "blueprint": page.blueprint,
        "about": about(page, host_slug),
    }
    return show(request, "collaboratives/cohort.html", context)


@public
def blank_form(request, host_slug, cohort_slug, language):
    """The application form to fill in on one's own computer. A worker draws it, once."""
    found = get_object_or_404(Cohort.objects.published().with_form(), slug=cohort_slug)
    if language not in paper.LANGUAGES or found.application_form is None:
        raise Http404
    job = draw_blank(version=found.application_form, language=language, by=None, now=now())
    if job.result is not None:
        return serving.response(job.result)
    context = {"cohort": found, "failed": job.state == "failed", "what": "form"}
    return show(request, "collaboratives/blank_form.html", context)


@public
def request_for_application(request, host_slug, cohort_slug, language):
    """What the program says about itself, to be read and handed around before one applies."""
    page = queries.public_cohort(cohort_slug, host=request.host, now=now())
    if language not in LANGUAGES or not page.blueprint.intake.request_for_application:
        raise Http404
    document = request_document(page, language)
    job = draw_request(document=document, cohort=page.cohort, language=language)
    if job.result is not None:
        return serving.response(job.result)
    context = {"cohort": page.cohort, "failed": job.state == "failed", "what": "request"}
    return show(request, "collaboratives/blank_form.html", context)
