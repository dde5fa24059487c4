"""A person's own answer about the study. Nobody else has a page for it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications.consent.actions import record_choice
from applications.consent.forms import ConsentForm
from applications.consent.models import Choice
from applications.consent.queries import newest, own_history, sheet_of
from applications.models import Application


def own_with_sheet(request, reference):
    found = Application.objects.visible_to(request.user).for_page()
    application = get_object_or_404(found, reference=reference)
    sheet = sheet_of(application)
    if sheet is None:
        raise Http404
    return application, sheet


@signed_in
def consent(request, host_slug, reference):
    application, sheet = own_with_sheet(request, reference)
    last = newest(application, request.user)
    chosen = {"read": last.read, "choice": last.choice} if last else {}
    form = ConsentForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["choice"] != "later":
            record_choice(
                application=application, sheet=sheet, by=request.user, now=timezone.now(), **data
            )
            messages.success(request, _("We kept your answer. Only you can see it."))
        return redirect("applications:task_list", host_slug, reference)
    context = {
        "application": application,
        "cohort": application.cohort,
        "sheet": sheet,
        "form": form,
        "last": last,
        "history": own_history(application, request.user),
        "can_withdraw": last is not None and last.choice == Choice.CONSENT,
    }
    return render(request, "applications/consent.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def withdraw(request, host_slug, reference):
    application, sheet = own_with_sheet(request, reference)
    last = newest(application, request.user)
    if last is not None and last.choice == Choice.CONSENT:
        record_choice(
            application=application,
            sheet=sheet,
            read=last.read,
            choice=Choice.WITHDRAWN,
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("You took your consent back."))
    return redirect("applications:consent", host_slug, reference)
