"""Pages of the installation itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import public
from accounts.queries import demo_home, places
from accounts.typed import typed_back
from tenancy.models import Host


@public
def home(request: HttpRequest) -> HttpResponse:
    """The hosts that show themselves, and a person's own; in demo mode, the person's own place
    or the way into the demo."""
    if settings.DEMO_MODE:
        own_place = demo_home(request.user) if request.user.is_authenticated else ""
        return redirect(own_place if own_place not in ("", request.path) else "/demo/")
    own = places(request.user) if request.user.is_authenticated else []
    if len(own) == 1:
        return redirect("collaboratives:staff_home", own[0].host.slug)
    hosts = Host.objects.filter(is_public=True).order_by("name")
    return render(request, "home.html", {"hosts": hosts, "places": own})


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's seal was too old. The page offers back what was typed."""
    return render(request, "csrf_failure.html", {"typed": typed_back(request)}, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Asked too often. Named by `handler429`, for our pages and those of allauth."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html")
