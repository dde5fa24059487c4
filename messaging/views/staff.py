"""Staff see what was sent to whom, and what became of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from messaging import actions, queries
from workflow.machine import TransitionNotAllowed


@requires(Permission.MESSAGE_VIEW)
def message_list(request, host_slug, cohort_slug):
    words = request.GET.get("q", "").strip()
    listed = queries.message_list(
        cohort_slug,
        reader=request.user,
        view=request.GET.get("view", ""),
        words=words,
        page=request.GET.get("page", 1),
    )
    tabs = [
        {
            "label": view.label,
            "url": f"?{_query(view.key, words)}",
            "count": view.count,
            "current": view.key == listed.chosen,
        }
        for view in listed.views
    ]
    context = {
        "page": listed.page,
        "tabs": tabs,
        "words": words,
        "chosen": listed.chosen,
        "query": _query(listed.chosen, words),
        "cohort_slug": cohort_slug,
    }
    return render(request, "messaging/list.html", context)


def _query(view, words):
    return urlencode({"view": view, **({"q": words} if words else {})})


@requires(Permission.MESSAGE_VIEW)
def detail(request, host_slug, cohort_slug, pk):
    message = get_object_or_404(queries.for_reader(request.user).of_cohort(cohort_slug), pk=pk)
    context = {
        "shown": queries.shown(message),
        "message": message,
        "cohort_slug": cohort_slug,
        "may_send": request.membership.may(Permission.MESSAGE_SEND),
    }
    return render(request, "messaging/detail.html", context)


@requires(Permission.MESSAGE_SEND)
def confirm_send_again(request, host_slug, cohort_slug, pk):
    """What sending again would do; only the form's POST does it."""
    message = get_object_or_404(queries.for_reader(request.user).of_cohort(cohort_slug), pk=pk)
    context = {"shown": queries.shown(message), "message": message, "cohort_slug": cohort_slug}
    return render(request, "messaging/send_again.html", context)


@requires(Permission.MESSAGE_SEND)
@require_POST
def send_again(request, host_slug, cohort_slug, pk):
    message = get_object_or_404(queries.for_reader(request.user).of_cohort(cohort_slug), pk=pk)
    try:
        message = actions.send_again(message=message, now=timezone.now(), by=request.user)
    except TransitionNotAllowed:
        messages.error(request, _("This mail can't be sent again."))
    else:
        messages.success(request, _("The mail is on its way again."))
    return redirect("messaging:detail", host_slug, cohort_slug, message.pk)


@requires(Permission.MESSAGE_SEND)
@require_POST
def cancel(request, host_slug, cohort_slug, pk):
    message = get_object_or_404(queries.for_reader(request.user).of_cohort(cohort_slug), pk=pk)
    try:
        actions.cancel(message=message, by=request.user)
    except TransitionNotAllowed:
        messages.error(request, _("It was too late: this mail is already on its way."))
    else:
        messages.success(request, _("The mail will not be sent."))
    return redirect("messaging:detail", host_slug, cohort_slug, pk)
