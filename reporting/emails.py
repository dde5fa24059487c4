"""The mails of reports and replies. They quote no answer and no number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from collaboratives.models import Team, TeamMember
from collaboratives.states import TeamRole
from messaging import outbox
from messaging.urls import absolute
from reporting.models import LeaderReply, Period, Report, ReportVersion
from tenancy.models import Host


def _page(name: str, report: Report) -> str:
    slug = Host.objects.get(pk=report.host_id).slug
    return absolute(reverse(name, args=[slug, report.team.slug, report.period.slug]))


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
) -> None:
    cohort = report.team.cohort
    outbox.post(
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


def report_due(team: Team, period: Period, *, offset: str) -> None:
    """To the leads: a report is due soon. It does not say what is in the draft."""
    slug = Host.objects.get(pk=team.host_id).slug
    link = absolute(reverse("reporting:edit", args=[slug, team.slug, period.slug]))
    for member in _leads(team):
        outbox.post(
            host_id=team.host_id,
            to=member.email,
            template="reporting/due",
            context={
                "member": member,
                "team": team,
                "period": period,
                "zone": team.cohort.time_zone,
                "link": link,
            },
            dedupe_key=f"report-due:{team.pk}:{period.pk}:{offset}:{member.pk}",
            about=team,
            language=member.user.language if member.user else "en",
        )


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
    _to_leader(reply, "please_reply", token=token, key="asked", context={})


def reminder(reply: LeaderReply, *, token: str) -> None:
    _to_leader(reply, "reply_reminder", token=token, key="reminded", context={})


def handed_over(reply: LeaderReply, *, token: str, from_name: str) -> None:
    _to_leader(
        reply, "handed_over", token=token, key=f"from:{from_name}", context={"from_name": from_name}
    )


def new_link(reply: LeaderReply, *, token: str, now: datetime) -> None:
    """At most one in a minute, however often the button is pressed."""
    _to_leader(reply, "new_link", token=token, key=f"{now:%Y%m%d%H%M}", context={})


# --- about a leader ------------------------------------------------------------------------------


def replied(reply: LeaderReply, *, changed: bool) -> None:
    """To the team: the leader has answered."""
    report = reply.version.report
    when = f"{reply.saved_at:%Y%m%d%H%M}" if changed else "first"
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
            key=f"{reply.pk}",
            context={"reply": reply, "link": _page("reporting:report", report)},
        )
