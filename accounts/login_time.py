"""How long a login lasts: so long without use, so long in all, and no longer than the role.

The login session holds when it began, when it was last used (noted once a minute), whether its
person works for a host, and up to when it has heard of changes to their roles.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from accounts.models import Membership
from accounts.typed import typed_back

STAFF_IDLE = 30 * 60
OTHERS_IDLE = 3 * 60 * 60
AT_MOST = 12 * 60 * 60
NOTED_EVERY = 60
UNATTENDED = "X-Unattended"  # what a page asks by itself is no use of it

KEY = "login_time"
Times = dict[str, float]


def _times(request: HttpRequest) -> Times:
    times = request.session.get(KEY)
    if times is None:
        records = get_authentication_records(request, request.user)
        began = max((record["at"] for record in records), default=time.time())
        times = begin(began)
    return dict(times)


def begin(now: float, *, staff: bool = False) -> Times:
    return {"began": now, "used": now, "staff": float(staff), "roles": now}


def _idle(times: Times) -> int:
    return STAFF_IDLE if times["staff"] else OTHERS_IDLE


def _ends(times: Times) -> float:
    return min(times["used"] + _idle(times), times["began"] + AT_MOST)


def seconds_unused(request: HttpRequest) -> int:
    """What a page is told that has just been used: the same on each page, so that two pages for
    what does not exist are one page, until the end of all use is nearer."""
    times = _times(request)
    return max(0, int(min(_idle(times), times["began"] + AT_MOST - time.time())))


def seconds_left(request: HttpRequest) -> int:
    return max(0, int(_ends(_times(request)) - time.time()))


def follow(request: HttpRequest, membership: Membership | None) -> str:
    """Note the use of this login; where it is over, end it and say why.

    membership: the person's in this host, also one that has ended; None where none is known.
    """
    now, times = time.time(), _times(request)
    works = membership is not None and membership.ended_at is None
    times["staff"] = float(bool(times["staff"]) or works or request.user.is_operator)  # type: ignore[union-attr]
    if now >= _ends(times):
        return _end(request, gettext("You were signed out because nothing was done for a while."))
    changed = membership.changed_at if membership is not None else None
    if changed is not None and changed.timestamp() > times["roles"]:
        return _end(request, gettext("Your role here has changed. Please sign in again."))
    attended = UNATTENDED not in request.headers
    if KEY not in request.session or times["staff"] != request.session[KEY]["staff"]:
        request.session[KEY] = {**times, "used": now if attended else times["used"]}
    elif attended and now - times["used"] >= NOTED_EVERY:
        request.session[KEY] = {**times, "used": now}
    return ""


def _end(request: HttpRequest, why: str) -> str:
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    return why


def tell(request: HttpRequest, why: str, *, closed: bool) -> HttpResponse | None:
    """A form that was sent too late gets its text back; everybody else is told at sign-in.

    closed: whether the page is for people who are signed in.
    """
    by_itself = "application/json" in request.headers.get("Accept", "")
    if closed and request.method == "POST" and not by_itself:
        context = {"why": why, "typed": typed_back(request)}
        return render(request, "accounts/signed_out.html", context, status=401)
    messages.info(request, why)
    return None


def rotate(request: HttpRequest) -> None:
    """After one's own role changed: a new key for the login session, which knows of the change."""
    times, old = _times(request), request.session.session_key
    request.session.cycle_key()
    request.session[KEY] = {**times, "roles": time.time()}
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)
