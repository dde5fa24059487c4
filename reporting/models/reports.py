"""What a team reports, what it tested, and what its leader answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from collaboratives.models import Team
from collaboratives.states import SharedWith
from reporting.models.periods import Period
from reporting.states import Act, ReplyState, ReportStatus
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


SHARED = [SharedWith.COHORT, SharedWith.NETWORK, SharedWith.PUBLIC]


def shared_with(person: User) -> Q:
    """What other teams share with this person, who is on a team of the cohort or of the host."""
    mine = Team.objects.visible_to(person)
    in_cohort = Q(shared_with__in=SHARED, team__cohort__in=mine.values("cohort_id"))
    in_host = Q(shared_with__in=[SharedWith.NETWORK, SharedWith.PUBLIC])
    return in_cohort | in_host & Q(models.Exists(mine))


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> ReportQuerySet:
        """One's own team's; others' once submitted, as far as they are shared; staff's teams'.

        What an outsider reads of it is a frozen version with its small numbers masked.
        """
        own = Team.objects.visible_to(person, membership)
        shared = Q(first_submitted_at__isnull=False) & shared_with(person)
        return self.filter(Q(team__in=own.values("pk")) | shared)

    def submitted(self) -> ReportQuerySet:
        """With a version to read, also while a next one is written."""
        return self.exclude(first_submitted_at=None)

    def for_list(self) -> ReportQuerySet:
        return self.select_related("team__organization", "team__cohort", "period").order_by(
            "period__starts_on", "team__name", "pk"
        )


class Report(HostModel):
    """One team's report on one period. Its words are answers on the period's form.

    first_submitted_at: of the first version; the report stays readable from then on, whatever
    happens to the draft. shared_with: empty until the team chooses or submits, then never changed
    by the program's default.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="reports")
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    status = models.CharField(
        max_length=12, choices=ReportStatus, default=ReportStatus.OPEN, editable=False
    )
    response = models.ForeignKey("questionnaires.Response", models.PROTECT, related_name="reports")
    shared_with = models.CharField(
        max_length=10, choices=SharedWith, blank=True, default="", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    first_submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = HostManager.from_queryset(ReportQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "team", "period", name="one_report_per_period"),
            models.UniqueConstraint("host", "response", name="one_report_per_response"),
            models.CheckConstraint(
                name="report_submission_is_whole",
                condition=Q(
                    status="submitted",
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    first_submitted_at__isnull=False,
                )
                | Q(status="open", submitted_at=None, submitted_by=None, first_submitted_at=None)
                | Q(
                    status="reopened",
                    submitted_at=None,
                    submitted_by=None,
                    first_submitted_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="report_submitted_says_who_reads",
                condition=Q(first_submitted_at=None) | ~Q(shared_with=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, {self.team}"


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    def newest_first(self) -> ReportVersionQuerySet:
        return self.order_by("-number")


class ReportVersion(HostModel):
    """A report as it was submitted: frozen, with its numbers whole and masked.

    content: texts, asks, changes tested, `whole` and `masked` tables; sha256 is of its canonical
    JSON. Read it through `queries`, which chooses the tables for the reader.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    pdf_job = models.ForeignKey("documents.Job", models.SET_NULL, null=True, related_name="+")
    whole_pdf_job = models.ForeignKey(  # with the team's small numbers: for the team alone
        "documents.Job", models.SET_NULL, null=True, related_name="+"
    )

    objects = HostManager.from_queryset(ReportVersionQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "report", "number", name="version_of_report"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.number}"


class ChangeTestedQuerySet(models.QuerySet["ChangeTested"]):
    def visible_to(
        self, person: User, membership: Membership | None = None
    ) -> ChangeTestedQuerySet:
        return self.filter(team__in=Team.objects.visible_to(person, membership).values("pk"))

    def readable_by(
        self, person: User, membership: Membership | None = None
    ) -> ChangeTestedQuerySet:
        """Their own and those of their teams as staff; others' as far as they are shared."""
        own = Team.objects.visible_to(person, membership)
        return self.filter(Q(team__in=own.values("pk")) | shared_with(person))

    def in_library(self) -> ChangeTestedQuerySet:
        """Shared with more than the team, whoever asks."""
        return self.filter(shared_with__in=SHARED)

    def with_team(self) -> ChangeTestedQuerySet:
        return self.select_related("team__organization", "team__cohort", "measure")

    def for_list(self) -> ChangeTestedQuerySet:
        """Oldest first: their place in this order is the number on the charts."""
        return self.select_related("measure").order_by("started_on", "pk")


def words_of_a_change() -> Any:
    """What the library searches: by the stems of both languages, the title first."""
    texts = ["plan", "prediction", "do", "study", "driver", "for_whom"]
    english, spanish = (
        SearchVector("title", weight="A", config=config)
        + SearchVector(*texts, weight="B", config=config)
        for config in ("english", "spanish")
    )
    return english + spanish


class ChangeTested(HostModel):
    """One cycle of plan, do, study, act. It lives between reports; a report collects them.

    shared_with: empty until the team chooses or reports it, then never changed by the program's
    default. adapted_words: title and team of the change that this one was begun from, as they
    were then.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="changes_tested")
    title = models.CharField(max_length=160)
    plan = models.TextField(blank=True)
    prediction = models.TextField(blank=True)
    do = models.TextField(blank=True)
    study = models.TextField(blank=True)
    act = models.CharField(max_length=10, choices=Act, blank=True, default=Act.TESTING)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    driver = models.CharField(max_length=160, blank=True)
    for_whom = models.CharField(max_length=120, blank=True)
    shared_with = models.CharField(
        max_length=10, choices=SharedWith, blank=True, default="", editable=False
    )
    project = models.ForeignKey(
        "reporting.Project", models.SET_NULL, null=True, related_name="changes_tested"
    )
    measure = models.ForeignKey(
        "collaboratives.Measure", models.SET_NULL, null=True, related_name="+"
    )
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    adapted_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="adaptations", editable=False
    )
    adapted_words = models.CharField(max_length=340, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    search = models.GeneratedField(
        expression=words_of_a_change(), output_field=SearchVectorField(), db_persist=True
    )

    objects = HostManager.from_queryset(ChangeTestedQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="change_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["host", "team", "started_on"], name="change_by_start")]

    def __str__(self) -> str:
        return self.title


class LeaderReplyQuerySet(models.QuerySet["LeaderReply"]):
    def waiting(self) -> LeaderReplyQuerySet:
        """For somebody who still leads the team, and has not said that they don't."""
        drafts = self.filter(state=ReplyState.DRAFT, member__left_at=None, member__refused_at=None)
        return drafts.exclude(member__leadership="")

    def visible_to(self, person: User, membership: Membership | None = None) -> LeaderReplyQuerySet:
        """Sent ones, to the team and to staff who may see the team. Drafts are the leader's."""
        teams = Team.objects.visible_to(person, membership)
        return self.filter(version__report__team__in=teams.values("pk"), state=ReplyState.SENT)

    def for_page(self) -> LeaderReplyQuerySet:
        return self.select_related(
            "member",
            "response__version",
            "version__report__period",
            "version__report__team__cohort",
        )


class LeaderReply(HostModel):
    """What one leader was asked and answers about one version of a report.

    response: what was typed, with its revisions; None before the first word. asks, reflection:
    as it was sent last: by the place of the ask {"answer", "note", "by"}, and under "own"
    {"text", "by"}; `by` is a day or nothing. Only one of a version's replies can be sent: the
    leader's, or the alternate's.
    """

    version = models.ForeignKey(ReportVersion, models.CASCADE, related_name="replies")
    member = models.ForeignKey(
        "collaboratives.TeamMember", models.PROTECT, related_name="leader_replies"
    )
    state = models.CharField(
        max_length=12, choices=ReplyState, default=ReplyState.DRAFT, editable=False
    )
    response = models.ForeignKey(
        "questionnaires.Response", models.PROTECT, null=True, related_name="+", editable=False
    )
    asks = models.JSONField(default=dict)
    reflection = models.TextField(blank=True)
    email = models.EmailField(blank=True, editable=False)  # that was asked
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    editable_until = models.DateTimeField(null=True, editable=False)
    sendings = models.PositiveSmallIntegerField(default=0, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = HostManager.from_queryset(LeaderReplyQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "version", "member", name="one_reply_per_leader"),
            models.UniqueConstraint(
                "host", "version", condition=Q(state="sent"), name="one_reply_sent_per_version"
            ),
            models.CheckConstraint(
                name="reply_sent_is_whole",
                condition=Q(state="sent", sent_at__isnull=False, editable_until__isnull=False)
                | ~Q(state="sent") & Q(sent_at=None, editable_until=None),
            ),
            models.CheckConstraint(
                name="acknowledgement_is_whole",
                condition=Q(
                    state="sent", acknowledged_at__isnull=False, acknowledged_by__isnull=False
                )
                | Q(acknowledged_at=None, acknowledged_by=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}"

    def may_change(self, now: datetime) -> bool:
        return self.editable_until is not None and now < self.editable_until


class LeaderCommitmentQuerySet(models.QuerySet["LeaderCommitment"]):
    def open(self) -> LeaderCommitmentQuerySet:
        return self.filter(done_at=None)

    def for_list(self) -> LeaderCommitmentQuerySet:
        """Those still open first, the next due on top."""
        return self.select_related("reply__member", "reply__version__report__period").order_by(
            F("done_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"
        )


class LeaderCommitment(HostModel):
    """What a leader said yes to, followed until it is done. Without a day it is never late."""

    reply = models.ForeignKey(LeaderReply, models.CASCADE, related_name="commitments")
    team = models.ForeignKey(Team, models.CASCADE, related_name="leader_commitments")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    conditions = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(LeaderCommitmentQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "reply", "place", name="one_commitment_per_ask"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by=None),
                name="commitment_done_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["host", "team", "due_on"], name="commitment_by_due")]

    def __str__(self) -> str:
        return self.text

    def is_late(self, today: date) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < today
