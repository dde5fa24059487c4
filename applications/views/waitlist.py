"""The waitlist of a cohort, as staff keep it in order."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import MoveForm
from applications.models import Application
from applications.queries.offers import free_seats, offered_seats
from collaboratives.models import Cohort


def page(request, cohort, *, form=None, moved="", status=200):
    now = timezone.now()
    visible = Application.objects.visible_to(request.user, request.membership)
    context = {
        "cohort": cohort,
        "waiting": list(visible.filter(cohort=cohort).waiting().for_waitlist()),
        "free": free_seats(cohort, now, among=visible),
        "offers": offered_seats(cohort, now),
        "form": form,
        "moved": moved,
    }
    return render(request, "applications/waitlist.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
def waitlist(request, host_slug, cohort_slug):
    return page(request, get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug))


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def offer_next(request, host_slug, cohort_slug):
    """Staff give the next team a seat that is free."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    asked = actions.offer_next_seat(cohort=cohort, by=request.user, now=timezone.now())
    if asked is None:
        messages.error(request, _("No seat is free, or nobody is waiting."))
    else:
        visible = Application.objects.visible_to(request.user, request.membership)
        shown = visible.filter(pk=asked.pk).exists()
        words = _("We offered %(name)s a seat.") % {"name": asked.organization_name}
        messages.success(request, words if shown else _("We offered the next team a seat."))
    return redirect("applications:waitlist", host_slug, cohort_slug)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def move(request, host_slug, cohort_slug, reference):
    visible = Application.objects.visible_to(request.user, request.membership).for_page()
    application = get_object_or_404(visible, cohort__slug=cohort_slug, reference=reference)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return page(request, application.cohort, form=form, moved=reference, status=422)
    try:
        actions.move_on_waitlist(application=application, by=request.user, **form.cleaned_data)
        messages.success(request, _("The order is changed."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("applications:waitlist", host_slug, cohort_slug)
