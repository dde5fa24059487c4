"""Filled forms: bring one, compare it, take answers over. Staff enter one that came by email."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import requires, signed_in
from accounts.roles import Permission
from applications import actions, rules
from applications.forms import BringForm, EnterForm
from applications.models import FilledForm
from applications.queries.filled import comparison, filled_forms_of
from applications.queries.starting import others_applications
from applications.views.applying import own, to
from applications.views.starting import cohort_or_404
from documents.intake import SLOTS
from documents.intake import Refused as FileRefused


@signed_in
def bring(request, host_slug, reference):
    application, now = own(request, reference), timezone.now()
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            filled = actions.bring_filled(
                application=application,
                upload=form.cleaned_data["file"],
                by=request.user,
                now=now,
            )
            return to("compare_filled", application, filled.pk)
        except (FileRefused, actions.Refused) as refused:
            form.add_error("file", str(refused))
    context = {
        "application": application,
        "cohort": application.cohort,
        "form": form,
        "slot": SLOTS["form"],
        "brought": filled_forms_of(application),
        "editable": rules.may_edit(application.own_role) and rules.takes_answers(application, now),
    }
    status = 422 if form.errors else 200
    return render(request, "applications/bring_filled.html", context, status=status)


@signed_in
def compare(request, host_slug, reference, pk):
    """The file beside the web, question by question. Nothing changes before it is confirmed."""
    application, now = own(request, reference), timezone.now()
    found = FilledForm.objects.for_page().filter(application=application)
    filled = get_object_or_404(found, pk=pk)
    if request.method == "POST":
        return take(request, application, filled, now)
    context = {
        "application": application,
        "cohort": application.cohort,
        "filled": filled,
        "compared": comparison(filled, application),
        "editable": rules.may_edit(application.own_role) and rules.takes_answers(application, now),
    }
    return render(request, "applications/compare_filled.html", context)


def take(request, application, filled, now):
    chosen = request.POST.getlist("take")
    sent = {code: request.POST.get(f"_rev.{code}", "0") for code in chosen}
    shown = {code: int(text) if text.isdigit() else -1 for code, text in sent.items()}
    if not chosen:
        messages.info(request, _("You chose no answers. Nothing has changed."))
        return to("compare_filled", application, filled.pk)
    try:
        taken = actions.take_filled(
            filled=filled, chosen=chosen, shown=shown, by=request.user, now=now
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return to("compare_filled", application, filled.pk)
    number = len(taken.fields)
    if number:
        words = ngettext("%(n)s answer taken over.", "%(n)s answers taken over.", number)
        messages.success(request, words % {"n": number})
    if taken.moved:
        messages.warning(
            request, _("Some answers have changed on the website meanwhile. Compare them again.")
        )
        return to("compare_filled", application, filled.pk)
    return to("task_list", application)


@requires(Permission.APPLICATION_DECIDE)
def enter(request, host_slug, cohort_slug):
    """Begin an application for somebody who sent it by email."""
    cohort, others = cohort_or_404(cohort_slug), []
    form = EnterForm(request.POST or None, zone=cohort.zone)
    if request.method == "POST" and form.is_valid():
        if "go_on" not in request.POST:
            others = others_applications(
                cohort, form.facts["organization_name"], organization=None, person=request.user
            )
        if not others and (application := begin_entering(request, cohort, form)):
            return redirect("applications:bring_filled", host_slug, application.reference)
    context = {"cohort": cohort, "form": form, "others": others}
    status = 422 if form.errors else 200
    return render(request, "applications/enter.html", context, status=status)


def begin_entering(request, cohort, form):
    """The new application; None when the form says why not."""
    try:
        begun = actions.enter_from_email(
            cohort=cohort, by=request.user, now=timezone.now(), **form.facts
        )
    except actions.Refused as refused:
        form.add_error("emailed_on", str(refused))
        return None
    messages.success(request, _("Started. The applicant is told by mail."))
    return begun
