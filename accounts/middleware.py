"""Puts the person's membership on the request and refuses views that declare no access."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import login_time
from accounts.access import Access, access_of
from accounts.models import Membership
from tenancy.prepared import Given, Prepared

_places = Prepared(lambda: Membership.objects.filter(user_id=Given("person", BigIntegerField())))


def _place(request: HttpRequest) -> Membership | None:
    """The person's place among the staff of this host, also one that has ended."""
    if request.host is None or not request.user.is_authenticated:  # type: ignore[attr-defined]
        return None
    place: Membership | None = _places.first(person=request.user.pk)
    return place


def _present(place: Membership | None) -> Membership | None:
    return place if place is not None and place.ended_at is None else None


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        place = None
        access = access_of(view, match.url_name if match else None)
        if access is None:
            raise Http404("This view declares no access.")
        if "host_slug" in kwargs:
            if request.host is None:  # type: ignore[attr-defined]
                raise Http404
            if access.kind == "public":
                request.membership = SimpleLazyObject(lambda: _present(_place(request)))  # type: ignore[attr-defined]
            else:
                place = _place(request)
                request.membership = _present(place)  # type: ignore[attr-defined]
        return _follow(request, access, place)


def _follow(request: HttpRequest, access: Access, place: Membership | None) -> HttpResponse | None:
    """Let a login end that is over. Without its cookie nothing is asked of the database."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    over = login_time.follow(request, place)
    if not over:
        return None
    request.membership = None  # type: ignore[attr-defined]
    closed = access.kind in ("signed_in", "staff", "operator") or access.link == "signed_in"
    return login_time.tell(request, over, closed=closed)
