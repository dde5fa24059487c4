"""What a new team has done already, and the groups of a cohort."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.roles import Role
from collaboratives.models import Cohort, Measure, Team, TeamGroup
from collaboratives.queries.teams import TeamPage


@dataclass(frozen=True)
class Step:
    """One line of the welcome checklist. url: where it is done; empty for who can't."""

    words: str
    done: bool
    url: str
    note: str = ""


def welcome(page: TeamPage) -> list[Step]:
    """What every team of this program does first. Empty once all is done: it has begun."""
    team, blueprint = page.team, page.team.cohort.program.blueprint
    args = [team.host.slug, team.slug]
    may = page.hand.edits
    members = reverse("collaboratives:members", args=args) if may else ""
    care = reverse("collaboratives:team_edit", args=args) if may else ""
    waiting = sum(place.joining == "not_yet" for place in page.places)
    steps = [
        Step(_("Invite everybody on the team"), bool(page.places) and not waiting, members),
        Step(_("Keep the program’s rules for a team"), page.composition.is_whole, members),
    ]
    if blueprint.team.leadership.leader == "required":
        leader = page.leader
        steps.append(
            Step(_("Your senior leader says yes"), bool(leader and leader.confirmed_at), members)
        )
    if blueprint.team.leadership.alternate == "required":
        other = page.alternate
        steps.append(
            Step(_("Your alternate leader says yes"), bool(other and other.confirmed_at), members)
        )
    if blueprint.prework is not None:
        late = prework_words(team)
        steps.append(
            Step(str(blueprint.prework.title), team.prework_done_on is not None, care, late)
        )
    if blueprint.team.support_for_lived_experience:
        words = _("Plan how you support people with lived experience")
        steps.append(Step(words, bool(team.support_plan), care))
    if blueprint.team.compensation_plan:
        words = _("Plan how you pay them for their time")
        steps.append(Step(words, bool(team.compensation_plan), care))
    if blueprint.reporting.kind != "none":
        first = reverse("collaboratives:measures", args=args)
        has_measure = Measure.objects.filter(team=team).exists()
        steps.append(Step(_("Choose your first measure"), has_measure, first if may else ""))
    return [] if all(step.done for step in steps) else steps


def prework_words(team: Team) -> str:
    """Why prework matters now, in words; nothing once it is done."""
    prework = team.cohort.program.blueprint.prework
    if prework is None or team.prework_done_on is not None:
        return ""
    words = _("Before session %(n)s.") % {"n": prework.before_session}
    if prework.policy == "block":
        words += " " + _("Until then nobody on the team can say yes to it.")
    return words


@dataclass(frozen=True)
class Group:
    group: TeamGroup
    teams: list[Team]


def groups(cohort: Cohort) -> tuple[list[Group], list[Team]]:
    """(the groups with their teams, running teams in no group). Two queries."""
    teams = list(Team.objects.filter(cohort=cohort).running().for_list())
    found = [
        Group(group, [team for team in teams if team.group_id == group.pk])
        for group in TeamGroup.objects.filter(cohort=cohort).for_list()
    ]
    return found, [team for team in teams if team.group_id is None]


def coaches() -> list[User]:
    """Whom a team may be given to: everybody of the staff who coaches or runs cohorts."""
    fitting = {Role.COACH, Role.COORDINATOR, Role.OWNER}
    present = Membership.objects.for_list().filter(ended_at=None)
    return [one.user for one in present if fitting & set(one.roles)]
