"""What staff do with an application, one POST each."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import (
    AskForm,
    DecisionForm,
    FileLetterForm,
    LetterJudgementForm,
    NoteForm,
)
from applications.models import Letter
from applications.queries.letters import letter_terms, mailed_terms
from applications.views.staff import readable_or_404, reading
from documents.intake import SLOTS
from documents.intake import Refused as FileRefused
from workflow.machine import TransitionNotAllowed


def back(application):
    cohort = application.cohort
    return redirect("applications:read", cohort.host.slug, cohort.slug, application.reference)


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
    return back(application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def ask(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    form = AskForm(request.POST)
    if not form.is_valid():
        return reading(request, application, ask_form=form, status=422)
    try:
        actions.ask(
            application=application,
            question=form.cleaned_data["question"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("We emailed your question."))
    except TransitionNotAllowed:
        too_late(request)
    return back(application)


@requires(Permission.APPLICATION_REVIEW)
@require_POST
def note(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return reading(request, application, note_form=form, status=422)
    actions.note(application=application, by=request.user, now=timezone.now(), **form.cleaned_data)
    return back(application)


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
            return back(application)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        except TransitionNotAllowed:
            too_late(request)
            return back(application)
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
    return back(application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def judge_letter(request, host_slug, cohort_slug, reference, field):
    application = readable_or_404(request, cohort_slug, reference)
    letter = get_object_or_404(Letter.objects.for_list(), application=application, field=field)
    terms = letter_terms(application, letter)
    form = LetterJudgementForm(request.POST, points=terms.points if terms else ())
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return back(application)
    data, now = form.cleaned_data, timezone.now()
    try:
        if data["verdict"] == "accept":
            points = data.get("points", [])
            actions.accept_letter(letter=letter, points=points, by=request.user, now=now)
        else:
            actions.return_letter(letter=letter, reason=data["reason"], by=request.user, now=now)
    except TransitionNotAllowed:
        raise Http404 from None
    return back(application)


@requires(Permission.APPLICATION_DECIDE)
def file_letter(request, host_slug, cohort_slug, reference):
    """File a letter that came by email, with the subject line it had."""
    application = readable_or_404(request, cohort_slug, reference)
    letters = Letter.objects.open_of(application)
    form = FileLetterForm(request.POST or None, request.FILES or None, letters=letters)
    if request.method == "POST" and form.is_valid():
        try:
            actions.file_letter(
                letter=form.cleaned_data["letter"],
                upload=form.cleaned_data["file"],
                subject_line=form.cleaned_data["subject_line"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("The letter is filed. We told the lead applicant."))
            return back(application)
        except FileRefused as refused:
            form.add_error("file", str(refused))
    context = {"application": application, "cohort": application.cohort, "form": form}
    context |= {"slot": SLOTS["letter"], "terms": mailed_terms(application)}
    status = 422 if form.errors else 200
    return render(request, "applications/file_letter.html", context, status=status)
