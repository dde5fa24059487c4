"""Headers that every response carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # An untouched lazy user means that nobody's data is on the page.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
            response.setdefault("X-Robots-Tag", "noindex")
        if request.path_info.startswith(("/r/", "/f/")):
            # Not no-referrer: with it browsers send forms with `Origin: null`, which is refused.
            response["Referrer-Policy"] = "strict-origin"
            response.setdefault("Cache-Control", "no-store")
            response.setdefault("X-Robots-Tag", "noindex")
        return response
