"""The staff's side of letters: what waits to be checked, and what came by email."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import FileLetterForm, LetterJudgementForm, SubjectForm, UseAgainForm
from applications.models import Application, Letter
from applications.queries.filing import letters_to_check, suggestions
from applications.queries.letters import letter_terms, mailed_terms
from applications.views.deciding import back
from applications.views.staff import cohort_or_404, readable_or_404
from documents.intake import SLOTS
from documents.intake import Refused as FileRefused
from workflow.machine import TransitionNotAllowed


@requires(Permission.APPLICATION_DECIDE)
def desk(request, host_slug, cohort_slug):
    """Letters to check; and the application that a mailed letter belongs to, by its subject."""
    cohort = cohort_or_404(request, cohort_slug)
    visible = Application.objects.visible_to(request.user, request.membership)
    form = SubjectForm(request.GET or None)
    subject = form.cleaned_data["subject"] if form.is_valid() else ""
    letters = cohort.program.blueprint.letters
    context = {
        "cohort": cohort,
        "form": form,
        "subject": subject,
        "found": suggestions(cohort, subject, letters, visible) if subject else [],
        "templates": [
            one.subject.replace("{organization}", _("name of the organization"))
            for one in letters
            if one.subject
        ],
        "waiting": letters_to_check(cohort, visible),
    }
    return render(request, "applications/letter_desk.html", context)


def named_letter(application, field):
    letter = get_object_or_404(Letter.objects.for_list(), application=application, field=field)
    letter.application = application
    return letter, letter_terms(application, letter)


def faults(form):
    return " ".join(text for texts in form.errors.values() for text in texts)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def judge_letter(request, host_slug, cohort_slug, reference, field):
    application = readable_or_404(request, cohort_slug, reference)
    letter, terms = named_letter(application, field)
    points, signatories = (terms.points, terms.signatories) if terms else ((), ())
    form = LetterJudgementForm(request.POST, points=points, signatories=signatories)
    if not form.is_valid():
        messages.error(request, faults(form))
        return back(request, application)
    data, judged = form.cleaned_data, {"by": request.user, "now": timezone.now()}
    try:
        if data["verdict"] == "accept":
            signed_by = data["signed_by"] if "signatures" in request.POST else None
            actions.accept_letter(
                letter=letter, points=data["points"], signed_by=signed_by, **judged
            )
        else:
            actions.return_letter(letter=letter, reason=data["reason"], **judged)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    except TransitionNotAllowed:
        raise Http404 from None
    return back(request, application)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def use_again(request, host_slug, cohort_slug, reference, field):
    """One accepted letter for a second program, once staff have said that it fits."""
    application = readable_or_404(request, cohort_slug, reference)
    letter, terms = named_letter(application, field)
    sources, points = Letter.objects.usable_for(letter), terms.points if terms else ()
    form = UseAgainForm(request.POST, sources=sources, points=points)
    if not form.is_valid():
        messages.error(request, faults(form))
        return back(request, application)
    data = form.cleaned_data
    try:
        actions.use_letter_again(
            letter=letter,
            source=data["source"],
            points=data["points"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The letter serves this application too."))
    except (actions.Refused, TransitionNotAllowed):
        messages.error(request, _("This letter can't be used here."))
    return back(request, application)


@requires(Permission.APPLICATION_DECIDE)
def file_letter(request, host_slug, cohort_slug, reference):
    """File a letter that came by email, with its subject line; also for a draft, unread."""
    visible = Application.objects.visible_to(request.user, request.membership).for_page()
    application = get_object_or_404(visible, cohort__slug=cohort_slug, reference=reference)
    letters = Letter.objects.open_of(application)
    first = {"subject_line": request.GET.get("subject", "")[:300]}
    form = FileLetterForm(
        request.POST or None, request.FILES or None, letters=letters, initial=first
    )
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
            if application.received_at:
                return back(request, application)
            return redirect("applications:letter_desk", host_slug, cohort_slug)
        except (FileRefused, actions.Refused) as refused:
            form.add_error("file", str(refused))
    context = {"application": application, "cohort": application.cohort, "form": form}
    context |= {"slot": SLOTS["letter"], "terms": mailed_terms(application)}
    status = 422 if form.errors else 200
    return render(request, "applications/file_letter.html", context, status=status)
