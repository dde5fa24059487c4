"""Puts the person's membership on the request and refuses views that declare no access."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.access import access_of
from accounts.models import Membership


def _membership(request: HttpRequest) -> Membership | None:
    if request.host is None or not request.user.is_authenticated:  # type: ignore[attr-defined]
        return None
    return Membership.objects.filter(user=request.user, ended_at=None).first()


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> None:
        match = request.resolver_match
        access = access_of(view, match.url_name if match else None)
        if access is None:
            raise Http404("This view declares no access.")
        if "host_slug" in kwargs:
            if request.host is None:  # type: ignore[attr-defined]
                raise Http404
            if access.kind != "public":
                request.membership = _membership(request)  # type: ignore[attr-defined]
            else:
                request.membership = SimpleLazyObject(lambda: _membership(request))  # type: ignore[attr-defined]
