"""Headers that every response carries, and what no address may hold."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from config.logs import TOKEN


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # An untouched lazy user means that nobody's data is on the page.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
            response.setdefault("X-Robots-Tag", "noindex")
        if request.path_info.startswith(("/r/", "/f/")):
            response.setdefault("Cache-Control", "no-store")
            response.setdefault("X-Robots-Tag", "noindex")
        if request.path_info == reverse("account_logout") and response.status_code == 302:
            # Nothing typed stays on a shared computer. Pages are in no cache to begin with.
            response["Clear-Site-Data"] = '"storage"'
        if TOKEN.match(request.path_info):
            # A page that answers a POST may hold a form, and under no-referrer a browser sends
            # a form with `Origin: null`, which is refused.
            looked = request.method in ("GET", "HEAD")
            response["Referrer-Policy"] = "no-referrer" if looked else "strict-origin"
        return response


class NoNullsMiddleware:
    """An address with a NUL is answered with 400: Postgres takes none in any text, and a search
    for one would be a fault of ours. In forms Django's own fields refuse it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise SuspiciousOperation("NUL in an address")
        return self.get_response(request)
