"""What a version of a report holds, before it is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from charters.models import Commitment
from charters.states import CommitmentStatus
from collaboratives.models import Team
from collaboratives.queries.measures import MeasureTable, Reader, measure_tables, released
from questionnaires.queries import form_of
from questionnaires.rules import visible_answers
from reporting.models import ChangeTested, LeaderCommitment, Report, ReportVersion
from reporting.queries.pages import sent_before
from reporting.queries.work import work_content
from reporting.report_forms import ASK_CODES, NEXT

FORMAT = 2


def whole_tables(report: Report) -> list[MeasureTable]:
    """The team's numbers until the period's last day, small ones too."""
    team = report.team
    tables = measure_tables(team, reader=Reader(frozenset([team.pk])))
    return [table.until(report.period.ends_on) for table in tables]


def content_of(
    report: Report, *, whole: Sequence[MeasureTable], masked: Sequence[MeasureTable]
) -> dict[str, Any]:
    """Everything that a reader of this version sees, whole and masked."""
    team, period = report.team, report.period
    answers = visible_answers(form_of(report.response.version), report.response.answers)
    before = sent_before(team, period)
    return {
        "format": FORMAT,
        "team": team.name,
        "aim": team.aim,
        "period": {"starts_on": f"{period.starts_on}", "ends_on": f"{period.ends_on}"},
        "planned": before.content["answers"].get(NEXT, "") if before else "",
        "answers": answers,
        "asks": [answers[code] for code in ASK_CODES if answers.get(code)],
        "changes": changes_of(team, period.ends_on),
        "commitments": open_commitments(team),
        **work_content(team, period.starts_on, period.ends_on),
        "whole": [table.as_json() for table in whole],
        "masked": [table.as_json() for table in masked],
    }


def draft_version(report: Report) -> ReportVersion:
    """The version that submitting now would make, for a preview. It is not kept."""
    whole = whole_tables(report)
    version = ReportVersion(report=report, number=report.versions.count() + 1)
    version.content = content_of(report, whole=whole, masked=[released(one) for one in whole])
    return version


def changes_of(team: Team, last: date) -> list[dict[str, Any]]:
    changes = ChangeTested.objects.filter(team=team, started_on__lte=last).for_list()
    return [
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
    ]


def charter_commitments(team: Team) -> list[dict[str, Any]]:
    """What the team's charter promised and is not done yet, next due first."""
    found = Commitment.objects.filter(charter__team=team, status=CommitmentStatus.OPEN)
    return [
        {"text": one.text, "who": one.owner_name, "due_on": f"{one.due_on}"}
        for one in found.order_by("due_on", "pk")
    ]


def open_commitments(team: Team) -> list[dict[str, Any]]:
    """Those of the charter, and what the leaders said yes to."""
    leaders = LeaderCommitment.objects.filter(team=team, done_at=None)
    return charter_commitments(team) + [
        {
            "text": one.text,
            "who": one.reply.member.name,
            "due_on": f"{one.due_on}" if one.due_on else None,
        }
        for one in leaders.select_related("reply__member").order_by("pk")
    ]
