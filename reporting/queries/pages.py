"""What the pages of a report show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.models import Membership, User
from collaboratives.models import Team, TeamMember
from collaboratives.queries.measure_charts import MeasureCharts, measure_charts
from collaboratives.queries.measures import MeasureTable, Reader, measure_tables
from collaboratives.queries.tested_changes import NumberedChange
from collaboratives.states import TeamRole
from questionnaires.queries import form_of
from reporting.models import (
    ChangeTested,
    LeaderCommitment,
    LeaderReply,
    Period,
    Report,
    ReportVersion,
)
from reporting.queries.leaders import leaders_to_ask
from reporting.queries.work import WorkShown, work_shown
from reporting.reply_form import day
from reporting.report_forms import ASK_CODES, HEADLINE
from reporting.states import Act, Answer, ReplyState, ReportStatus


def report_of(team: Team, period: Period) -> Report | None:
    """The team's report on this period with its answers; None while nobody has begun."""
    reports = Report.objects.filter(team=team, period=period)
    return reports.select_related("response", "period").first()


def sent_before(team: Team, period: Period) -> ReportVersion | None:
    """The newest version that the team sent on the period before."""
    earlier = ReportVersion.objects.filter(
        report__team=team, report__period__ends_on__lt=period.ends_on
    )
    newest = earlier.select_related("report__period")
    return newest.order_by("-report__period__ends_on", "-number").first()


def next_number(report: Report) -> int:
    """Of the version that submitting now would make."""
    return report.versions.count() + 1


def versions_of(report: Report) -> list[ReportVersion]:
    """Newest first, without what they hold."""
    found = ReportVersion.objects.filter(report=report).defer("content")
    return list(found.select_related("submitted_by").newest_first())


def writers_of(team: Team) -> list[User]:
    """The people of the team who sign in and may write."""
    people = TeamMember.objects.present().filter(
        team=team, role__in=[TeamRole.LEAD, TeamRole.MEMBER], user__isnull=False
    )
    return [one.user for one in people.select_related("user").order_by("pk")]


def tables_of_team(team: Team, reader: Reader) -> list[MeasureTable]:
    return measure_tables(team, reader=reader)


def changes_until(team: Team, last: date | None = None) -> QuerySet[ChangeTested]:
    """The team's tested changes in the order of their numbers."""
    changes = ChangeTested.objects.filter(team=team).for_list()
    return changes if last is None else changes.filter(started_on__lte=last)


def numbered_changes(team: Team, last: date | None = None) -> list[NumberedChange]:
    """The same, as the charts of the team's measures show them."""
    return [
        NumberedChange(
            number=number,
            title=change.title,
            text=change.study or change.do or change.plan,
            started_on=change.started_on,
            act=change.get_act_display(),
            measure=change.measure.slug if change.measure else None,
        )
        for number, change in enumerate(changes_until(team, last), start=1)
    ]


def reply_sent(version: ReportVersion) -> LeaderReply | None:
    """The one reply of this version that was sent."""
    sent = LeaderReply.objects.filter(version=version, state=ReplyState.SENT)
    return sent.select_related("member").first()


def shared_by_others(team: Team, person: User, *, limit: int = 20) -> list[Report]:
    """Submitted reports of other teams in the cohort that this person may read, newest first."""
    reports = Report.objects.visible_to(person).submitted().exclude(team=team)
    return list(
        reports.filter(team__cohort=team.cohort_id)
        .for_list()
        .order_by("-first_submitted_at", "pk")[:limit]
    )


def latest_version(report: Report) -> ReportVersion | None:
    return (
        ReportVersion.objects.filter(report=report)
        .select_related("submitted_by")
        .newest_first()
        .first()
    )


@dataclass(frozen=True)
class Promised:
    """What somebody promised and had not done yet when the report was sent."""

    text: str
    who: str
    due_on: date | None


@dataclass(frozen=True)
class Words:
    label: str
    text: str


@dataclass(frozen=True)
class Answered:
    """What the leader answered to one ask. words: "" when they left it open."""

    ask: str
    words: str
    note: str
    by: date | None = None


@dataclass(frozen=True)
class Waiting:
    """Who is asked to reply at present, and when the other leader is asked too: names and days,
    nothing of a draft. Nobody, where the team has no leader who may reply."""

    replies: list[LeaderReply]
    alternate_at: datetime | None

    @property
    def nobody(self) -> bool:
        return not self.replies


@dataclass(frozen=True)
class ReportPage:
    """One version for one reader. tables: as this reader may see them. prefix: of the ids of
    what is drawn from them."""

    report: Report
    version: ReportVersion
    headline: str
    words: list[Words]
    asks: list[str]
    aim: str
    planned: str
    promised: list[Promised]
    work: WorkShown
    changes: list[NumberedChange]
    tables: list[MeasureTable]
    prefix: str
    reply: LeaderReply | None
    waiting: Waiting | None
    answers: list[Answered]
    commitments: list[LeaderCommitment]
    others: int

    @cached_property
    def main(self) -> MeasureCharts | None:
        """Alone what the leader's brief computes."""
        return self._charts(self.tables[0]) if self.tables else None

    @cached_property
    def more(self) -> list[MeasureCharts]:
        return [self._charts(table) for table in self.tables[1:]]

    @property
    def charts(self) -> list[MeasureCharts]:
        return [self.main, *self.more] if self.main is not None else []

    def _charts(self, table: MeasureTable) -> MeasureCharts:
        return measure_charts(table, changes=self.changes, prefix=self.prefix)

    @property
    def masked(self) -> bool:
        return any(table.masked for table in self.tables)


def report_page(
    report: Report,
    version: ReportVersion,
    *,
    reader: Reader,
    person: User | None = None,
    membership: Membership | None = None,
    prefix: str = "",
) -> ReportPage:
    """Read a version as `reader` may see it.

    person: whose eyes; None for a leader by link, whose own page shows the reply. What the
    team asks of its leader is between them and staff.
    """
    content = version.content
    form = form_of(report.period.form)
    answers = content["answers"]
    changes = [_change(change) for change in content["changes"]]
    reply = _sent_reply(report, person, membership) if person is not None else None
    inside = reader.whole(report.team) or membership is not None
    return ReportPage(
        report=report,
        version=version,
        headline=answers.get(HEADLINE, ""),
        words=[
            Words(str(field.label), answers[field.code])
            for field in form.fields()
            if answers.get(field.code) and field.code not in (HEADLINE, *ASK_CODES)
        ],
        asks=content["asks"] if inside else [],
        aim=content["aim"],
        planned=content.get("planned", ""),
        work=work_shown(content, prefix=prefix),
        promised=[_promised(one) for one in content.get("commitments", [])],
        changes=changes,
        tables=tables_for(version, report.team, reader),
        prefix=prefix,
        reply=reply,
        waiting=_waiting(version) if inside and person is not None and reply is None else None,
        answers=answered(reply) if reply is not None else [],
        commitments=list(reply.commitments.order_by("place")) if reply else [],
        others=_others(report, version),
    )


def _sent_reply(report: Report, person: User, membership: Membership | None) -> LeaderReply | None:
    """The newest that was sent, if this person may read it."""
    replies = LeaderReply.objects.visible_to(person, membership).for_page()
    return replies.filter(version__report=report).order_by("-sent_at").first()


def _waiting(version: ReportVersion) -> Waiting | None:
    """None when the cohort's reports have no replies, or the report is being written on."""
    report = version.report
    cohort = report.team.cohort
    if not cohort.leader_replies or report.status != ReportStatus.SUBMITTED:
        return None
    asked = LeaderReply.objects.filter(version=version).waiting().select_related("member")
    replies = list(asked.defer("asks", "reflection").order_by("pk"))
    if len(replies) != 1:
        return Waiting(replies, None)
    alone = replies[0]
    others = [one for one in leaders_to_ask(version) if one.pk != alone.member_id]
    days = cohort.program.reporting.alternate_after
    return Waiting(replies, alone.asked_at + timedelta(days=days) if others else None)


def answered(reply: LeaderReply) -> list[Answered]:
    """Every ask with what was sent about it."""
    found = []
    for place, ask in enumerate(reply.version.content["asks"]):
        given = reply.asks.get(str(place), {})
        words = str(Answer(given["answer"]).label) if given.get("answer") else ""
        found.append(Answered(ask, words, given.get("note", ""), day(given.get("by", ""))))
    return found


def tables_for(version: ReportVersion, team: Team, reader: Reader) -> list[MeasureTable]:
    """The one place that chooses between a version's whole and masked numbers."""
    kept = version.content["whole" if reader.whole(team) else "masked"]
    return [MeasureTable.from_json(table) for table in kept]


def _change(change: dict[str, Any]) -> NumberedChange:
    return NumberedChange(
        number=change["number"],
        title=change["title"],
        text=change["study"] or change["do"] or change["plan"],
        started_on=date.fromisoformat(change["started_on"]),
        act=str(Act(change["act"]).label),
        measure=change["measure"],
    )


def _promised(one: dict[str, Any]) -> Promised:
    due = one["due_on"]
    return Promised(one["text"], one["who"], date.fromisoformat(due) if due else None)


def _others(report: Report, version: ReportVersion) -> int:
    """How many more people are on the team than the one who submitted."""
    people = report.team.members.filter(left_at=None, leadership="")
    return people.exclude(user_id=version.submitted_by_id).count()
