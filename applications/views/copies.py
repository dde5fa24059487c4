"""An application as PDF."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from accounts.access import signed_in, staff_membership
from applications import actions
from applications.models import Application
from applications.queries.copies import answers_jobs, answers_key, latest_submission
from applications.views.applying import own, to
from applications.views.letters import names_are_hidden
from documents.serving import response


@signed_in
def copy(request, host_slug, reference):
    """The answers so far: asked for here, drawn by a worker, fetched here."""
    application = own(request, reference)
    if request.method == "POST":
        actions.draw_answers(application=application, by=request.user)
        return to("copy", application)
    job = answers_jobs(application).first()
    context = {
        "application": application,
        "cohort": application.cohort,
        "job": job,
        "current": job and job.dedupe_key == answers_key(application, get_language() or "en"),
    }
    return render(request, "applications/copy.html", context)


@signed_in
def answers_pdf(request, host_slug, reference, uuid):
    application = own(request, reference)
    job = get_object_or_404(answers_jobs(application), uuid=uuid)
    if job.result is None:
        return to("copy", application)
    return response(job.result)


@signed_in
def summary(request, host_slug, reference):
    """What was sent in, for its people and its readers: the same bytes."""
    readable = Application.objects.open_to(request.user, staff_membership(request))
    application = get_object_or_404(readable.for_page(), reference=reference)
    if names_are_hidden(request.user, staff_membership(request), application):
        raise Http404
    found = latest_submission(application)
    if found is None:
        raise Http404
    if found.job is None or found.job.result is None:
        context = {"application": application, "cohort": application.cohort, "job": found.job}
        return render(request, "applications/copy_waiting.html", context)
    return response(found.job.result)
