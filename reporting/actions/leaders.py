"""Whom a report asks for a reply, and what becomes of their links."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.models import User
from collaboratives.blueprints.schema import Reporting
from collaboratives.models import TeamMember
from questionnaires import actions as questionnaires
from questionnaires.models import Response
from reporting import emails
from reporting.models import LeaderReply, Report, ReportVersion
from reporting.queries.leaders import leaders_to_ask
from reporting.reply_form import carried_over
from reporting.rules import may_reply
from reporting.states import ReplyState, reply_machine
from tenancy import audit, links
from workflow.machine import TransitionNotAllowed

LINK = "reply"
OPEN_AFTER_DUE = timedelta(days=14)
RENEWED_FOR = timedelta(days=14)


class NobodyToHandTo(Exception):
    """The team has no other leader who could reply."""


@transaction.atomic
def ask_leader(*, version: ReportVersion, now: datetime, by: User | str) -> LeaderReply | None:
    """Ask the senior leader to reply; the alternate when the leader wrote the report or the
    address of the leader turned out to be somebody else's.

    None when the team has nobody who may: the report is submitted all the same, the leads are
    asked to name somebody, and whoever becomes a leader later is asked then.
    """
    version = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    for reply in _drafts_of_those_who_left(version):
        close(reply, now=now)
        links.revoke(kind=LINK, subject=reply, now=now)
    leaders = leaders_to_ask(version)
    if not leaders:
        if emails.no_leader(version):
            audit.record("found no leader to ask", version.report, by=by)
        return None
    reply = _ask(version=version, member=leaders[0], now=now)
    emails.please_reply(reply, token=_link(reply))
    audit.record("asked for a reply", version.report, by=by, after={"leader": reply.member.name})
    return reply


def _drafts_of_those_who_left(version: ReportVersion) -> list[LeaderReply]:
    drafts = LeaderReply.objects.for_page().filter(version=version, state=ReplyState.DRAFT)
    return [one for one in drafts if not may_reply(one.member, version.submitted_by)]


def _ask(*, version: ReportVersion, member: TeamMember, now: datetime) -> LeaderReply:
    """A row for this leader; one that was closed or handed over is waited for again."""
    zone = version.report.team.cohort.zone
    due = (now + timedelta(days=reporting_of(version).reply_within)).astimezone(zone)
    facts = {
        "email": member.email,
        "asked_at": now,
        "due_at": datetime.combine(due.date(), time(23, 59), tzinfo=zone),
    }
    known = LeaderReply.objects.for_page().filter(version=version, member=member).first()
    if known is None:
        return LeaderReply.objects.create(
            host_id=version.host_id,
            version=version,
            member=member,
            response=_carried(version, member, now),
            **facts,
        )
    if known.state != ReplyState.DRAFT:
        known.state = reply_machine.target("ask_again", known.state)
        for name, value in facts.items():
            setattr(known, name, value)
        known.save(update_fields=["state", *facts])
    return known


def _carried(version: ReportVersion, member: TeamMember, now: datetime) -> Response | None:
    """What this leader had typed about an earlier version and never sent: their own words, and
    the answers to what is asked in the same words again."""
    before = LeaderReply.objects.for_page().filter(
        version__report=version.report_id, member=member, state=ReplyState.CLOSED
    )
    last = before.exclude(response=None).order_by("-version__number").first()
    if last is None or last.response is None:
        return None
    answers = carried_over(last, version.content["asks"])
    return questionnaires.start_response(
        version=last.response.version, answers=answers, now=now, by=f"Leader {member.pk} by link"
    )


def reporting_of(version: ReportVersion) -> Reporting:
    """What the program says about replies."""
    reporting: Reporting = version.report.team.cohort.program.blueprint.reporting
    return reporting


def _link(reply: LeaderReply, *, until: datetime | None = None) -> str:
    expires = max(until or reply.due_at, reply.due_at + OPEN_AFTER_DUE)
    return links.issue(kind=LINK, subject=reply, expires_at=expires, email=reply.member.email)


def by_link(reply: LeaderReply) -> str:
    """Who it was, for the record."""
    return f"{reply.member.name} by link"


def locked(reply: LeaderReply) -> LeaderReply:
    """This reply and all of its version, so that two leaders can't both send."""
    ReportVersion.objects.select_for_update(of=("self",)).get(pk=reply.version_id)
    return LeaderReply.objects.for_page().get(pk=reply.pk)


@transaction.atomic
def hand_over(*, reply: LeaderReply, now: datetime) -> LeaderReply:
    """Pass the reply to the team's other leader, who gets a link of their own."""
    reply = locked(reply)
    state = reply_machine.target("hand_over", reply.state)
    others = _others(reply)
    if not others:
        raise NobodyToHandTo
    reply.state = state
    reply.save(update_fields=["state"])
    other = _ask(version=reply.version, member=others[0], now=now)
    emails.handed_over(other, token=_link(other), from_name=reply.member.name)
    audit.record(
        "handed over", reply.version.report, by=by_link(reply), after={"leader": other.member.name}
    )
    return other


def _others(reply: LeaderReply) -> list[TeamMember]:
    return [one for one in leaders_to_ask(reply.version) if one.pk != reply.member_id]


@transaction.atomic
def ask_for_alternate(*, reply: LeaderReply, now: datetime) -> None:
    """The leader can't reply and the team has no other: its leads are asked to name one."""
    reply = locked(reply)
    if reply.state != ReplyState.DRAFT or _others(reply):
        raise TransitionNotAllowed("somebody else can be asked")
    emails.no_alternate(reply, by_leader=True)
    audit.record("asked for an alternate", reply.version.report, by=by_link(reply))


@transaction.atomic
def ask_alternate(*, reply: LeaderReply, now: datetime) -> LeaderReply | None:
    """The next rung of the ladder: the other leader is asked too, by a link of their own.

    Whoever sends first has replied. Without another leader the leads are asked to name one.
    """
    reply = locked(reply)
    if reply.state != ReplyState.DRAFT:
        return None
    others = _others(reply)
    if not others:
        emails.no_alternate(reply, by_leader=False)
        audit.record("found no alternate to ask", reply.version.report, by="Closer")
        return None
    if LeaderReply.objects.filter(version=reply.version, member=others[0]).exists():
        return None
    other = _ask(version=reply.version, member=others[0], now=now)
    emails.please_reply(other, token=_link(other))
    after = {"leader": other.member.name}
    audit.record("asked the alternate too", reply.version.report, by="Closer", after=after)
    return other


@transaction.atomic
def renew_link(*, reply: LeaderReply, now: datetime) -> None:
    """Mail a new link to the leader's address, and to no other. Whoever no longer leads the
    team, or whose report was reopened, gets none."""
    reply = locked(reply)
    open_states = (ReplyState.DRAFT, ReplyState.SENT)
    if reply.state in open_states and may_reply(reply.member, reply.version.submitted_by):
        emails.new_link(reply, token=_link(reply, until=now + RENEWED_FOR), now=now)
        audit.record("asked for a new link", reply.version.report, by=by_link(reply))


@transaction.atomic
def disown(*, reply: LeaderReply, now: datetime) -> None:
    """Whoever has the link says that they are not this leader: close it and tell the team.

    The other leader is asked in their place; this one again when the address is another.
    """
    reply = locked(reply)
    reply.state = reply_machine.target("disown", reply.state)
    reply.save(update_fields=["state"])
    links.revoke(kind=LINK, subject=reply, now=now)
    emails.not_me(reply)
    audit.record("said that it is not them", reply.version.report, by=by_link(reply))


@transaction.atomic
def remind_leader(
    *, reply: LeaderReply, rung: str, now: datetime, by: User | str = "Closer"
) -> None:
    """Remind of a reply that is waited for, once on each rung of the ladder."""
    reply = locked(reply)
    if reply.state != ReplyState.DRAFT:
        return
    emails.reminder(reply, token=_link(reply, until=now + RENEWED_FOR), rung=rung)
    after = {"to": reply.member.name}
    audit.record("reminded", reply.version.report, by=by, after=after)


def close_replies(*, report: Report, now: datetime, by: User) -> None:
    """The report is written on: who has not replied yet will be asked about the next version."""
    waiting = [ReplyState.DRAFT, ReplyState.HANDED_OVER]
    for reply in LeaderReply.objects.filter(version__report=report, state__in=waiting):
        close(reply, now=now)
        links.revoke(kind=LINK, subject=reply, now=now)


def close(reply: LeaderReply, *, now: datetime) -> None:
    reply.state = reply_machine.target("close", reply.state)
    reply.save(update_fields=["state"])
