"""Meetings of a cohort, who is invited, and who came."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, F, Q

from collaboratives.models import Team
from sessions.states import Answer, Audience, Kind, Modality, Presence, Status
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> SessionQuerySet:
        """Published sessions, and cancelled ones, of the cohorts and groups of their teams."""
        teams = Team.objects.visible_to(person, membership)
        groups = teams.exclude(group=None).values("group_id")
        return self.filter(
            Q(group=None) | Q(group_id__in=groups), cohort_id__in=teams.values("cohort_id")
        ).exclude(status=Status.PLANNED)

    def of_team(self, team: Team) -> SessionQuerySet:
        """Those of its cohort, without the calls of other small groups."""
        return self.filter(Q(group=None) | Q(group_id=team.group_id), cohort_id=team.cohort_id)

    def upcoming(self, now: datetime) -> SessionQuerySet:
        return self.filter(ends_at__gt=now, status=Status.PUBLISHED).order_by("starts_at", "pk")

    def for_list(self) -> SessionQuerySet:
        return (
            self.select_related("cohort", "group__facilitator")
            .annotate(
                n_invited=Count("invitees"),
                n_coming=Count("invitees", filter=Q(invitees__answer=Answer.YES)),
                n_present=Count(
                    "invitees",
                    filter=Q(invitees__presence__in=[Presence.PRESENT, Presence.MADE_UP]),
                ),
            )
            .order_by("starts_at", "pk")
        )


class Session(HostModel):
    """One meeting. `uid` and `sequence` let calendars follow when it moves."""

    cohort = models.ForeignKey("collaboratives.Cohort", models.PROTECT, related_name="sessions")
    uid = models.UUIDField(default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    number = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.LEARNING)
    modality = models.CharField(max_length=12, choices=Modality, default=Modality.VIRTUAL)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYBODY)
    group = models.ForeignKey(  # whose call it is, of those for a small group
        "collaboratives.TeamGroup", models.PROTECT, null=True, related_name="sessions"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    join_link = models.URLField(max_length=500, blank=True)
    venue = models.CharField(max_length=300, blank=True)
    travel_terms = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    facilitator = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(SessionQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "uid", name="session_uid_of_host"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.PLANNED, published_at=None, cancelled_at=None)
                | Q(status=Status.PUBLISHED, published_at__isnull=False, cancelled_at=None)
                | Q(status=Status.CANCELLED, cancelled_at__isnull=False),
                name="session_status_has_its_stamps",
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.SUBGROUP, group__isnull=False)
                | Q(audience=Audience.SUBGROUP) & ~Q(status=Status.PUBLISHED)
                | ~Q(audience=Audience.SUBGROUP) & Q(group=None),
                name="session_of_a_group_has_it",
            ),
        ]
        indexes = [models.Index(fields=["host", "cohort", "starts_at"], name="session_by_time")]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class InviteeQuerySet(models.QuerySet["Invitee"]):
    def of_its_group(self) -> InviteeQuerySet:
        """Without those whose team has left the group since; who came stays."""
        of_group = Q(member__team__group_id=F("session__group_id"))
        return self.filter(Q(session__group=None) | of_group | ~Q(presence=""))

    def for_list(self) -> InviteeQuerySet:
        return self.select_related("member__team").order_by(
            "member__team__name", "member__name", "pk"
        )


class Invitee(HostModel):
    """One person of a team asked to one session: what they answered, and whether they came."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="invitees")
    member = models.ForeignKey(
        "collaboratives.TeamMember", models.CASCADE, related_name="invitations"
    )
    answer = models.CharField(max_length=6, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    presence = models.CharField(max_length=10, choices=Presence, blank=True, default="")
    presence_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    presence_at = models.DateTimeField(null=True)

    objects = HostManager.from_queryset(InviteeQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "session", "member", name="invited_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member}"
