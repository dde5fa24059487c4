"""How a team rates itself on the milestones of its program."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from collaboratives.models import Team
from reporting.models.work import OfTeamQuerySet
from reporting.states import Reach
from tenancy.models import HostManager, HostModel


class MilestoneRatingQuerySet(OfTeamQuerySet):
    def for_list(self) -> MilestoneRatingQuerySet:
        return self.select_related("rated_by").order_by("code", "pk")


class MilestoneRating(HostModel):
    """The team's own word on one milestone, and what shows it. Nobody confirms or compares it.

    code: of the program's blueprint; a rating stays when the program drops its milestone.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="milestone_ratings")
    code = models.CharField(max_length=50)
    reach = models.CharField(max_length=10, choices=Reach)
    evidence = models.TextField(blank=True, max_length=4000)
    rated_at = models.DateTimeField(editable=False)
    rated_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(MilestoneRatingQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "team", "code", name="one_rating_per_milestone"),
            models.CheckConstraint(
                condition=~Q(reach=Reach.REACHED) | ~Q(evidence=""),
                name="milestone_reached_is_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.code
