"""What staff do with an application, one POST each."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import AskForm, DecisionForm, NoteForm, OfferAgainForm, ScreenForm
from applications.queries.asked import questions_to_ask
from applications.queries.listing import ListQuery
from applications.views.staff import readable_or_404, reading
from workflow.machine import TransitionNotAllowed


def back(request, application):
    """To the reading view, with the list through which one reads."""
    cohort = application.cohort
    place = [cohort.host.slug, cohort.slug, application.reference]
    trail = ListQuery.read(request.GET).but() if request.GET else ""
    return redirect(reverse("applications:read", args=place) + trail)


def too_late(request):
    messages.error(
        request, _("A colleague has changed this application meanwhile. Here is how it stands now.")
    )


@requires(Permission.APPLICATION_REVIEW)
@require_POST
def begin_review(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    try:
        actions.begin_review(application=application, by=request.user)
    except TransitionNotAllowed:
        too_late(request)
    return back(request, application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def ask(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    form = AskForm(request.POST, questions=questions_to_ask(application))
    if not form.is_valid():
        return reading(request, application, ask_form=form, status=422)
    try:
        actions.ask(
            application=application,
            question=form.cleaned_data["question"],
            about=form.about,
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("We emailed your question."))
    except TransitionNotAllowed:
        too_late(request)
    return back(request, application)


@requires(Permission.APPLICATION_REVIEW)
@require_POST
def note(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return reading(request, application, note_form=form, status=422)
    actions.note(application=application, by=request.user, now=timezone.now(), **form.cleaned_data)
    return back(request, application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def decide(request, host_slug, cohort_slug, reference):
    """Record quietly: nobody is told before the release."""
    application = readable_or_404(request, cohort_slug, reference)
    refusal = application.cohort.program.blueprint.refusal
    form = DecisionForm(request.POST, refusal=refusal, now=timezone.now())
    if form.is_valid():
        try:
            actions.decide(
                application=application, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("Recorded. The applicant is told when you release it."))
            return back(request, application)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        except TransitionNotAllowed:
            too_late(request)
            return back(request, application)
    return reading(request, application, decision_form=form, status=422)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def undo_decision(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    try:
        actions.undo_decision(application=application, by=request.user)
        messages.success(request, _("The decision is taken back. Nobody was told."))
    except TransitionNotAllowed:
        too_late(request)
    return back(request, application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def offer_again(request, host_slug, cohort_slug, reference):
    """More time for an open offer; or one that was declined or has ended, made again."""
    application = readable_or_404(request, cohort_slug, reference)
    form = OfferAgainForm(request.POST)
    if form.is_valid():
        try:
            actions.offer_again(
                application=application, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("The offer is open until then. We emailed the applicant."))
            return back(request, application)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        except TransitionNotAllowed:
            too_late(request)
            return back(request, application)
    return reading(request, application, again_form=form, status=422)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def screen(request, host_slug, cohort_slug, reference, code):
    """Whether one criterion of the program is met, as a person says."""
    application, form = readable_or_404(request, cohort_slug, reference), ScreenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether it is met."))
        return back(request, application)
    try:
        actions.screen(
            application=application,
            criterion=code,
            by=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{back(request, application).url}#criterion-{code}")
