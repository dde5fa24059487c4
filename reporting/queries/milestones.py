"""The milestones of a team's program, with what the team says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from collaboratives.models import Cohort, Measure, Team
from reporting.models import Aim, MilestoneRating, Project
from reporting.states import Reach


@dataclass(frozen=True)
class Needed:
    """What the milestone speaks of, whether it is noted here already, and where."""

    words: str
    is_there: bool
    url: str


@dataclass(frozen=True)
class MilestoneShown:
    code: str
    text: str
    rating: MilestoneRating | None
    needed: Needed | None

    @property
    def is_reached(self) -> bool:
        return self.rating is not None and self.rating.reach == Reach.REACHED


@dataclass(frozen=True)
class Milestones:
    """shown: those of the program, in its order. before: ratings of what it has dropped since."""

    shown: list[MilestoneShown]
    before: list[MilestoneRating]

    @property
    def reached(self) -> int:
        return sum(one.is_reached for one in self.shown)

    def of(self, code: str) -> MilestoneShown | None:
        return next((one for one in self.shown if one.code == code), None)


def milestones_of(team: Team, host_slug: str) -> Milestones:
    """Four queries, beside the team's program."""
    ratings = {one.code: one for one in MilestoneRating.objects.filter(team=team).for_list()}
    planned, needed = team.cohort.program.blueprint.milestones, _needed(team, host_slug)
    shown = [
        MilestoneShown(
            one.code, str(one.text), ratings.pop(one.code, None), needed.get(one.needs or "")
        )
        for one in planned
    ]
    return Milestones(shown, list(ratings.values()))


@dataclass(frozen=True)
class TeamAt:
    """Where one team says it is. rating: None before it has said anything."""

    team: Team
    rating: MilestoneRating | None

    @property
    def is_reached(self) -> bool:
        return self.rating is not None and self.rating.reach == Reach.REACHED

    @property
    def is_begun(self) -> bool:
        return self.rating is not None and self.rating.reach == Reach.BEGUN


@dataclass(frozen=True)
class CohortMilestone:
    """One milestone, with every team by its name: nobody is ranked."""

    code: str
    text: str
    teams: list[TeamAt]

    @property
    def reached(self) -> int:
        return sum(one.is_reached for one in self.teams)


def cohort_milestones(cohort: Cohort, teams: Sequence[Team]) -> list[CohortMilestone]:
    """Those of the program, in its order. One query."""
    said = {(one.team_id, one.code): one for one in MilestoneRating.objects.filter(team__in=teams)}
    return [
        CohortMilestone(
            one.code, str(one.text), [TeamAt(team, said.get((team.pk, one.code))) for team in teams]
        )
        for one in cohort.program.blueprint.milestones
    ]


def _needed(team: Team, host_slug: str) -> dict[str, Needed]:
    where = [host_slug, team.slug]
    work = reverse("reporting:work", args=where)
    return {
        "clinical_area": Needed(
            _("areas of care"),
            bool(team.clinical_areas),
            reverse("collaboratives:team_home", args=where),
        ),
        "aim": Needed(_("an aim"), Aim.objects.filter(team=team).exists(), work),
        "projects": Needed(_("projects"), Project.objects.filter(team=team).exists(), work),
        "data": Needed(
            _("measures"),
            Measure.objects.filter(team=team).exists(),
            reverse("collaboratives:measures", args=where),
        ),
    }
