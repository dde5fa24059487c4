"""One function per email."""

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from collaboratives.models import Team, TeamMember
from messaging import outbox
from messaging.urls import absolute


def invited(member: TeamMember, *, by: User, token: str, now: datetime) -> None:
    """The link to join a team."""
    outbox.post(
        host_id=member.host_id,
        to=member.email,
        template="collaboratives/invited",
        context={
            "member": member,
            "team": member.team,
            "invited_by": by,
            "url": absolute(reverse("collaboratives_links:invitation", args=[token])),
        },
        dedupe_key=f"member-invited:{member.pk}:{now.isoformat()}",
        about=member.team,
        secrets=[token],
    )


def leader_asked(member: TeamMember, *, by: User, token: str, now: datetime) -> None:
    """What the part asks of a senior leader, and the link to say yes or no."""
    outbox.post(
        host_id=member.host_id,
        to=member.email,
        template="collaboratives/leader_asked",
        context={
            "member": member,
            "team": member.team,
            "asked_by": by,
            "url": absolute(reverse("collaboratives_links:leader", args=[token])),
        },
        dedupe_key=f"leader-asked:{member.pk}:{now.isoformat()}",
        about=member.team,
        secrets=[token],
    )


def leader_answered(member: TeamMember, *, now: datetime) -> None:
    """Told to the team's leads."""
    team = member.team
    for lead in team.members.leads():
        outbox.post(
            host_id=member.host_id,
            to=lead.email,
            template="collaboratives/leader_answered",
            context={
                "member": member,
                "team": team,
                "url": absolute(
                    reverse("collaboratives:members", args=[team.host.slug, team.slug])
                ),
            },
            dedupe_key=f"leader-answered:{member.pk}:{lead.pk}:{now.isoformat()}",
            about=team,
        )


def leads_now(member: TeamMember, *, by: User, now: datetime) -> None:
    """Told to who leads the team from now on."""
    team = member.team
    outbox.post(
        host_id=member.host_id,
        to=member.email,
        template="collaboratives/leads_now",
        context={
            "member": member,
            "team": team,
            "handed_over_by": by,
            "url": absolute(reverse("collaboratives:team_home", args=[team.host.slug, team.slug])),
        },
        dedupe_key=f"leads-now:{member.pk}:{now.isoformat()}",
        about=team,
    )


def coaches_now(team: Team, *, coach: User, by: User, now: datetime) -> None:
    """Told to who is given a team to coach."""
    outbox.post(
        host_id=team.host_id,
        to=coach.email,
        template="collaboratives/coaches_now",
        context={
            "coach": coach,
            "team": team,
            "given_by": by,
            "url": absolute(reverse("collaboratives:team_home", args=[team.host.slug, team.slug])),
        },
        dedupe_key=f"coaches-now:{team.pk}:{coach.pk}:{now.isoformat()}",
        about=team,
    )


def team_ended(team: Team, *, by: User, now: datetime) -> None:
    """Told to the leads of a team that left the program."""
    for lead in team.members.leads():
        outbox.post(
            host_id=team.host_id,
            to=lead.email,
            template="collaboratives/team_ended",
            context={
                "member": lead,
                "team": team,
                "ended_by": by,
                "url": absolute(
                    reverse("collaboratives:team_home", args=[team.host.slug, team.slug])
                ),
            },
            dedupe_key=f"team-ended:{team.pk}:{lead.pk}:{now.isoformat()}",
            about=team,
        )
