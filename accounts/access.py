"""Who may open a view. Every view carries exactly one of these, or it is refused.

`access` on the view is what the middleware asks and what the policy tests read:
a view without it fails a test and answers 404.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts import opened_links
from accounts.roles import Permission
from accounts.typed import typed_back
from tenancy import links
from tenancy.active import open_host

if TYPE_CHECKING:
    from accounts.models import Membership

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Access:
    """What a view asks for. kind: public, signed_in, staff, link, demo, operator or library."""

    kind: str
    permission: Permission | None = None
    link: str = ""


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody, also without an account."""
    return _declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Any person with an account. The view fetches through `visible_to(request.user)`."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return _declare(wrapper, Access("signed_in"))


def used_second_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def staff_membership(request: HttpRequest) -> "Membership | None":
    """The reader's membership in this host, for pages that staff share with teams.

    None until the second factor was given: whoever only knows a password sees no more than
    a stranger does.
    """
    return request.membership if used_second_factor(request) else None  # type: ignore[attr-defined]


def requires(permission: Permission) -> Callable[[View], View]:
    """Staff of this host whose role grants `permission`, after a second factor.

    Strangers to the host get the page for what does not exist; staff without the role get 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.membership is None:  # type: ignore[attr-defined]
                raise Http404
            if not request.membership.may(permission):  # type: ignore[attr-defined]
                raise PermissionDenied
            if not used_second_factor(request):
                request.session["after_second_factor"] = request.get_full_path()
                return redirect("accounts:second_factor")
            return view(request, *args, **kwargs)

        return _declare(wrapper, Access("staff", permission=permission))

    return decorate


def proved_recently(request: HttpRequest) -> bool:
    """Whether the person signed in or confirmed it in the last minutes.

    Who has neither password nor second factor has nothing to confirm with.
    """
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0.0)
    if time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return True
    return not get_adapter().get_reauthentication_methods(request.user)


def after_step_up(view: View) -> View:
    """For what matters most: asks again who it is. Stands below the one that says who may.

    A POST comes back as a GET of the same address, so that address must show its form.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if proved_recently(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")

    return wrapper


def by_link(kind: str, *, expired: View | None = None) -> Callable[[View], View]:
    """The holder of an unexpired link of this kind; opens its host. `token` is in the path.

    A look at the mailed address leads on to one without the token; the view is always given
    that one's reference as `token`, to build its own addresses from.
    expired: the view for a link that time alone has closed; without it such a link is unknown.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if opened_links.is_reference(token):
                link_pk = opened_links.opened(request, token)
                if link_pk is None:
                    return _open_again(request)
                link = links.find_again(link_pk, kind=kind, expired_too=bool(expired))
            else:
                if not _may_knock(request, token):
                    return ratelimit.respond_429(request)
                link = links.find(token, kind=kind, expired_too=bool(expired))
            if link is None:
                raise Http404
            reference = opened_links.reference(link.pk)
            if token != reference and request.method in ("GET", "HEAD"):
                response = _without_the_token(request, reference)
            else:
                request.link, request.host = link, link.host  # type: ignore[attr-defined]
                show = view if expired is None or link.is_open(timezone.now()) else expired
                with open_host(link.host_id):
                    response = show(request, reference, *args, **kwargs)
            opened_links.remember(request, response, link)
            return response

        return _declare(wrapper, Access("link", link=kind))

    return decorate


def _may_knock(request: HttpRequest, token: str) -> bool:
    """Whether an address with a token may be tried: so many a minute from one address, and for
    one link. A HEAD is not counted, nor what another machine does with the same link: the
    scanner of a mail server must not shut its reader out."""
    if request.method == "HEAD":
        return True
    key = f"{token} {ratelimit.get_ip(request)}"
    return bool(
        ratelimit.consume(request, app="allauth.account", action="link", key=key, limit_get=True)
    )


def _without_the_token(request: HttpRequest, reference: str) -> HttpResponse:
    match = request.resolver_match
    assert match is not None
    path = reverse(match.view_name, kwargs={**match.kwargs, "token": reference})
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{path}?{query}" if query else path)


def _open_again(request: HttpRequest) -> HttpResponse:
    """The hour is over, or this is another browser. What was typed is given back."""
    if "application/json" in request.headers.get("Accept", ""):
        text = gettext("Open the link in your email again. Your text is kept in this browser.")
        return JsonResponse({"detail": text, "error": text}, status=410)
    return render(request, "link_lapsed.html", {"typed": typed_back(request)}, status=410)


def demo_only(view: View) -> View:
    """Anybody, while the installation shows demo data; otherwise it does not exist."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO_MODE:
            raise Http404
        return view(request, *args, **kwargs)

    return _declare(wrapper, Access("demo"))


def operator_only(view: View) -> View:
    """The operator of the installation, after a second factor."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.user.is_authenticated and request.user.is_operator):
            raise Http404
        if not used_second_factor(request):
            return redirect("accounts:second_factor")
        return view(request, *args, **kwargs)

    return _declare(wrapper, Access("operator"))


# Views of libraries, by the name of their URL. A name that is not here is refused, so that an
# upgrade which adds a page shows up as a failing test.
LIBRARY = {
    "account_login": "public",
    "account_logout": "public",
    "account_inactive": "public",
    "account_signup": "public",
    "account_email_verification_sent": "public",
    "account_reset_password": "public",
    "account_confirm_password_reset_code": "public",
    "account_complete_password_reset": "public",
    "account_password_reset_completed": "public",
    "account_request_login_code": "public",
    "account_confirm_login_code": "public",
    "account_reauthenticate": "signed_in",
    "account_email": "signed_in",
    "account_change_password": "signed_in",
    "account_set_password": "signed_in",
    "mfa_authenticate": "public",
    "mfa_trust": "public",
    "mfa_index": "signed_in",
    "mfa_reauthenticate": "signed_in",
    "mfa_activate_totp": "signed_in",
    "mfa_deactivate_totp": "signed_in",
    "mfa_generate_recovery_codes": "signed_in",
    "mfa_view_recovery_codes": "signed_in",
    "mfa_download_recovery_codes": "signed_in",
    "usersessions_list": "signed_in",
    "set_language": "public",
}


def access_of(view: View, url_name: str | None) -> Access | None:
    """What a view declares; None when it declares nothing."""
    declared = getattr(view, "access", None)
    if declared is None and url_name in LIBRARY:
        return Access("library", link=LIBRARY[url_name])
    return declared
