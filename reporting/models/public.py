"""What of a team's work leaves the network: a change's public page, and where it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from collaboratives.models import Team
from reporting.models.reports import ChangeTested
from reporting.models.work import OfTeamQuerySet
from reporting.states import PageState, Permitted, ToldAs
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from collaboratives.models import Cohort


class PublicPageQuerySet(models.QuerySet["PublicPage"]):
    def open(self) -> PublicPageQuerySet:
        return self.filter(state=PageState.OPEN)

    def standing(self) -> PublicPageQuerySet:
        """Those that wait for the host, or are open."""
        return self.filter(state__in=[PageState.ASKED, PageState.OPEN])

    def for_list(self) -> PublicPageQuerySet:
        return self.select_related("change__team__cohort").order_by("-asked_at", "-pk")


class PublicPage(HostModel):
    """A tested change as everybody may read it, once the team's lead and the host said yes.

    content: what both said yes to, frozen: words, team, and the masked table of its measure. What
    the team writes on afterwards is not public until both say yes again.
    """

    change = models.ForeignKey(ChangeTested, models.CASCADE, related_name="public_pages")
    state = models.CharField(
        max_length=8, choices=PageState, default=PageState.ASKED, editable=False
    )
    content = models.JSONField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.TextField(blank=True)

    objects = HostManager.from_queryset(PublicPageQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "change", condition=Q(state="open"), name="one_open_page_per_change"
            ),
            models.UniqueConstraint(
                "host", "change", condition=Q(state="asked"), name="one_page_asked_per_change"
            ),
            models.CheckConstraint(
                name="public_page_has_two_yeses",
                condition=Q(state__in=["asked", "closed"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.content.get("title", ""))


class DisseminationQuerySet(OfTeamQuerySet):
    def for_list(self) -> DisseminationQuerySet:
        return self.select_related("change", "team").order_by("-told_on", "-pk")

    def may_be_named(self) -> DisseminationQuerySet:
        """For readers who are not of the team."""
        return self.filter(permission__in=[Permitted.GIVEN, Permitted.NOT_NEEDED])

    def of_cohort(self, cohort: Cohort) -> DisseminationQuerySet:
        return self.filter(team__cohort=cohort)


class Dissemination(HostModel):
    """Where a team told of its work: a blog, a talk, a case study, a report, the media."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="disseminations")
    change = models.ForeignKey(
        ChangeTested, models.SET_NULL, null=True, related_name="disseminations"
    )
    kind = models.CharField(max_length=16, choices=ToldAs)
    title = models.CharField(max_length=200)
    told_on = models.DateField()
    link = models.URLField(max_length=500, blank=True)
    permission = models.CharField(max_length=12, choices=Permitted)
    permission_by = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(DisseminationQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="permission_given_by_somebody",
                condition=~Q(permission="given") | ~Q(permission_by=""),
            )
        ]

    def __str__(self) -> str:
        return self.title


class FeedbackCallQuerySet(OfTeamQuerySet):
    def for_list(self) -> FeedbackCallQuerySet:
        return self.select_related("created_by").order_by("-held_on", "-pk")


class FeedbackCall(HostModel):
    """A call in which a team told the program's staff what helps and what doesn't, with notes."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="feedback_calls")
    held_on = models.DateField()
    people = models.CharField(max_length=300)
    notes = models.TextField(blank=True, max_length=8000)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(FeedbackCallQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "team", "held_on", name="one_feedback_call_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on}"
