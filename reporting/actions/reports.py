"""What is done to reports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from collaboratives.actions.measure_releases import release
from collaboratives.models import Team
from documents import jobs
from questionnaires import actions as questionnaires
from questionnaires.actions import Saved
from questionnaires.models import AnswerChange
from questionnaires.queries import form_of, lost_changes
from questionnaires.rules import Problem, problems
from reporting import emails
from reporting.actions.leaders import ask_leader, close_replies
from reporting.actions.sharing import settle_levels
from reporting.models import Period, Report, ReportVersion
from reporting.queries.contents import content_of, whole_tables
from reporting.states import ReportStatus, report_machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed


class NotThere(Exception):
    """These words are not in the history any more."""


class NotComplete(Exception):
    """Submission needs more; `problems` says what."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("not complete")
        self.problems = found


@transaction.atomic
def start_report(*, team: Team, period: Period, now: datetime, by: User) -> Report:
    """The team's report on this period, begun now if nobody has."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    report = Report.objects.filter(team=team, period=period).first()
    if report is not None:
        return report
    response = questionnaires.start_response(version=period.form, now=now, by=by)
    report = Report.objects.create(
        host_id=team.host_id, team=team, period=period, response=response
    )
    audit.record("started", report, by=by)
    return report


@transaction.atomic
def save_answers(
    *,
    report: Report,
    values: Mapping[str, Any],
    base_revisions: Mapping[str, int] | None,
    now: datetime,
    by: User,
    key: str = "",
    whole_page: bool = False,
) -> Saved:
    """Keep what was typed, field by field. Raises TransitionNotAllowed once it is submitted.

    key, whole_page: see `questionnaires.actions.save`.
    """
    report = _writable(report)
    return questionnaires.save(
        response=report.response,
        values=values,
        base_revisions=base_revisions,
        now=now,
        by=by,
        language=by.language,
        save_key=key,
        whole_page=whole_page,
    )


@transaction.atomic
def keep_mine(*, report: Report, field: str, revision: int, now: datetime, by: User) -> Saved:
    """After a conflict: put one's own words in the place of those that stood.

    revision: of the words that were shown beside one's own. Whoever changed them once more
    meanwhile is a new conflict. Raises TransitionNotAllowed or NotThere.
    """
    report = _writable(report)
    asked = form_of(report.response.version).by_code.get(field)
    mine = lost_changes(report.response, asked, by=by) if asked else {}
    if not mine:
        raise NotThere
    return save_answers(
        report=report, values=mine, base_revisions={field: revision}, now=now, by=by
    )


@transaction.atomic
def restore_answer(*, report: Report, change_pk: int, now: datetime, by: User) -> Saved:
    """Put an earlier answer back; the one it replaces stays in the history.

    Raises TransitionNotAllowed or NotThere.
    """
    report = _writable(report)
    change = AnswerChange.objects.filter(response=report.response_id, pk=change_pk).first()
    if change is None:
        raise NotThere
    return save_answers(
        report=report, values={change.field: change.value}, base_revisions=None, now=now, by=by
    )


def _writable(report: Report) -> Report:
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("response__version")
        .get(pk=report.pk)
    )
    if report.status == ReportStatus.SUBMITTED:
        raise TransitionNotAllowed("a submitted report is not written on")
    return report


@transaction.atomic
def submit(*, report: Report, number: int | None = None, now: datetime, by: User) -> ReportVersion:
    """Freeze a version with its words and numbers, share it, and ask the leader for a reply.

    number: of the version that the page offered to make. The same press once more gives that
    version back and does nothing. Raises NotComplete with what is missing, or
    TransitionNotAllowed if it was submitted already.
    """
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    made = report.versions.newest_first().first()
    if made is not None and made.number == number and report.status == ReportStatus.SUBMITTED:
        return made
    report.status = report_machine.target("submit", report.status)
    form = form_of(report.response.version)
    missing = problems(form, report.response.answers)
    if missing:
        raise NotComplete(missing)
    report.submitted_at, report.submitted_by = now, by
    report.first_submitted_at = report.first_submitted_at or now
    settle_levels(report=report, by=by)
    report.save(update_fields=["status", "submitted_at", "submitted_by", "first_submitted_at"])
    whole = whole_tables(report)
    masked = [release(table=table) for table in whole]
    content = content_of(report, whole=whole, masked=masked)
    version = ReportVersion.objects.create(
        host_id=report.host_id,
        report=report,
        number=made.number + 1 if made else 1,
        content=content,
        sha256=sha256_of(content),
        submitted_at=now,
        submitted_by=by,
    )
    audit.record(
        "submitted", report, by=by, after={"version": version.number, "sha256": version.sha256}
    )
    for whole_numbers in (False, True):
        request_pdf(version=version, whole=whole_numbers, by=None)
    emails.submitted(version)
    emails.to_coach(version)
    if report.team.cohort.leader_replies:
        ask_leader(version=version, now=now, by=by)
    return version


@transaction.atomic
def request_pdf(*, version: ReportVersion, whole: bool, by: User | None) -> ReportVersion:
    """Have a worker make the file. whole: with small numbers, for the team alone."""
    version = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    job = jobs.request(
        "report_pdf",
        host_id=version.host_id,
        input={"version": version.pk, "whole": whole},
        dedupe_key=f"report-pdf:{version.pk}:{'whole' if whole else 'masked'}",
        by=by,
    )
    if whole:
        version.whole_pdf_job = job
    else:
        version.pdf_job = job
    version.save(update_fields=["pdf_job", "whole_pdf_job"])
    return version


@transaction.atomic
def reopen(*, report: Report, reason: str, now: datetime, by: User) -> Report:
    """Write on in a next version. The last one stays readable; its open links are closed."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    report.status = report_machine.target("reopen", report.status)
    report.submitted_at, report.submitted_by = None, None
    report.save(update_fields=["status", "submitted_at", "submitted_by"])
    close_replies(report=report, now=now, by=by)
    audit.record("reopened", report, by=by, reason=reason)
    return report


def sha256_of(content: Mapping[str, Any]) -> str:
    """Of the canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
