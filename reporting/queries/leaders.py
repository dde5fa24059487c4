"""What pages show of leaders: their commitments, their calls, how long they take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from collaboratives.models import Team, TeamMember
from collaboratives.states import Leadership
from reporting.models import LeaderCommitment, LeaderReply, Report, ReportVersion
from reporting.rules import is_disowned, may_reply
from reporting.states import ReplyState
from sessions.models import Session
from sessions.states import Kind


@dataclass(frozen=True)
class Followed:
    """A commitment as pages show it today."""

    commitment: LeaderCommitment
    is_late: bool


def followed(team: Team, *, now: datetime) -> list[Followed]:
    """What the team's leaders said yes to, the open ones first."""
    return _today(LeaderCommitment.objects.filter(team=team).for_list(), team, now)


def still_open(team: Team, *, now: datetime) -> list[Followed]:
    return _today(LeaderCommitment.objects.filter(team=team).open().for_list(), team, now)


def promised_before(reply: LeaderReply, *, now: datetime) -> list[Followed]:
    """By this leader in earlier replies: what is open, and what was done since the last one."""
    earlier = LeaderReply.objects.filter(
        member=reply.member_id, state=ReplyState.SENT, sent_at__lt=reply.asked_at
    ).order_by("-sent_at")
    last = earlier.first()
    if last is None:
        return []
    theirs = LeaderCommitment.objects.filter(reply__in=earlier.order_by()).for_list()
    team = reply.version.report.team
    return [
        one
        for one in _today(theirs, team, now)
        if one.commitment.done_at is None or one.commitment.done_at >= (last.sent_at or now)
    ]


def _today(rows: Iterable[LeaderCommitment], team: Team, now: datetime) -> list[Followed]:
    today = now.astimezone(team.cohort.zone).date()
    return [Followed(one, one.is_late(today)) for one in rows]


def newest_reply(report: Report) -> LeaderReply | None:
    """Of any version. Who may read it is the caller's to know."""
    sent = LeaderReply.objects.filter(version__report=report, state=ReplyState.SENT)
    return sent.for_page().order_by("-sent_at").first()


def leadership_call(team: Team, *, now: datetime) -> Session | None:
    """The next call of the cohort's leaders that has been announced."""
    calls = Session.objects.upcoming(now).of_team(team)
    return calls.filter(kind=Kind.LEADERSHIP).first()


def other_leader(reply: LeaderReply) -> TeamMember | None:
    """Whom this reply could be handed to."""
    others = [one for one in leaders_to_ask(reply.version) if one.pk != reply.member_id]
    return others[0] if others else None


def leaders_to_ask(version: ReportVersion) -> list[TeamMember]:
    """Who may reply and can be reached, the senior leader first."""
    people = TeamMember.objects.present().filter(team=version.report.team_id)
    known = {reply.member_id: reply for reply in LeaderReply.objects.filter(version=version)}
    order = [Leadership.SENIOR_LEADER, Leadership.ALTERNATE]
    return sorted(
        (
            person
            for person in people.exclude(leadership="")
            if may_reply(person, version.submitted_by)
            and not (person.pk in known and is_disowned(known[person.pk], person))
        ),
        key=lambda person: order.index(Leadership(person.leadership)),
    )


def unasked(*, since: datetime) -> list[tuple[ReportVersion, TeamMember | None]]:
    """Versions that stand, have no reply and wait for nobody, with who can be asked now."""
    replies = LeaderReply.objects.filter(version=OuterRef("pk"))
    versions = (
        ReportVersion.objects.filter(
            submitted_at__gt=since,
            report__submitted_at=F("submitted_at"),
            report__team__cohort__leader_replies=True,
            report__team__ended_at=None,
        )
        .exclude(Exists(replies.filter(state=ReplyState.SENT)))
        .exclude(Exists(replies.waiting()))
        .select_related("submitted_by", "report__period", "report__team__cohort")
        .defer("content")
        .order_by("pk")
    )
    found = ((version, leaders_to_ask(version)) for version in versions)
    return [(version, leaders[0] if leaders else None) for version, leaders in found]
