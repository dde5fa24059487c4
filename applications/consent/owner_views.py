"""For owners of the host: the register of counts, and the research export."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import after_step_up, requires
from accounts.roles import Permission
from applications.consent import actions
from applications.consent.models import ResearchExport
from applications.consent.research import FEWEST, register
from applications.consent.tasks import DAYS
from collaboratives.models import Cohort
from documents.serving import response


@requires(Permission.RESEARCH_EXPORT)
@after_step_up
def research(request, host_slug, cohort_slug):
    """Counts of five or more. A POST asks for the export."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    document = cohort.program.blueprint.consent
    if request.method == "POST" and document is not None:
        page = reverse("applications:research", args=[host_slug, cohort_slug])
        made = actions.ask_for_export(cohort=cohort, page=page, by=request.user, now=timezone.now())
        assert made.job is not None
        return redirect("documents:job", host_slug, made.job.uuid)
    context = {
        "cohort": cohort,
        "document": document,
        "counts": register(cohort),
        "fewest": FEWEST,
        "days": DAYS.days,
        "exports": ResearchExport.objects.for_list().filter(cohort=cohort)[:50],
    }
    return render(request, "applications/research.html", context)


@requires(Permission.RESEARCH_EXPORT)
@after_step_up
def research_file(request, host_slug, cohort_slug, uuid):
    """The file, for seven days; who takes it is kept."""
    kept = ResearchExport.objects.kept().select_related("cohort")
    export = get_object_or_404(kept, cohort__slug=cohort_slug, uuid=uuid)
    assert export.file is not None and export.made_at is not None
    if timezone.now() > export.made_at + DAYS:
        raise Http404
    actions.take_export(export=export, by=request.user)
    return response(export.file)
