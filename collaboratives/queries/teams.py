"""Reads about teams and their people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from collaboratives import composition, rules
from collaboratives.blueprints import Blueprint
from collaboratives.models import Cohort, Team, TeamMember
from collaboratives.states import Leadership, TeamRole


@dataclass(frozen=True)
class Place:
    """A person on the roster in the program's words. joining: joined, invited or not_yet."""

    member: TeamMember
    roles: list[str]
    lenses: list[str]
    department: str
    joining: str

    @property
    def note(self) -> str:
        """Leadership, else what they lead or do, in one short line."""
        if self.member.leadership:
            return str(self.member.get_leadership_display())
        if self.member.role == TeamRole.LEAD:
            return str(TeamRole.LEAD.label)
        return self.roles[0] if self.roles else self.member.title


def _places(blueprint: Blueprint, members: list[TeamMember]) -> list[Place]:
    rules = blueprint.team
    roles = {item.code: str(item.text) for item in rules.roles}
    lenses = {item.code: str(item.text) for item in rules.lenses}
    departments = {item.code: str(item.text) for item in rules.departments}
    return [
        Place(
            member=member,
            roles=[roles.get(code, code) for code in member.roles],
            lenses=[lenses.get(code, code) for code in member.lenses],
            department=departments.get(member.department, member.department),
            joining="joined" if member.user_id else "invited" if member.invited_at else "not_yet",
        )
        for member in members
    ]


@dataclass(frozen=True)
class TeamPage:
    """A team as one reader sees it."""

    team: Team
    members: list[TeamMember]
    places: list[Place]
    composition: composition.Composition
    hand: rules.Hand

    @property
    def leader(self) -> TeamMember | None:
        return self._with(Leadership.SENIOR_LEADER)

    @property
    def alternate(self) -> TeamMember | None:
        return self._with(Leadership.ALTERNATE)

    def _with(self, leadership: str) -> TeamMember | None:
        return next((m for m in self.members if m.leadership == leadership), None)


def team_page(slug: str, *, person: User, membership: Membership | None) -> TeamPage:
    """The team of this address, its people and what the reader may do. Two queries.

    Raises Http404 for whoever may not see it, as for a team that does not exist.
    """
    teams = Team.objects.visible_to(person, membership).with_program()
    team = get_object_or_404(teams, slug=slug)
    members = list(team.members.present().for_list())
    blueprint = team.cohort.program.blueprint
    return TeamPage(
        team=team,
        members=members,
        places=_places(blueprint, members),
        composition=composition.check(blueprint, members),
        hand=rules.hand(person, membership, team, members),
    )


def team_member(page: TeamPage, pk: int) -> TeamMember:
    """One of the page's people; Http404 for anybody else."""
    return get_object_or_404(page.team.members.present().for_list(), pk=pk)


def former_members(team: Team) -> list[TeamMember]:
    return list(team.members.exclude(left_at=None).order_by("-left_at", "pk"))


@dataclass(frozen=True)
class TeamRow:
    """A row of the staff's list of teams."""

    team: Team
    people: int
    joined: int
    leader: str
    whole: bool
    prework: str


def team_rows(cohort: Cohort, *, person: User, membership: Membership | None) -> list[TeamRow]:
    """The cohort's teams that this member of staff may see. Two queries."""
    teams = Team.objects.visible_to(person, membership).with_program().filter(cohort=cohort)
    teams = teams.order_by("name", "pk")
    people: dict[int, list[TeamMember]] = {}
    for member in TeamMember.objects.present().filter(team__cohort=cohort).order_by("pk"):
        people.setdefault(member.team_id, []).append(member)
    blueprint = cohort.program.blueprint
    rows = []
    for team in teams:
        members = people.get(team.pk, [])
        rows.append(
            TeamRow(
                team=team,
                people=len(members),
                joined=sum(member.user_id is not None for member in members),
                leader=next(
                    (m.name for m in members if m.leadership == Leadership.SENIOR_LEADER), ""
                ),
                whole=composition.check(blueprint, members).is_whole,
                prework=prework_state(team),
            )
        )
    return rows


def prework_state(team: Team) -> str:
    """Whether what the program asks for before its sessions is done; empty where it asks none."""
    if team.cohort.program.blueprint.prework is None:
        return ""
    return _("done") if team.prework_done_on else _("not done")


def own_teams(person: User) -> list[Team]:
    """The teams of this host that the person is on, running ones first. One query."""
    return list(Team.objects.visible_to(person).for_list().order_by("-cohort__starts_on", "name"))


def teams_of_organization(pk: int) -> list[Team]:
    return list(
        Team.objects.filter(organization_id=pk)
        .select_related("cohort")
        .annotate(people=Count("members", filter=Q(members__left_at=None)))
        .order_by("-cohort__starts_on", "pk")
    )
