"""A person's own answer about the study. Nobody else has a page for it."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications.consent.actions import draw_sheet, record_choice
from applications.consent.forms import ConsentForm
from applications.consent.models import Choice
from applications.consent.queries import (
    application_of,
    newest,
    own_history,
    sheet_of,
    works_on,
)
from documents.serving import response


def own_with_sheet(request, reference):
    application = application_of(reference, request.user)
    sheet = sheet_of(application) if application else None
    if sheet is None:
        raise Http404
    return application, sheet


@signed_in
def consent(request, host_slug, reference):
    application, sheet = own_with_sheet(request, reference)
    last = newest(application, request.user)
    renewed = last is not None and last.version != str(sheet.version)
    chosen = {"read": last.read, "choice": last.choice} if last and not renewed else {}
    on_application = works_on(application, request.user)
    form = ConsentForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["choice"] != "later":
            record_choice(
                application=application,
                sheet=sheet,
                address=get_adapter().get_client_ip(request) or "",
                by=request.user,
                now=timezone.now(),
                **data,
            )
            messages.success(request, _("We kept your answer. Only you can see it."))
        if on_application:
            return redirect("applications:task_list", host_slug, reference)
        return redirect("applications:consent", host_slug, reference)
    context = {
        "application": application,
        "cohort": application.cohort,
        "sheet": sheet,
        "form": form,
        "last": last,
        "renewed": renewed,
        "on_application": on_application,
        "history": own_history(application, request.user),
        "can_withdraw": last is not None and last.choice == Choice.CONSENT,
    }
    return render(request, "applications/consent.html", context, status=422 if form.errors else 200)


@signed_in
def sheet_pdf(request, host_slug, reference):
    """The sheet to keep. A worker draws it, once."""
    application, sheet = own_with_sheet(request, reference)
    job = draw_sheet(application=application, sheet=sheet)
    if job.result is not None:
        return response(job.result)
    context = {"application": application, "sheet": sheet, "failed": job.state == "failed"}
    return render(request, "applications/consent_sheet.html", context)


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
            address=get_adapter().get_client_ip(request) or "",
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("You took your consent back."))
    return redirect("applications:consent", host_slug, reference)
