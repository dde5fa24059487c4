"""The public page of a tested change: the lead's yes, the host's yes, and taking it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in, staff_membership
from collaboratives.queries.measures import member_of
from reporting import actions, rules
from reporting.forms.public import AskForm, ReasonForm
from reporting.models import ChangeTested, PublicPage
from reporting.queries import public as queries
from reporting.states import PageState
from reporting.views.library import decides, open_item
from workflow.machine import TransitionNotAllowed


@signed_in
def public_page(request: HttpRequest, host_slug: str, pk: int) -> HttpResponse:
    """As everybody would read it, with what the reader can decide."""
    change = open_item(request, pk)
    leads = rules.is_lead(member_of(change.team, request.user))
    runs = decides(staff_membership(request))
    if not (leads or runs):
        raise PermissionDenied
    page = queries.standing_page(change)
    act = request.POST.get("act", "")
    ask = AskForm(request.POST if act == "ask" else None)
    reason = ReasonForm(request.POST if act in ("refuse", "close") and runs else None)
    if request.method == "POST":
        try:
            if decided(request, act, change, page, ask=ask, reason=reason, leads=leads, runs=runs):
                return redirect("reporting:public_page", host_slug, pk)
        except TransitionNotAllowed:
            messages.error(request, _("Somebody has decided this already."))
            return redirect("reporting:public_page", host_slug, pk)
    waits = page is not None and page.state == PageState.ASKED
    content = page.content if waits and not leads else queries.content_of(change)
    context = {
        "change": change,
        "team": change.team,
        "page": page,
        "shown": queries.shown(content),
        "leads": leads,
        "runs": runs,
        "waits": waits,
        "is_open": queries.open_page(change.pk) is not None,
        "ask": ask,
        "reason": reason,
    }
    status = 422 if ask.errors or reason.errors else 200
    return render(request, "reporting/library/public_page.html", context, status=status)


def decided(
    request: HttpRequest,
    act: str,
    change: ChangeTested,
    page: PublicPage | None,
    *,
    ask: AskForm,
    reason: ReasonForm,
    leads: bool,
    runs: bool,
) -> bool:
    """Whether something was done; else a form says what is missing."""
    with_whom = {"now": timezone.now(), "by": request.user}
    if act == "ask" and leads:
        if not ask.is_valid():
            return False
        actions.ask_for_page(change=change, **with_whom)
        messages.success(request, _("The host is asked. It is public once they say yes too."))
        return True
    if page is None:
        raise PermissionDenied
    if act == "allow" and runs:
        actions.allow_page(page=page, **with_whom)
        messages.success(request, _("It is public now."))
        return True
    if act in ("refuse", "close") and runs:
        if not reason.is_valid():
            return False
        move = actions.refuse_page if act == "refuse" else actions.close_page
        move(page=page, reason=reason.cleaned_data["reason"], **with_whom)
        messages.success(request, _("Done. The team’s leads get a mail."))
        return True
    if act == "close" and leads:
        actions.close_page(page=page, reason="", **with_whom)
        messages.success(request, _("Nobody outside reads it any more."))
        return True
    raise PermissionDenied
