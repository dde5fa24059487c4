"""One page per section of the form. Saving never checks; submitting does."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications import actions, rules
from applications.models import Application
from applications.queries.moves import hidden_answers, posted_section
from applications.queries.sections import (
    autosaved,
    clashes,
    neighbours,
    places,
    section_problems,
    shown_section,
)
from questionnaires.forms import controls, errors, submitted
from questionnaires.queries import form_of
from questionnaires.rules import hidden_by


def own(request, reference):
    found = Application.objects.visible_to(request.user).with_role_of(request.user)
    application = get_object_or_404(found.for_section(), reference=reference)
    if request.method == "POST":  # what was typed is kept first, on the form that its page showed
        return application
    return actions.keep_up(application=application, by=request.user, now=timezone.now())


def page(request, application, section, *, conflicts=(), status=200):
    form, response = form_of(application.response.version), application.response
    checked = "check" in request.GET
    problems = section_problems(application, section.code) if checked else ()
    context = {
        "application": application,
        "cohort": application.cohort,
        "section": section,
        "controls": controls(
            form,
            section.code,
            response.answers,
            revisions=response.revisions,
            problems=problems,
            places=places(application, section),
            extra_row=request.GET.get("add"),
        ),
        "errors": errors(form, problems),
        "conflicts": conflicts,
        "hidden": hidden_answers(form, response.answers, section),
        "place": neighbours(form, response.answers, section.code),
        "editable": rules.may_edit(application.own_role)
        and rules.takes_answers(application, timezone.now()),
    }
    return render(request, "applications/section.html", context, status=status)


@signed_in
def section(request, host_slug, reference, section):
    application = own(request, reference)
    asked = posted_section(application, section, request.POST)
    if asked is None:
        raise Http404
    if request.method != "POST":
        return page(request, application, asked)
    form, before = form_of(application.response.version), dict(application.response.answers)
    sent = submitted(asked, request.POST)
    try:
        saved = actions.save_section(
            application=application,
            values=sent.values,
            base_revisions=sent.bases,
            by=request.user,
            now=timezone.now(),
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("applications:task_list", host_slug, reference)
    application.response = saved.response
    if shown_section(application, section) is None:
        return redirect("applications:task_list", host_slug, reference)
    if saved.conflicts:
        conflicts = clashes(application, saved.conflicts)
        return page(request, application, asked, conflicts=conflicts, status=409)
    if hidden_by(form, before, saved.response.answers):  # say so before going on
        return redirect(f"{request.path}#hidden-answers")
    return redirect(after(request, application, asked, sent))


def after(request, application, section, sent):
    """Where saving leads: another row of the table, the list, or the next section."""
    names = [application.cohort.host.slug, application.reference]
    here = reverse("applications:section", args=[*names, section.code])
    if sent.add:
        return f"{here}?add={sent.add}#q-{sent.add}"
    if sent.removed:
        return here
    form = form_of(application.response.version)
    following = neighbours(form, application.response.answers, section.code).next
    if "back" in request.POST or following is None:
        return reverse("applications:task_list", args=names)
    return reverse("applications:section", args=[*names, following])


@signed_in
@require_POST
def autosave(request, host_slug, reference, section):
    """Keep the changed fields, and say which revision each has now."""
    application = own(request, reference)
    asked = posted_section(application, section, request.POST)
    if asked is None:
        raise Http404
    sent, now = submitted(asked, request.POST), timezone.now()
    try:
        saved = actions.save_section(
            application=application,
            values=sent.values,
            base_revisions=sent.bases,
            by=request.user,
            now=now,
        )
    except actions.Refused as refused:
        return JsonResponse({"detail": str(refused)}, status=423)
    application.response = saved.response
    answer = autosaved(application, saved, now)
    return JsonResponse(answer, status=409 if saved.conflicts else 200)
