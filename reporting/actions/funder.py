"""Reports for funders: frozen on a day, drawn by a worker, taken away as data."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from collaboratives.actions.measure_releases import release
from collaboratives.models import Cohort
from documents import jobs
from reporting.actions.reports import sha256_of
from reporting.models import FunderReport
from reporting.queries.funder import funder_content, tables_to_release
from tenancy import audit


@transaction.atomic
def make_funder_report(*, cohort: Cohort, now: datetime, by: User) -> FunderReport:
    """Freeze what the cohort came to, and have a worker draw the PDF.

    Every measure is released: masked, the mask audited, and what it shows remembered. The cohort
    is locked, so that two of them don't take one number.
    """
    cohort = (
        Cohort.objects.select_for_update(of=("self",)).select_related("program").get(pk=cohort.pk)
    )
    tables = [(measure, release(table=table)) for measure, table in tables_to_release(cohort)]
    content = funder_content(cohort, tables, now=now)
    last = FunderReport.objects.filter(cohort=cohort).order_by("-number").first()
    report = FunderReport.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        number=last.number + 1 if last else 1,
        content=content,
        sha256=sha256_of(content),
        language=(get_language() or "en")[:2],
        made_at=now,
        made_by=by,
    )
    after = {"number": report.number, "measures": len(tables), "sha256": report.sha256}
    audit.record("made a report for funders", cohort, by=by, after=after)
    return draw_funder_report(report=report, by=by)


@transaction.atomic
def draw_funder_report(*, report: FunderReport, by: User) -> FunderReport:
    """Have a worker make the PDF; again where that failed."""
    report = FunderReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    report.pdf_job = jobs.request(
        "funder_pdf",
        host_id=report.host_id,
        input={"report": report.pk},
        dedupe_key=f"funder-pdf:{report.pk}",
        by=by,
    )
    report.save(update_fields=["pdf_job"])
    return report


@transaction.atomic
def note_taken(*, report: FunderReport, kind: str, by: User) -> None:
    """Record who took the data away, and as what."""
    after = {"number": report.number, "as": kind}
    audit.record("took a report for funders away", report.cohort, by=by, after=after)
