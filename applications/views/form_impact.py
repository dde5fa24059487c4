"""Whom a changed form concerns: for the page on which staff publish it."""

from django.http import Http404
from django.shortcuts import render

from accounts.access import requires
from accounts.roles import Permission
from applications.models import Application
from applications.queries.form_impact import impact
from collaboratives.queries import application_form


@requires(Permission.PROGRAM_EDIT)
def form_impact(request, host_slug, cohort_slug):
    """How many drafts there are, and which questions would lose answers. No draft is named."""
    cohort = application_form.cohort_with_form(cohort_slug)
    copy = application_form.working_copy(cohort)
    if copy is None:
        raise Http404
    known = Application.objects.without_conflict(request.user)
    context = {"cohort": cohort, "impact": impact(cohort, copy, known)}
    name = "_form_impact.html" if request.htmx else "form_impact.html"
    return render(request, f"applications/{name}", context)
