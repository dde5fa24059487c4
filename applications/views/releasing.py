"""Tell the applicants, in one act, now or at a chosen moment; and keep what was promised."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import zones
from accounts.access import after_step_up, requires
from accounts.roles import Permission
from applications import actions
from applications.emails import preview_of_release
from applications.forms import LateForm, PlanReleaseForm
from applications.models import Application
from applications.queries.clock import clock_of
from applications.queries.deadlines import last_day_to_answer
from applications.queries.staff import capacity
from applications.views.staff import cohort_or_404, readable_or_404

MOST = 200  # letters on one page


@requires(Permission.APPLICATION_DECIDE)
@after_step_up
def release(request, host_slug, cohort_slug):
    """Every pending decision with its letter. A POST that names an act does it; any other
    shows the page with what was ticked in the list."""
    cohort = cohort_or_404(request, cohort_slug)
    given = request.POST if request.method == "POST" else request.GET
    form = PlanReleaseForm(given if "plan" in given else None, zone=cohort.zone)
    if request.method == "POST" and ("release" in given or ("plan" in given and form.is_valid())):
        return _act(request, cohort, at=form.moment if "plan" in given else None)
    visible, now = Application.objects.visible_to(request.user, request.membership), timezone.now()
    last_day, picked = last_day_to_answer(cohort, now), given.getlist("pick")
    rows = [
        {
            "application": one,
            "letter": preview_of_release(one, respond_by=last_day),
            "picked": not picked or one.reference in picked,
        }
        for one in visible.to_release(cohort)[:MOST]
    ]
    context = {"cohort": cohort, "capacity": capacity(cohort), "rows": rows, "form": form}
    context["zone"] = zones.name(cohort.time_zone)
    status = 422 if form.errors else 200
    return render(request, "applications/release.html", context, status=status)


def _act(request, cohort, *, at):
    picked = Application.objects.visible_to(request.user, request.membership).picked(
        cohort.slug, request.POST.getlist("pick")
    )
    if not picked:
        messages.error(request, _("Select the decisions to release first."))
    elif at is None:
        _tell(
            request,
            actions.release_selected(applications=picked, by=request.user, now=timezone.now()),
        )
    else:
        _plan(request, picked, at)
    return redirect("applications:release", cohort.host.slug, cohort.slug)


def _tell(request, done):
    """What became of each."""
    released = sum(one.released for one in done)
    if released:
        words = ngettext("%(n)s decision released.", "%(n)s decisions released.", released)
        messages.success(request, words % {"n": released})
    left = [one.application.organization_name for one in done if not one.released]
    if left:
        words = _("Not released, because no decision was waiting: %(names)s.")
        messages.warning(request, words % {"names": ", ".join(left)})


def _plan(request, picked, at):
    try:
        planned = actions.plan_release(
            applications=picked, at=at, by=request.user, now=timezone.now()
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return
    words = ngettext(
        "%(n)s decision is released at that moment.",
        "%(n)s decisions are released at that moment.",
        len(planned),
    )
    messages.success(request, words % {"n": len(planned)})


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def cancel_planned(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    actions.cancel_planned_release(application=application, by=request.user)
    messages.success(request, _("It is not released by itself any more."))
    return redirect("applications:release", host_slug, cohort_slug)


@requires(Permission.APPLICATION_DECIDE)
def waiting(request, host_slug):
    """What waits for staff in all cohorts: a part of their first page, or a page of its own."""
    visible = Application.objects.visible_to(request.user, request.membership)
    context = {"rows": list(visible.waiting_for_staff())}
    part = "_waiting" if request.htmx else "waiting"
    return render(request, f"applications/{part}.html", context)


@requires(Permission.APPLICATION_DECIDE)
def clock(request, host_slug, cohort_slug):
    """Which answers are due, at risk, late, or waiting for the applicant."""
    cohort = cohort_or_404(request, cohort_slug)
    return _clock_page(request, cohort)


def _clock_page(request, cohort, *, form=None, late="", status=200):
    visible = Application.objects.visible_to(request.user, request.membership)
    context = {
        "cohort": cohort,
        "clock": clock_of(visible, cohort, timezone.now()),
        "form": form,
        "late": late,
    }
    return render(request, "applications/clock.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def say_why_late(request, host_slug, cohort_slug, reference):
    application = get_object_or_404(
        Application.objects.visible_to(request.user, request.membership).received().for_page(),
        cohort__slug=cohort_slug,
        reference=reference,
    )
    form = LateForm(request.POST)
    if not form.is_valid():
        cohort = cohort_or_404(request, cohort_slug)
        return _clock_page(request, cohort, form=form, late=reference, status=422)
    actions.say_why_late(application=application, by=request.user, **form.cleaned_data)
    messages.success(request, _("The reason is kept."))
    return redirect("applications:clock", host_slug, cohort_slug)
