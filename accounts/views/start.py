"""A code by mail, for whoever has no account yet as much as for whoever has one."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import get_language, gettext, ngettext

from accounts import actions
from accounts.access import public
from accounts.forms import CodeForm, StartForm


def local(url: str) -> str:
    """The address if it leads to a page of ours, else the empty string."""
    safe = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if safe else ""


def send_code(request: HttpRequest, *, email: str, next_url: str, trap: str = "") -> HttpResponse:
    """Mail a code and go to where it is typed; whoever fills the trap is told the same."""
    if not ratelimit.consume(request, action="start", key=email):
        return ratelimit.respond_429(request)
    if trap:
        key = get_random_string(43)
    else:
        language = get_language() or "en"
        key = actions.request_start_code(email=email, language=language, now=now())
    request.session["start"] = {"key": key, "email": email, "next": next_url}
    return redirect("accounts:start_code")


@public
def start(request):
    next_url = local(request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(next_url or "home")
    form = StartForm(request.POST or None, initial={"next": next_url})
    if request.method == "POST" and form.is_valid():
        return send_code(
            request,
            email=form.cleaned_data["email"],
            next_url=next_url,
            trap=form.cleaned_data["website"],
        )
    return render(request, "accounts/start.html", {"form": form})


@public
def start_code(request):
    pending = request.session.get("start")
    if pending is None:
        return redirect("accounts:start")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checked = actions.check_start_code(
            browser_key=pending["key"], code=form.cleaned_data["code"], now=now()
        )
        if checked.email is not None:
            return enter(request, email=checked.email, next_url=pending["next"])
        form.add_error("code", tries_words(checked.tries_left))
    context = {"form": form, "pending": pending, "minutes": actions.CODE_MINUTES}
    return render(request, "accounts/start_code.html", context)


def tries_words(left: int) -> str:
    if left == 0:
        return gettext("This code no longer works. Send a new code.")
    return ngettext(
        "That is not the code. You have %(left)d try left.",
        "That is not the code. You have %(left)d tries left.",
        left,
    ) % {"left": left}


def enter(request: HttpRequest, *, email: str, next_url: str) -> HttpResponse:
    """Sign the holder of a proved address in; who has a second factor is asked for it next."""
    del request.session["start"]
    user = actions.person_at(email=email, language=(get_language() or "en")[:2])
    record_authentication(request, user, "code", email=email)
    return perform_login(request, user, redirect_url=next_url or resolve_url("home"), email=email)
