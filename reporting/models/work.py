"""What a team wants to reach, the projects it has for that, and what people told it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from collaboratives.models import Team
from reporting.states import Heard, Level, Stage
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class OfTeamQuerySet(models.QuerySet):
    """Rows of one team: for its people, and for staff who may see the team."""

    def visible_to(self, person: User, membership: Membership | None = None) -> OfTeamQuerySet:
        return self.filter(team__in=Team.objects.visible_to(person, membership).values("pk"))


class AimQuerySet(OfTeamQuerySet):
    def for_list(self) -> AimQuerySet:
        return self.select_related("measure").order_by("by_when", "pk")


class Aim(HostModel):
    """What, for whom, how much, by when. outline: its drivers, as `reporting.outlines` says."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="aims")
    what = models.CharField(max_length=200)
    for_whom = models.CharField(max_length=200)
    how_much = models.CharField(max_length=120)
    by_when = models.DateField()
    measure = models.ForeignKey(
        "collaboratives.Measure", models.SET_NULL, null=True, related_name="+"
    )
    outline = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(AimQuerySet)()

    def __str__(self) -> str:
        return self.what


class ProjectQuerySet(OfTeamQuerySet):
    def for_list(self) -> ProjectQuerySet:
        return self.select_related("aim").order_by("started_on", "pk")


class Project(HostModel):
    """One of the projects by which a team works on its aims."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="projects")
    aim = models.ForeignKey(Aim, models.SET_NULL, null=True, related_name="projects")
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    level = models.CharField(max_length=12, choices=Level, default=Level.PROJECT)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.PLANNED)
    owner_name = models.CharField(max_length=160, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(ProjectQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="project_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceQuerySet(OfTeamQuerySet):
    def for_list(self) -> EvidenceQuerySet:
        return self.select_related("project").order_by("-heard_on", "-pk")


class Evidence(HostModel):
    """What people told the team, in their words: no number, and nobody's name.

    in_reports: goes into the report on the period in which it was heard.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="evidence")
    project = models.ForeignKey(Project, models.SET_NULL, null=True, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Heard)
    from_whom = models.CharField(max_length=160)
    text = models.TextField(max_length=4000)
    meaning = models.TextField(blank=True, max_length=2000)
    heard_on = models.DateField()
    in_reports = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(EvidenceQuerySet)()

    def __str__(self) -> str:
        return _("%(kind)s, %(day)s") % {"kind": self.get_kind_display(), "day": self.heard_on}
