"""Reports as documents to print."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from collaboratives.queries.measures import Reader
from reporting.models import FunderReport, ReportVersion
from reporting.queries.funder_words import page_of
from reporting.queries.pages import report_page


def document_of(version_id: int, *, whole: bool) -> dict[str, Any]:
    """Plain data for `reporting/pdf.html`, in the language of who submitted it."""
    versions = ReportVersion.objects.select_related(
        "host",
        "submitted_by",
        "report__period__form",
        "report__team__organization",
        "report__team__cohort",
    )
    version = versions.get(pk=version_id)
    team, period = version.report.team, version.report.period
    reader = Reader(frozenset([team.pk])) if whole else Reader.outsider()
    made = version.submitted_at.astimezone(team.cohort.zone)
    language = version.submitted_by.language
    with translation.override(language):
        return {
            "language": language,
            "file_name": f"report-{team.slug}-{period.slug}-{version.number}.pdf",
            "host_name": version.host.name,
            "reference": f"{team.slug}, {period.slug}, {version.number}",
            "made": f"{made:%Y-%m-%d %H:%M %Z}",
            "seal": version.sha256,
            "team": team,
            "period": period,
            "version": version,
            "page": report_page(version.report, version, reader=reader),
        }


def funder_document(report_id: int) -> dict[str, Any]:
    """Plain data for `reporting/funder_pdf.html`, in the language in which it was made."""
    reports = FunderReport.objects.select_related("host", "cohort__program")
    report = reports.get(pk=report_id)
    made = report.made_at.astimezone(report.cohort.zone)
    with translation.override(report.language):
        return {
            "language": report.language,
            "file_name": f"{report.cohort.slug}-report-{report.number}.pdf",
            "host_name": report.host.name,
            "reference": f"{report.cohort.slug}, {report.number}",
            "made": f"{made:%Y-%m-%d %H:%M %Z}",
            "seal": report.sha256,
            "page": page_of(report.content, report.cohort),
        }
