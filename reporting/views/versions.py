"""The versions of a report: each one, what changed between two, and their files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in, staff_membership
from collaboratives.models import TeamMember
from collaboratives.queries.measures import Reader
from documents import serving
from documents.models import Job
from reporting import actions, queries
from reporting.models import Report, ReportVersion
from reporting.views.reports import numbers_of, open_to_read


def open_version(
    request: HttpRequest, team_slug: str, period_slug: str, number: int
) -> tuple[Report, TeamMember | None, ReportVersion]:
    """By the rule of the report itself."""
    report, member = open_to_read(request, team_slug, period_slug)
    found = ReportVersion.objects.filter(report=report)
    found = found.select_related("submitted_by", "pdf_job__result", "whole_pdf_job__result")
    version = get_object_or_404(found, number=number)
    version.report = report
    return report, member, version


@signed_in
def version(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """One version as it was sent; it stays, whatever is sent later."""
    report, member, one = open_version(request, team_slug, period_slug, number)
    context = {
        "report": report,
        "team": report.team,
        "version": one,
        "versions": queries.versions_of(report),
        "page": queries.report_page(report, one, reader=Reader.member(member)),
    }
    return render(request, "reporting/version.html", context)


@signed_in
def version_csv(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    report, member, one = open_version(request, team_slug, period_slug, number)
    return numbers_of(one, report, member)


@signed_in
def version_changes(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """What is different from the version before, or from the one asked for."""
    report, member, after = open_version(request, team_slug, period_slug, number)
    other = request.GET.get("with", "")
    _report, _member, before = open_version(
        request, team_slug, period_slug, int(other) if other.isdigit() else number - 1
    )
    inside = member is not None or staff_membership(request) is not None
    context = {
        "report": report,
        "team": report.team,
        "before": before,
        "after": after,
        "versions": queries.versions_of(report),
        "found": queries.differences(before, after, reader=Reader.member(member), inside=inside),
    }
    return render(request, "reporting/version_changes.html", context)


# --- files ---------------------------------------------------------------------------------------


def job_of(version: ReportVersion, member: TeamMember | None) -> Job | None:
    """The team's file holds its numbers whole; everybody else has the masked one."""
    whole = Reader.member(member).whole(version.report.team)
    return version.whole_pdf_job if whole else version.pdf_job


@signed_in
def version_pdf(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponseBase:
    """The file, or how far it is."""
    report, member, one = open_version(request, team_slug, period_slug, number)
    job = job_of(one, member)
    if job is not None and job.result is not None:
        return serving.response(job.result)
    context = {"report": report, "team": report.team, "version": one, "job": job}
    return render(request, "reporting/version_pdf.html", context)


@signed_in
def version_pdf_state(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    _report, member, one = open_version(request, team_slug, period_slug, number)
    job = job_of(one, member)
    if job is None:
        raise Http404
    answer: dict[str, Any] = {"state": job.state, "progress": job.progress}
    if job.result_id:
        answer["result_url"] = request.path.removesuffix("state/")
        answer["result_label"] = _("Download the PDF")
    return JsonResponse(answer)


@signed_in
@require_POST
def make_version_pdf(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """For a version from before there were files, or after a failure."""
    report, member, one = open_version(request, team_slug, period_slug, number)
    whole = Reader.member(member).whole(report.team)
    actions.request_pdf(version=one, whole=whole, by=request.user)
    return redirect("reporting:version_pdf", host_slug, team_slug, period_slug, number)
