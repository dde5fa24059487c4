"""The mails of reports and replies. They quote no answer and no number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Membership, User
from collaboratives.models import Team, TeamMember
from collaboratives.states import TeamRole
from messaging import outbox
from messaging.models import OutboundMessage
from messaging.states import State
from messaging.urls import absolute
from reporting.calendars import CALENDAR_TYPE, calendar
from reporting.models import (
    Feedback,
    FeedbackAnswer,
    LeaderCommitment,
    LeaderReply,
    Report,
    ReportVersion,
)
from reporting.queries import Standing
from reporting.states import Verdict
from tenancy.models import Host


def _page(name: str, report: Report) -> str:
    slug = Host.objects.get(pk=report.host_id).slug
    return absolute(reverse(name, args=[slug, report.team.slug, report.period.slug]))


def _roster(report: Report) -> str:
    """Where the team names its leaders."""
    slug = Host.objects.get(pk=report.host_id).slug
    return absolute(reverse("collaboratives:members", args=[slug, report.team.slug]))


def _writers(team: Team) -> list[TeamMember]:
    """Who works on the team's reports and can open them."""
    people = TeamMember.objects.present().filter(
        team=team, role__in=[TeamRole.LEAD, TeamRole.MEMBER]
    )
    return list(people.for_list())


def _leads(team: Team) -> list[TeamMember]:
    return [person for person in _writers(team) if person.role == TeamRole.LEAD]


def _to_member(
    member: TeamMember,
    template: str,
    *,
    report: Report,
    key: str,
    context: dict[str, Any],
    secrets: list[str] | None = None,
) -> bool:
    """False when this mail was posted before."""
    cohort = report.team.cohort
    posted = outbox.post(
        host_id=report.host_id,
        to=member.email,
        template=f"reporting/{template}",
        context={
            "member": member,
            "report": report,
            "team": report.team,
            "cohort": cohort,
            "zone": cohort.time_zone,
            **context,
        },
        dedupe_key=f"report:{report.pk}:{template}:{member.pk}:{key}",
        about=report,
        language=member.user.language if member.user else "en",
        secrets=secrets or [],
    )
    return posted is not None


def submitted(version: ReportVersion) -> None:
    """To the team: the report is in, and who reads it."""
    report = version.report
    for member in _writers(report.team):
        _to_member(
            member,
            "submitted",
            report=report,
            key=f"{version.number}",
            context={
                "by": version.submitted_by,
                "link": _page("reporting:report", report),
                "to_leader": report.team.cohort.leader_replies,
            },
        )


def report_due(standing: Standing, *, rung: str, now: datetime) -> list[str]:
    """To the leads: a report is open, due or late. It does not say what is in the draft.

    rung: which of the reminders; each is mailed once. Returns the names of those it goes to.
    """
    late, opens = now >= standing.due_at, rung.startswith("opens")
    return _to_leads(standing, "due", key=rung, context={"late": late, "opens": opens})


def was_reminded(standing: Standing, *, since: datetime) -> bool:
    """Whether the team's leads got a mail about this report since then, from clock or staff."""
    begins = f"report-due:{standing.team.pk}:{standing.period.pk}:"
    return _posted(standing.team, since).filter(dedupe_key__startswith=begins).exists()


def was_asked(reply: LeaderReply, *, since: datetime) -> bool:
    """Whether this leader got a mail that asks for the reply since then."""
    asking = [f"reporting/{name}" for name in ("please_reply", "reply_reminder", "handed_over")]
    sent = _posted(reply.version.report, since).filter(template__in=asking)
    return sent.filter(to__iexact=reply.member.email).exists()


def _posted(about: Team | Report, since: datetime) -> QuerySet[OutboundMessage]:
    found = OutboundMessage.objects.filter(about_type=about._meta.label_lower, about_id=about.pk)
    return found.filter(created_at__gt=since)


def window_changed(standing: Standing, *, what: str, reason: str) -> None:
    """To the leads: staff changed when, or whether, a report is asked for.

    what: moved (for all), extra, more_time, skipped, taken_back.
    """
    key = f"{what}:{standing.moves}"
    _to_leads(standing, "window", key=key, context={"what": what, "reason": reason})


def _to_leads(standing: Standing, template: str, *, key: str, context: dict[str, Any]) -> list[str]:
    """With the day in a file for their calendars, which moves the entry they have. Returns the
    names of those it goes to: nobody whose address refused our mail before."""
    team, period, told = standing.team, standing.period, []
    slug = Host.objects.get(pk=team.host_id).slug
    link = absolute(reverse("reporting:edit", args=[slug, team.slug, period.slug]))
    for member in _leads(team):
        language = member.user.language if member.user else "en"
        with override(language):
            entry = calendar([standing], page=link)
        posted = outbox.post(
            host_id=team.host_id,
            to=member.email,
            template=f"reporting/{template}",
            context={
                "member": member,
                "team": team,
                "period": period,
                "due_at": standing.due_at,
                "zone": team.cohort.time_zone,
                "link": link,
                **context,
            },
            dedupe_key=f"report-{template}:{team.pk}:{period.pk}:{key}:{member.pk}",
            about=team,
            language=language,
            attachments=[outbox.Attachment("report-due.ics", CALENDAR_TYPE, entry)],
        )
        if posted is not None and posted.state != State.WITHHELD:
            told.append(member.name)
    return told


# --- to a leader ---------------------------------------------------------------------------------


def _to_leader(
    reply: LeaderReply, template: str, *, token: str, key: str, context: dict[str, Any]
) -> None:
    _to_member(
        reply.member,
        template,
        report=reply.version.report,
        key=f"{reply.version.number}:{key}",
        context={
            "reply": reply,
            "link": absolute(reverse("reporting_links:reply", args=[token])),
            **context,
        },
        secrets=[token],
    )


def please_reply(reply: LeaderReply, *, token: str) -> None:
    """Once for each time that they are asked."""
    key = f"asked:{reply.asked_at.isoformat()}"
    _to_leader(reply, "please_reply", token=token, key=key, context={})


def reminder(reply: LeaderReply, *, token: str, rung: str) -> None:
    key = f"reminded:{reply.due_at:%Y%m%d}:{rung}"
    _to_leader(reply, "reply_reminder", token=token, key=key, context={})


def handed_over(reply: LeaderReply, *, token: str, from_name: str) -> None:
    _to_leader(
        reply,
        "handed_over",
        token=token,
        key=f"from:{from_name}:{reply.asked_at.isoformat()}",
        context={"from_name": from_name},
    )


def new_link(reply: LeaderReply, *, token: str, now: datetime) -> None:
    """At most one in a minute, however often the button is pressed."""
    _to_leader(reply, "new_link", token=token, key=f"{now:%Y%m%d%H%M}", context={})


def acknowledged(reply: LeaderReply) -> None:
    """To the leader: the team has read the reply. There is nothing to do, so it has no link."""
    _to_member(
        reply.member,
        "acknowledged",
        report=reply.version.report,
        key=f"{reply.version.number}:{reply.sendings}",
        context={"reply": reply, "by": reply.acknowledged_by},
    )


def commitment_due(commitment: LeaderCommitment, *, token: str, offset: str) -> None:
    """To the leader: a day they named is near. It does not say what was promised."""
    _to_leader(
        commitment.reply,
        "commitment_due",
        token=token,
        key=f"{commitment.pk}:{commitment.due_on}:{offset}",
        context={"due_on": commitment.due_on},
    )


# --- about a leader ------------------------------------------------------------------------------


def replied(reply: LeaderReply, *, changed: bool) -> None:
    """To the team: the leader has answered."""
    report = reply.version.report
    when = f"change-{reply.sendings}" if changed else "first"
    for member in _writers(report.team):
        if member.pk != reply.member_id:
            _to_member(
                member,
                "replied",
                report=report,
                key=f"{reply.version.number}:{when}",
                context={
                    "reply": reply,
                    "changed": changed,
                    "link": _page("reporting:report", report) + "#reply",
                },
            )


def not_me(reply: LeaderReply) -> None:
    """To the leads: the address on the roster reaches somebody else."""
    report = reply.version.report
    for member in _leads(report.team):
        _to_member(
            member,
            "not_me",
            report=report,
            key=f"{reply.pk}:{reply.asked_at.isoformat()}",
            context={"reply": reply, "link": _roster(report)},
        )


def no_alternate(reply: LeaderReply, *, by_leader: bool) -> None:
    """To the leads: nobody but this leader can reply. by_leader: they asked for somebody else."""
    report = reply.version.report
    for member in _leads(report.team):
        _to_member(
            member,
            "no_alternate",
            report=report,
            key=f"{reply.pk}:{reply.asked_at.isoformat()}:{by_leader}",
            context={"reply": reply, "by_leader": by_leader, "link": _roster(report)},
        )


def no_leader(version: ReportVersion) -> bool:
    """To the leads: nobody can reply to this version. Once, until somebody was asked meanwhile.

    False when they know already.
    """
    report, asked = version.report, version.replies.count()
    posted = [
        _to_member(
            member,
            "no_leader",
            report=report,
            key=f"{version.number}:{asked}",
            context={"link": _roster(report)},
        )
        for member in _leads(report.team)
    ]
    return any(posted)


# --- between a team and its coach ----------------------------------------------------------------


def _to_coach(
    user: User, template: str, *, version: ReportVersion, key: str, context: dict[str, Any]
) -> None:
    report = version.report
    slug = Host.objects.get(pk=report.host_id).slug
    where = [slug, report.team.slug, report.period.slug, version.number]
    outbox.post(
        host_id=report.host_id,
        to=user.email,
        template=f"reporting/{template}",
        context={
            "name": user.name,
            "report": report,
            "team": report.team,
            "link": absolute(reverse("reporting:feedback", args=where)),
            **context,
        },
        dedupe_key=f"report:{report.pk}:{template}:{version.number}:{key}:coach{user.pk}",
        about=report,
        language=user.language,
    )


def _still_coaches(user: User, team: Team) -> bool:
    """Works for the host, and is not on the team."""
    membership = Membership.objects.filter(user=user, ended_at=None).first()
    return Team.objects.coached_by(user, membership).filter(pk=team.pk).exists()


def to_coach(version: ReportVersion) -> None:
    """To the team's coach: a report is there to read."""
    coach = version.report.team.coach
    if coach is not None and _still_coaches(coach, version.report.team):
        _to_coach(coach, "to_coach", version=version, key="", context={})


def feedback_shared(feedback: Feedback) -> None:
    """To the team: the coach has written, or written anew. It quotes nothing."""
    version = feedback.version
    for member in _writers(version.report.team):
        _to_member(
            member,
            "feedback_shared",
            report=version.report,
            key=f"{version.number}:{feedback.sharings}",
            context={
                "feedback": feedback,
                "asks": feedback.verdict == Verdict.CHANGES,
                "link": _page("reporting:report", version.report) + "#feedback",
            },
        )


def feedback_answered(answer: FeedbackAnswer) -> None:
    """To the other side: to who shared the feedback and the team's coach, or to the team."""
    feedback, team = answer.feedback, answer.feedback.version.report.team
    context = {"by": answer.written_by}
    if not answer.from_team:
        for member in _writers(team):
            _to_member(
                member,
                "feedback_answered",
                report=feedback.version.report,
                key=f"{answer.pk}",
                context={
                    **context,
                    "name": member.name,
                    "link": _page("reporting:report", feedback.version.report) + "#feedback",
                },
            )
        return
    for user in {one for one in (feedback.shared_by, team.coach) if one is not None}:
        if _still_coaches(user, team):
            _to_coach(
                user,
                "feedback_answered",
                version=feedback.version,
                key=f"{answer.pk}",
                context=context,
            )
