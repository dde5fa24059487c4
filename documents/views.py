"""How far a job is, for whoever asked for it and for staff."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.access import signed_in
from documents.models import Job
from documents.states import JobState


@signed_in
def job(request, host_slug, job_uuid):
    """The answer for `<job-progress>`; a page for who has no script."""
    asked = Job.objects.visible_to(request.user, membership=request.membership)
    found = get_object_or_404(asked, uuid=job_uuid)
    state = {
        "state": "waiting" if found.state == JobState.QUEUED else found.state,
        "progress": found.progress,
        "result_url": found.page if found.state == JobState.DONE else "",
        "result_label": _("See the result"),
        "error": found.error,
    }
    if not request.accepts("text/html"):
        return JsonResponse(state)
    return render(request, "documents/job.html", {"job": found, **state})
