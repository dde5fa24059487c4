"""When reports are asked for, and what staff allowed one team."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaboratives.models import Cohort, Team
from reporting.states import Every, ReportKind
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class PeriodQuerySet(models.QuerySet["Period"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> PeriodQuerySet:
        teams = Team.objects.visible_to(person, membership)
        return self.filter(cohort_id__in=teams.values("cohort_id"))

    def asked_of(self, team: Team) -> PeriodQuerySet:
        """Those of the cohort, and extra ones of this team alone."""
        return self.filter(Q(team=None) | Q(team=team), cohort=team.cohort_id)

    def begun(self, now: datetime) -> PeriodQuerySet:
        """Those a team may write about: their window has opened."""
        return self.filter(opens_at__lte=now)

    def for_list(self) -> PeriodQuerySet:
        return self.select_related("cohort").order_by("starts_on", "number")


class Period(HostModel):
    """What a report covers, and apart from that when it may be written and is due.

    by_calendar: a quarter of the year, not of the cohort. name, team: of an extra report, and of
    the one team that is asked for it. moves: how often its window was moved, so that reminders
    come anew.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="periods")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20)
    every = models.CharField(max_length=10, choices=Every, default=Every.QUARTER)
    kind = models.CharField(max_length=12, choices=ReportKind, default=ReportKind.FULL)
    form = models.ForeignKey("questionnaires.Version", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day that it covers
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    by_calendar = models.BooleanField(default=False)
    moves = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=60, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="extra_periods")

    objects = HostManager.from_queryset(PeriodQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "cohort", "number", name="period_number_of_cohort"),
            models.UniqueConstraint("host", "cohort", "slug", name="period_slug_of_cohort"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="period_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opens_at")), name="period_due_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(team=None) | ~Q(name=""), name="extra_period_has_a_name"
            ),
        ]
        indexes = [models.Index(fields=["host", "due_at"], name="period_by_due")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Quarter 3, or quarter 3 of 2026, in the reader's language; an extra report's name."""
        if self.name:
            return self.name
        if self.by_calendar:
            quarter = (self.starts_on.month + 2) // 3
            return _("Quarter %(n)s of %(year)s") % {"n": quarter, "year": self.starts_on.year}
        words = {Every.MONTH: _("Month %(n)s"), Every.QUARTER: _("Quarter %(n)s")}
        return words[Every(self.every)] % {"n": self.number}

    @property
    def months_words(self) -> str:
        """August to October 2026, or the one month."""
        last = date_format(self.ends_on, "F Y")
        if self.starts_on.replace(day=1) == self.ends_on.replace(day=1):
            return last
        same_year = self.starts_on.year == self.ends_on.year
        first = date_format(self.starts_on, "F" if same_year else "F Y")
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


class AllowanceQuerySet(models.QuerySet["Allowance"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> AllowanceQuerySet:
        return self.filter(team__in=Team.objects.visible_to(person, membership).values("pk"))


class Allowance(HostModel):
    """What staff gave one team for one period, and why: more time, or no report at all.

    state: none once it was taken back; the row stays, since moves must grow for its reminders.
    """

    class State(models.TextChoices):
        MORE_TIME = "more_time"
        SKIPPED = "skipped"
        NONE = "none"

    team = models.ForeignKey(Team, models.CASCADE, related_name="allowances")
    period = models.ForeignKey(Period, models.CASCADE, related_name="allowances")
    state = models.CharField(max_length=10, choices=State, editable=False)
    due_at = models.DateTimeField(null=True)  # instead of the period's
    reason = models.CharField(max_length=300)
    moves = models.PositiveSmallIntegerField(default=1)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(AllowanceQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "team", "period", name="one_allowance_per_period"),
            models.CheckConstraint(condition=~Q(reason=""), name="allowance_has_its_reason"),
            models.CheckConstraint(
                name="allowance_time_is_whole",
                condition=Q(state="more_time", due_at__isnull=False)
                | ~Q(state="more_time") & Q(due_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
