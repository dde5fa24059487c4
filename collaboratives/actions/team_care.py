"""What happens to a team as a whole: who coaches it, its group, its plans, its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from collaboratives import emails
from collaboratives.actions.programs import CohortFull, lock_cohort
from collaboratives.models import Cohort, Team, TeamGroup
from collaboratives.queries import seats
from tenancy import audit


class GroupMeets(Exception):
    """The group has sessions, which say whose they are."""


class NameTaken(Exception):
    """Another group of the cohort has this name."""


@transaction.atomic
def place_team(
    *, team: Team, coach: User | None, group: TeamGroup | None, now: datetime, by: User
) -> Team:
    """Say who coaches the team and in which group it works. A new coach is told by mail."""
    had = team.coach_id
    team = _change(team=team, by=by, coach=coach, group=group)
    if coach is not None and coach.pk not in (had, by.pk):
        emails.coaches_now(team, coach=coach, by=by, now=now)
    return team


@transaction.atomic
def write_plans(
    *, team: Team, support_plan: str, compensation_plan: str, prework_done_on: date | None, by: User
) -> Team:
    """How people with lived experience are supported and paid, and when prework was done."""
    return _change(
        team=team,
        by=by,
        support_plan=support_plan,
        compensation_plan=compensation_plan,
        prework_done_on=prework_done_on,
    )


def _change(*, team: Team, by: User, **facts: Any) -> Team:
    team = Team.objects.select_for_update(of=("self",)).with_program().get(pk=team.pk)
    before = {name: getattr(team, name) for name in facts}
    changed = [name for name, value in facts.items() if before[name] != value]
    for name in changed:
        setattr(team, name, facts[name])
    if changed:
        team.save(update_fields=changed)
        audit.record(
            "changed",
            team,
            by=by,
            before={name: _words(before[name]) for name in changed},
            after={name: _words(facts[name]) for name in changed},
        )
    return team


def _words(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def end_team(*, team: Team, reason: str, now: datetime, by: User) -> Team:
    """The team leaves the program: its seat is free, its pages stay to be read. Told to its
    leads. Ended twice is ended once."""
    lock_cohort(cohort=team.cohort)
    team = Team.objects.select_for_update(of=("self",)).with_program().get(pk=team.pk)
    if team.ended_at is not None:
        return team
    team.ended_at, team.ended_reason = now, reason
    team.save(update_fields=["ended_at", "ended_reason"])
    audit.record("ended", team, by=by, reason=reason)
    emails.team_ended(team, by=by, now=now)
    return team


@transaction.atomic
def resume_team(*, team: Team, by: User) -> Team:
    """Take the end back. Raises CohortFull when its seat has gone to somebody else."""
    lock_cohort(cohort=team.cohort)
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if team.ended_at is None:
        return team
    room = seats(team.cohort)
    if room.capacity is not None and room.teams >= room.capacity:
        raise CohortFull(f"{team.cohort} has all its {room.capacity} teams.")
    team.ended_at, team.ended_reason = None, ""
    team.save(update_fields=["ended_at", "ended_reason"])
    audit.record("resumed", team, by=by)
    return team


# --- groups of teams -----------------------------------------------------------------------------


@transaction.atomic
def save_group(
    *,
    cohort: Cohort,
    name: str,
    facilitator: User | None,
    teams: Sequence[Team],
    by: User,
    group: TeamGroup | None = None,
) -> TeamGroup:
    """Make or change a group; its teams are these and no others. Raises NameTaken."""
    lock_cohort(cohort=cohort)
    others = TeamGroup.objects.filter(cohort=cohort).exclude(pk=group.pk if group else None)
    if others.filter(name__iexact=name).exists():
        raise NameTaken(name)
    verb = "changed" if group else "added"
    group = group or TeamGroup(host_id=cohort.host_id, cohort=cohort)
    group.name, group.facilitator = name, facilitator
    group.save()
    chosen = {team.pk for team in teams}
    Team.objects.filter(group=group).exclude(pk__in=chosen).update(group=None)
    Team.objects.filter(pk__in=chosen, cohort=cohort).update(group=group)
    names = sorted(team.name for team in teams)
    audit.record(verb, group, by=by, after={"name": name, "teams": names})
    return group


@transaction.atomic
def remove_group(*, group: TeamGroup, by: User) -> None:
    """The group is gone; its teams stay in the cohort. Raises GroupMeets if it has sessions."""
    lock_cohort(cohort=group.cohort)
    if group.sessions.exists():
        raise GroupMeets(group.name)
    audit.record("removed", group, by=by)
    group.delete()
