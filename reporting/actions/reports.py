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
from collaboratives.queries.measures import Reader, measure_tables
from questionnaires import actions as questionnaires
from questionnaires.actions import Saved
from questionnaires.queries import form_of
from questionnaires.rules import Problem, problems, visible_answers
from reporting import emails
from reporting.actions.leaders import ask_leader, close_replies
from reporting.models import ChangeTested, Period, Report, ReportVersion
from reporting.report_forms import ASK_CODES
from reporting.states import ReportStatus, report_machine
from tenancy import audit
from workflow.machine import TransitionNotAllowed

FORMAT = 1


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
    default = team.cohort.program.blueprint.sharing.default
    report = Report.objects.create(
        host_id=team.host_id, team=team, period=period, response=response, shared_with=default
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
) -> Saved:
    """Keep what was typed, field by field. Raises TransitionNotAllowed once it is submitted."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.status == ReportStatus.SUBMITTED:
        raise TransitionNotAllowed("a submitted report is not written on")
    return questionnaires.save(
        response=report.response,
        values=values,
        base_revisions=base_revisions,
        now=now,
        by=by,
        language=by.language,
    )


@transaction.atomic
def submit(*, report: Report, now: datetime, by: User) -> ReportVersion:
    """Freeze a version with its words and numbers, share it, and ask the leader for a reply.

    Raises NotComplete with what is missing, or TransitionNotAllowed if it was submitted already.
    """
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    report.status = report_machine.target("submit", report.status)
    form = form_of(report.response.version)
    missing = problems(form, report.response.answers)
    if missing:
        raise NotComplete(missing)
    report.submitted_at, report.submitted_by = now, by
    report.first_submitted_at = report.first_submitted_at or now
    report.save(update_fields=["status", "submitted_at", "submitted_by", "first_submitted_at"])
    content = _content(report)
    version = ReportVersion.objects.create(
        host_id=report.host_id,
        report=report,
        number=report.versions.count() + 1,
        content=content,
        sha256=sha256_of(content),
        submitted_at=now,
        submitted_by=by,
    )
    audit.record(
        "submitted", report, by=by, after={"version": version.number, "sha256": version.sha256}
    )
    emails.submitted(version)
    if report.team.cohort.leader_replies:
        ask_leader(version=version, now=now, by=by)
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


def _content(report: Report) -> dict[str, Any]:
    """Everything that a reader of this version sees, whole and masked."""
    team, period = report.team, report.period
    form = form_of(report.response.version)
    answers = visible_answers(form, report.response.answers)
    tables = [
        table.until(period.ends_on)
        for table in measure_tables(team, reader=Reader(frozenset([team.pk])))
    ]
    changes = ChangeTested.objects.filter(team=team, started_on__lte=period.ends_on).for_list()
    return {
        "format": FORMAT,
        "team": team.name,
        "aim": team.aim,
        "period": {"starts_on": f"{period.starts_on}", "ends_on": f"{period.ends_on}"},
        "answers": answers,
        "asks": [answers[code] for code in ASK_CODES if answers.get(code)],
        "changes": [
            {
                "number": number,
                "title": change.title,
                "plan": change.plan,
                "prediction": change.prediction,
                "do": change.do,
                "study": change.study,
                "act": change.act,
                "driver": change.driver,
                "measure": change.measure.slug if change.measure else None,
                "started_on": f"{change.started_on}",
                "ended_on": f"{change.ended_on}" if change.ended_on else None,
            }
            for number, change in enumerate(changes, start=1)
        ],
        "whole": [table.as_json() for table in tables],
        "masked": [release(table=table).as_json() for table in tables],
    }
