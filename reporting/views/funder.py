"""Staff pages of the reports for funders."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.models import Cohort
from documents import serving
from reporting import actions, queries
from reporting.funder_files import FORMATS, file_of
from reporting.models import FunderReport


def _report(cohort_slug: str, number: int) -> FunderReport:
    reports = FunderReport.objects.select_related(
        "cohort__program", "made_by", "pdf_job__result", "host"
    )
    return get_object_or_404(reports, cohort__slug=cohort_slug, number=number)


@requires(Permission.EXPORT)
def funder_reports(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Those that were made; a POST makes the next, because it is given out with it."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    if request.method == "POST":
        made = actions.make_funder_report(cohort=cohort, now=timezone.now(), by=request.user)
        messages.success(request, _("The report is made. Its PDF is being drawn."))
        return redirect("reporting:funder_report", host_slug, cohort_slug, made.number)
    context = {"cohort": cohort, "reports": queries.funder_reports(cohort)}
    return render(request, "reporting/funder_reports.html", context)


@requires(Permission.EXPORT)
def funder_report(
    request: HttpRequest, host_slug: str, cohort_slug: str, number: int
) -> HttpResponse:
    report = _report(cohort_slug, number)
    context = {
        "cohort": report.cohort,
        "report": report,
        "page": queries.funder_page(report.content, report.cohort),
    }
    return render(request, "reporting/funder_report.html", context)


@requires(Permission.EXPORT)
def funder_pdf(
    request: HttpRequest, host_slug: str, cohort_slug: str, number: int
) -> HttpResponseBase:
    """The file; the page with its progress while there is none."""
    report = _report(cohort_slug, number)
    job = report.pdf_job
    if job is None or job.result is None:
        return redirect("reporting:funder_report", host_slug, cohort_slug, number)
    return serving.response(job.result)


@requires(Permission.EXPORT)
def funder_pdf_state(
    request: HttpRequest, host_slug: str, cohort_slug: str, number: int
) -> HttpResponse:
    job = _report(cohort_slug, number).pdf_job
    if job is None:
        raise Http404
    answer: dict[str, Any] = {"state": job.state, "progress": job.progress}
    if job.result_id:
        answer["result_url"] = request.path.removesuffix("state/")
        answer["result_label"] = _("Download the PDF")
    return JsonResponse(answer)


@requires(Permission.EXPORT)
@require_POST
def draw_funder_pdf(
    request: HttpRequest, host_slug: str, cohort_slug: str, number: int
) -> HttpResponse:
    """Again, after a failure."""
    actions.draw_funder_report(report=_report(cohort_slug, number), by=request.user)
    return redirect("reporting:funder_report", host_slug, cohort_slug, number)


@requires(Permission.EXPORT)
@require_POST
def funder_data(
    request: HttpRequest, host_slug: str, cohort_slug: str, number: int
) -> HttpResponse:
    """A file of its numbers; a POST, because it is written down who took it."""
    report, kind = _report(cohort_slug, number), request.POST.get("format", "")
    if kind not in FORMATS:
        raise Http404
    actions.note_taken(report=report, kind=kind, by=request.user)
    content = file_of(report.content, report.cohort, kind)
    response = HttpResponse(content, content_type=FORMATS[kind])
    name = f"{cohort_slug}-report-{number}"
    name += ".xlsx" if kind == "xlsx" else "-codebook.csv" if kind == "codebook" else ".csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
