"""A senior leader and the alternate say by a link that they take the part, or that they don't."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from collaboratives import emails
from collaboratives.models import Team, TeamMember
from tenancy import audit, links

CONFIRM_DAYS = 21


@transaction.atomic
def ask_leader(*, member: TeamMember, by: User, now: datetime) -> TeamMember:
    """Mail a leader what the part asks of them, with a link to answer. An older link closes.

    Somebody who has answered already is not asked again.
    """
    member = _locked(member)
    if not member.leadership or member.left_at is not None or member.confirmed_at is not None:
        return member
    links.revoke(kind="leader", subject=member, now=now)
    token = links.issue(
        kind="leader",
        subject=member,
        expires_at=now + timedelta(days=CONFIRM_DAYS),
        email=member.email,
    )
    member.asked_at, member.refused_at, member.refused_reason = now, None, ""
    member.save(update_fields=["asked_at", "refused_at", "refused_reason"])
    audit.record("asked to lead", member.team, by=by, after={"name": member.name})
    emails.leader_asked(member, by=by, token=token, now=now)
    return member


def ask_leaders(*, team: Team, by: User, now: datetime) -> None:
    """Ask everybody whom the application named as a leader."""
    for member in team.members.present().leaders():
        ask_leader(member=member, by=by, now=now)


@transaction.atomic
def confirm_leadership(*, member: TeamMember, now: datetime) -> TeamMember:
    """The leader takes the part. Saying it twice changes nothing."""
    member = _locked(member)
    if member.confirmed_at is None:
        member.confirmed_at, member.refused_at, member.refused_reason = now, None, ""
        member.save(update_fields=["confirmed_at", "refused_at", "refused_reason"])
        audit.record("takes the part", member.team, by=_by_link(member), after=_who(member))
        emails.leader_answered(member, now=now)
    return member


@transaction.atomic
def refuse_leadership(*, member: TeamMember, reason: str = "", now: datetime) -> TeamMember:
    """“This is not me”: the team's leads are told, and name somebody else."""
    member = _locked(member)
    if member.refused_at is None:
        member.refused_at, member.confirmed_at = now, None
        member.refused_reason = reason.strip()
        member.save(update_fields=["refused_at", "confirmed_at", "refused_reason"])
        audit.record(
            "does not take the part",
            member.team,
            by=_by_link(member),
            after=_who(member),
            reason=reason.strip(),
        )
        emails.leader_answered(member, now=now)
    return member


def _locked(member: TeamMember) -> TeamMember:
    rows = TeamMember.objects.select_for_update(of=("self",)).select_related("team__cohort")
    return rows.get(pk=member.pk)


def _by_link(member: TeamMember) -> str:
    return f"{member.name} (by link)"


def _who(member: TeamMember) -> dict[str, str]:
    return {"name": member.name, "as": member.leadership}
