"""What a team's coach says about its reports, what coaches note, and the scores of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from collaboratives.models import Team
from reporting.progress import VALUES
from reporting.states import FeedbackState, Side, Verdict
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> FeedbackQuerySet:
        """Shared ones, to the team and to who coaches it; nobody else. Drafts are the coaches'."""
        own = Team.objects.visible_to(person)
        coached = Team.objects.coached_by(person, membership)
        about = Q(version__report__team__in=own.values("pk")) | Q(
            version__report__team__in=coached.values("pk")
        )
        return self.filter(about, state=FeedbackState.SHARED)

    def for_page(self) -> FeedbackQuerySet:
        return self.select_related(
            "response", "saved_by", "shared_by", "acknowledged_by", "version__report__period"
        )

    def newest_first(self) -> FeedbackQuerySet:
        return self.order_by("-version__number", "-pk")


class Feedback(HostModel):
    """What the coaches of a team say about one version of its report.

    draft, words: by the part of the report, "whole" for all of it; words and verdict are as they
    were shared last. response: the same draft box by box, with its revisions and their authors.
    """

    version = models.ForeignKey("reporting.ReportVersion", models.CASCADE, related_name="feedback")
    state = models.CharField(
        max_length=10, choices=FeedbackState, default=FeedbackState.DRAFT, editable=False
    )
    draft = models.JSONField(default=dict)
    draft_verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    words = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    response = models.ForeignKey(
        "questionnaires.Response", models.PROTECT, null=True, related_name="+", editable=False
    )
    sharings = models.PositiveSmallIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(editable=False)
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(null=True, editable=False)
    shared_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = HostManager.from_queryset(FeedbackQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "version", name="one_feedback_per_version"),
            models.CheckConstraint(
                name="feedback_shared_is_whole",
                condition=Q(state="shared", shared_at__isnull=False, shared_by__isnull=False)
                & ~Q(verdict="")
                | Q(state="draft", shared_at=None, shared_by=None, verdict=""),
            ),
            models.CheckConstraint(
                name="feedback_acknowledgement_is_whole",
                condition=Q(
                    state="shared", acknowledged_at__isnull=False, acknowledged_by__isnull=False
                )
                | Q(acknowledged_at=None, acknowledged_by=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}"


class FeedbackAnswerQuerySet(models.QuerySet["FeedbackAnswer"]):
    def for_list(self) -> FeedbackAnswerQuerySet:
        return self.select_related("written_by").order_by("written_at", "pk")


class FeedbackAnswer(HostModel):
    """One message below a coach's feedback. from_team: else from who coaches the team."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="answers")
    text = models.TextField(max_length=4000)
    from_team = models.BooleanField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(FeedbackAnswerQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_answer_has_words")
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.pk}"


class CoachNoteQuerySet(models.QuerySet["CoachNote"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> CoachNoteQuerySet:
        """Who coaches the team, and nobody on it."""
        return self.filter(team__in=Team.objects.coached_by(person, membership).values("pk"))

    def for_list(self) -> CoachNoteQuerySet:
        return self.select_related("written_by").order_by("-written_at", "-pk")


class CoachNote(HostModel):
    """What those who coach a team tell each other about it. The team never sees it."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="coach_notes")
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(CoachNoteQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="coach_note_has_words")]
        indexes = [models.Index(fields=["host", "team"], name="coach_note_of_team")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.pk}"


class ProgressScoreQuerySet(models.QuerySet["ProgressScore"]):
    def visible_to(
        self, person: User, membership: Membership | None = None
    ) -> ProgressScoreQuerySet:
        """The team's people and who coaches it. Other teams never see it: there is no ranking."""
        own = Team.objects.visible_to(person)
        coached = Team.objects.coached_by(person, membership)
        return self.filter(
            Q(report__team__in=own.values("pk")) | Q(report__team__in=coached.values("pk"))
        )

    def for_list(self) -> ProgressScoreQuerySet:
        return self.select_related("given_by", "report__period").order_by("side", "pk")


class ProgressScore(HostModel):
    """How far the team has come by one report, as its people or its coach see it.

    suggested: what the facts said when it was given. evidence: what shows it, in their words.
    """

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="scores")
    side = models.CharField(max_length=5, choices=Side)
    level = models.DecimalField(max_digits=2, decimal_places=1)
    suggested = models.DecimalField(max_digits=2, decimal_places=1)
    evidence = models.TextField(blank=True, max_length=4000)
    given_at = models.DateTimeField(editable=False)
    given_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(ProgressScoreQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "report", "side", name="one_score_for_each_side"),
            models.CheckConstraint(condition=Q(level__in=VALUES), name="score_is_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.level}"
