"""Scores beside the answers, saved while one types; and all scores of a cohort side by side."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import BlackOutForm, posted_scores
from applications.models import Application, Redaction
from applications.queries.reviewers import next_to_read
from applications.queries.reviews import calibration as calibration_of
from applications.views.deciding import back
from applications.views.staff import readable_or_404, reading
from collaboratives.models import Cohort


def rubric_or_404(application):
    reviewing = application.cohort.program.blueprint.reviewing
    if reviewing is None:
        raise Http404
    return reviewing


@requires(Permission.APPLICATION_REVIEW)
@require_POST
def score(request, host_slug, cohort_slug, reference):
    """The whole form at once, for who has no script; and what finishes a review."""
    application = readable_or_404(request, cohort_slug, reference)
    given, bases = posted_scores(request.POST, rubric_or_404(application))
    now = timezone.now()
    try:
        saved = actions.save_review(
            application=application, given=given, bases=bases, by=request.user, now=now
        )
        if saved.clashes:
            words = _("Something here was changed in another window. Look at it once more.")
            messages.warning(request, words)
        elif "finish" in request.POST:
            actions.finish_review(application=application, by=request.user, now=now)
            messages.success(request, _("Your review is finished."))
            return redirect("applications:next_to_read", host_slug, cohort_slug)
        else:
            messages.success(request, _("Your scores are saved."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return back(request, application)


@requires(Permission.APPLICATION_REVIEW)
@require_POST
def autosave(request, host_slug, cohort_slug, reference):
    """Keep what was changed; in the terms of static/js/auto-save.js."""
    application = readable_or_404(request, cohort_slug, reference)
    given, bases = posted_scores(request.POST, rubric_or_404(application))
    now = timezone.now()
    try:
        saved = actions.save_review(
            application=application, given=given, bases=bases, by=request.user, now=now
        )
    except actions.Refused as refused:
        return JsonResponse({"detail": str(refused)}, status=423)
    clashes = [
        {"field": one.field, "theirs": one.theirs, "name": "", "revision": one.revision}
        for one in saved.clashes
    ]
    answer = {
        "revisions": saved.revisions,
        "saved_at": date_format(now.astimezone(application.cohort.zone), "P"),
        "conflicts": clashes,
    }
    return JsonResponse(answer, status=409 if clashes else 200)


@requires(Permission.APPLICATION_REVIEW)
@require_POST
def confirm_read(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    try:
        actions.confirm_read(application=application, by=request.user, now=timezone.now())
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return back(request, application)


@requires(Permission.APPLICATION_REVIEW)
def next_one(request, host_slug, cohort_slug):
    """Leads to what the reader should read next, or says that all is read."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    visible = Application.objects.visible_to(request.user, request.membership)
    found = next_to_read(visible, cohort, request.user)
    if found is None:
        messages.success(request, _("You have read all that is to be read here."))
        return redirect("applications:list", host_slug, cohort_slug)
    return redirect("applications:read", host_slug, cohort_slug, found.reference)


@requires(Permission.APPLICATION_REVIEW)
def calibration(request, host_slug, cohort_slug):
    """Readers × applications: where they are far apart, and who scores higher or lower."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    found = calibration_of(
        Application.objects.readable_to(request.user, request.membership),
        cohort,
        person=request.user,
        membership=request.membership,
        page=request.GET.get("page", 1),
    )
    if found is None:
        raise Http404
    context = {"cohort": cohort, "table": found}
    return render(request, "applications/calibration.html", context)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def black_out(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    form = BlackOutForm(request.POST)
    if not form.is_valid():
        return reading(request, application, black_form=form, status=422)
    actions.black_out(
        application=application, by=request.user, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("Readers without names don't see these words any more."))
    return back(request, application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def show_again(request, host_slug, cohort_slug, reference, pk):
    application = readable_or_404(request, cohort_slug, reference)
    redaction = get_object_or_404(Redaction.objects.filter(application=application), pk=pk)
    actions.show_again(redaction=redaction, by=request.user)
    return back(request, application)
