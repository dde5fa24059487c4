"""What a team measures, for whom, month by month. Counts of groups only, never of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaboratives.models.teams import Team
from collaboratives.states import (
    ChartKind,
    DecisionKind,
    Direction,
    Frequency,
    Level,
    MeasureKind,
    MeasureType,
)
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> MeasureQuerySet:
        """Those of the teams the person may see. Their numbers are another question."""
        return self.filter(team__in=Team.objects.visible_to(person, membership).values("pk"))

    def for_list(self) -> MeasureQuerySet:
        return self.order_by("position", "pk")


class Measure(HostModel):
    """One definition. Changing what is counted starts a new phase of its chart.

    given_out: what releases hid and showed so far ({"hidden": [[code, month]], "shown": [[code,
    month, numerator, denominator]]}), so that an old file and a corrected one can't be set
    against each other.
    """

    team = models.ForeignKey("collaboratives.Team", models.CASCADE, related_name="measures")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=MeasureKind, default=MeasureKind.OUTCOME)
    type = models.CharField(max_length=16, choices=MeasureType, default=MeasureType.PROPORTION)
    frequency = models.CharField(max_length=8, choices=Frequency, default=Frequency.MONTH)
    level = models.CharField(max_length=12, choices=Level, default=Level.PROJECT)
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    definition = models.TextField(blank=True)
    numerator_words = models.CharField(max_length=300)
    denominator_words = models.CharField(max_length=300, blank=True)
    target = models.FloatField(null=True)  # a proportion is kept from 0 to 1
    baseline_points = models.PositiveSmallIntegerField(null=True)  # frozen on the first N
    rule_profile = models.CharField(max_length=30, default="anhoej2014")
    chart = models.CharField(max_length=4, choices=ChartKind, default=ChartKind.RUN)
    per = models.PositiveIntegerField(default=1)  # a rate is shown per so many
    example = models.CharField(max_length=40, blank=True)  # of the library it began with
    roll_up = models.CharField(max_length=20, blank=True)  # how several answers were counted
    axis = models.CharField(max_length=40, default="race_ethnicity_2024")
    groups_are_exclusive = models.BooleanField(default=True)
    reference = models.ForeignKey(
        "collaboratives.Stratum", models.SET_NULL, null=True, related_name="+"
    )
    gap_group = models.ForeignKey(
        "collaboratives.Stratum", models.SET_NULL, null=True, related_name="+"
    )
    given_out = models.JSONField(default=dict, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(MeasureQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "team", "slug", name="measure_slug_of_team")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_share(self) -> bool:
        """Counts of people over counts of people: shown as a percentage."""
        return self.type == MeasureType.PROPORTION

    @property
    def has_denominator(self) -> bool:
        return self.type in (MeasureType.PROPORTION, MeasureType.RATE, MeasureType.MEAN)


class Stratum(HostModel):
    """One group of a measure, in the order the team chose. The empty code is everybody.

    missing_kind: declined, unknown, not_asked or not_collected for a group of data quality.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="strata")
    code = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=120)
    missing_kind = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "measure", "code", name="stratum_code_of_measure")
        ]

    def __str__(self) -> str:
        return self.label


class DefinitionVersion(HostModel):
    """What was counted, in its own words, from one month on. Kept when the words change.

    starts_on: the first month counted this way; None for the first version.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True)
    numerator_words = models.CharField(max_length=300)
    denominator_words = models.CharField(max_length=300, blank=True)
    definition = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "measure", "number", name="definition_version_number")
        ]


class ChartDecisionQuerySet(models.QuerySet["ChartDecision"]):
    def standing(self) -> ChartDecisionQuerySet:
        return self.filter(undone_at=None)

    def for_list(self) -> ChartDecisionQuerySet:
        people = ("decided_by", "undone_by", "group", "version")
        return self.select_related(*people).order_by("month", "pk")


class ChartDecision(HostModel):
    """What a person decided about a measure's charts, with the reason. Undone, never deleted.

    month: the first of a phase, the last of a baseline, the one left out. group: for which
    group only; None for all. version: the definition that made this phase.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=12, choices=DecisionKind)
    month = models.DateField()
    group = models.ForeignKey(Stratum, models.CASCADE, null=True, related_name="+")
    version = models.ForeignKey(DefinitionVersion, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = HostManager.from_queryset(ChartDecisionQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "measure", "kind", "month", "group",
                name="one_standing_decision", condition=Q(undone_at=None), nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="decision_undone_is_whole",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.month:%Y-%m}"


class NumbersSeen(HostModel):
    """Who saw a team's numbers whole on a day, and how. One row, however often they looked."""

    team = models.ForeignKey("collaboratives.Team", models.CASCADE, related_name="+")
    member = models.ForeignKey("collaboratives.TeamMember", models.CASCADE, related_name="+")
    seen_on = models.DateField()
    channel = models.CharField(max_length=10)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "team", "member", "seen_on", "channel", name="seen_once_a_day"
            )
        ]


class Benchmark(HostModel):
    """A pooled rate of one measure across a cohort's organizations, given out by a person.

    members: the organizations pooled, so that a later pool can't be set against this one.
    """

    cohort = models.ForeignKey("collaboratives.Cohort", models.CASCADE, related_name="benchmarks")
    slug = models.SlugField(max_length=60)
    type = models.CharField(max_length=16, choices=MeasureType)
    first_month = models.DateField()
    last_month = models.DateField()
    numerator = models.FloatField()
    denominator = models.FloatField()
    members = models.JSONField(default=list)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "cohort", "slug"], name="benchmark_of_cohort")]


class DataPoint(HostModel):
    """Numerator and denominator of one group in one month. Read through `queries` only,
    which masks small numbers for every reader but the team and its leaders."""

    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="+")  # no way round
    period_start = models.DateField()
    numerator = models.FloatField(null=True)  # null: not collected
    denominator = models.FloatField(null=True)
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now=True)

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "stratum", "period_start", name="one_point_per_group_and_month"
            ),
            models.CheckConstraint(
                condition=Q(numerator=None) | Q(numerator__gte=0), name="numerator_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=0),
                name="denominator_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["host", "period_start"], name="point_by_month")]


class UploadState(models.TextChoices):
    WAITING = "waiting", _("Being checked")
    PROBLEMS = "problems", _("Needs a look")
    REFUSED = "refused", _("Not accepted")
    SAVED = "saved", _("Saved")
    CANCELLED = "cancelled", _("Stopped")


class DataUploadQuerySet(models.QuerySet["DataUpload"]):
    def visible_to(self, person: User) -> DataUploadQuerySet:
        """The team's own: an upload shows its numbers whole, so staff do not see it."""
        return self.filter(measure__team__in=Team.objects.visible_to(person).values("pk"))


class DataUpload(HostModel):
    """A file of counts for one measure, what was wrong in it, and what was saved from it.

    rows: the good numbers as [group code, month, numerator, denominator], added up by group and
    month. problems: what to mend, as {row, column, value, expected}. warnings: what does not add
    up, in words. The file is gone when it held rows about people.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="uploads")
    file = models.ForeignKey("documents.StoredFile", models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=160)
    state = models.CharField(
        max_length=10, choices=UploadState, default=UploadState.WAITING, editable=False
    )
    refusal = models.TextField(blank=True)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    rows_read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = HostManager.from_queryset(DataUploadQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="upload_saved_is_whole",
                condition=Q(state="saved", saved_at__isnull=False, saved_by__isnull=False)
                | ~Q(state="saved") & Q(saved_at=None, saved_by=None),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
