"""A conflict of interest is asked for before an application opens to its reader."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions, rules
from applications.forms import DeclareForm, NoteConflictForm
from applications.models import Application, ApplicationPerson, Declaration
from applications.queries.conflicts import colleagues_of
from applications.states import Stance
from applications.views.staff import readable_or_404


@requires(Permission.APPLICATION_REVIEW)
def declare(request, host_slug, cohort_slug, reference):
    """Who applies, and not a word of their answers; then the question."""
    known = Application.objects.visible_to(request.user, request.membership).received()
    application = get_object_or_404(known.for_page(), cohort__slug=cohort_slug, reference=reference)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.declare(
            application=application, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        if form.cleaned_data["stance"] == Stance.CLEAR:
            return redirect("applications:read", host_slug, cohort_slug, reference)
        messages.success(request, _("Thank you. You will not see that application again."))
        return redirect("applications:list", host_slug, cohort_slug)
    reviewing = application.cohort.program.blueprint.reviewing
    blind = rules.names_hidden(request.membership, reviewing)
    people = ApplicationPerson.objects.for_list().filter(application=application)
    said = Declaration.objects.filter(application=application, person=request.user).first()
    context = {
        "application": application,
        "cohort": application.cohort,
        "people": [] if blind else people,
        "said": said,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "applications/declare.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
def conflicts(request, host_slug, cohort_slug, reference):
    """What was declared about one application, and what a colleague knows of another one."""
    application = readable_or_404(request, cohort_slug, reference)
    people = colleagues_of(request.user)
    form = NoteConflictForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        actions.note_conflict(
            application=application,
            person=form.person,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
        )
        words = _("Noted. %(name)s will not see this application any more.")
        messages.success(request, words % {"name": form.person})
        return redirect("applications:conflicts", host_slug, cohort_slug, reference)
    context = {
        "application": application,
        "cohort": application.cohort,
        "declarations": Declaration.objects.for_list().filter(application=application),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "applications/conflicts.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def ask_anew(request, host_slug, cohort_slug, reference, pk):
    """Of the person whose declaration this is."""
    application = readable_or_404(request, cohort_slug, reference)
    found = Declaration.objects.for_list().filter(application=application)
    said = get_object_or_404(found, pk=pk)
    actions.ask_anew(
        application=application, person=said.person, by=request.user, now=timezone.now()
    )
    words = _("%(name)s is asked again before this application opens to them.")
    messages.success(request, words % {"name": said.person})
    return redirect("applications:conflicts", host_slug, cohort_slug, reference)
