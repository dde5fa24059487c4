"""What a team holds and spreads after the program, and what a cohort came to for its funder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from collaboratives.models import Cohort, Team
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class ScalePlanQuerySet(models.QuerySet["ScalePlan"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> ScalePlanQuerySet:
        return self.filter(team__in=Team.objects.visible_to(person, membership).values("pk"))

    def whole(self) -> ScalePlanQuerySet:
        """Those with a word on every part."""
        empty = [(name, "") for name in ScalePlan.PARTS]
        return self.exclude(models.Q(*empty, _connector=models.Q.OR))


class ScalePlan(HostModel):
    """A team's long-term plan: what stays, and where it goes next. Whole once every part has
    words. saves: how often it was kept, so that nobody writes over another's words unseen.
    """

    PARTS = ("keep", "owners", "measured", "spreads", "resources", "risks")

    team = models.ForeignKey(Team, models.CASCADE, related_name="scale_plans")
    keep = models.TextField(blank=True, max_length=4000)
    owners = models.TextField(blank=True, max_length=4000)
    measured = models.TextField(blank=True, max_length=4000)
    spreads = models.TextField(blank=True, max_length=4000)
    resources = models.TextField(blank=True, max_length=4000)
    risks = models.TextField(blank=True, max_length=4000)
    saves = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(ScalePlanQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "team", name="one_scale_plan_per_team")]

    def __str__(self) -> str:
        return f"{self.team_id}"

    @property
    def missing(self) -> list[str]:
        """The parts without words."""
        return [name for name in self.PARTS if not getattr(self, name).strip()]

    @property
    def is_whole(self) -> bool:
        return not self.missing


class FunderReportQuerySet(models.QuerySet["FunderReport"]):
    def for_list(self) -> FunderReportQuerySet:
        return self.select_related("made_by", "cohort", "pdf_job").order_by("-number")


class FunderReport(HostModel):
    """What a cohort had come to on one day, frozen. Page, PDF and files of data all read it.

    content: as `queries.funder` makes it; what is small is left out before it is kept. sha256: of
    its canonical JSON. language: of the PDF.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="funder_reports")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="en")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    pdf_job = models.ForeignKey("documents.Job", models.SET_NULL, null=True, related_name="+")

    objects = HostManager.from_queryset(FunderReportQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "cohort", "number", name="funder_report_of_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.number}"
