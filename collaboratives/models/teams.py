"""An organization's people in one cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts import names
from accounts.roles import Permission
from collaboratives.states import Leadership, TeamRole
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


class TeamGroupQuerySet(models.QuerySet["TeamGroup"]):
    def for_list(self) -> TeamGroupQuerySet:
        return self.select_related("facilitator").order_by("name", "pk")


class TeamGroup(HostModel):
    """Some teams of a cohort that work together between sessions, with who facilitates."""

    cohort = models.ForeignKey("collaboratives.Cohort", models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)
    facilitator = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = HostManager.from_queryset(TeamGroupQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "cohort", "name", name="group_name_of_cohort")
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> TeamQuerySet:
        """A person's own teams; for staff who may view teams, all (a coach: the assigned)."""
        own = Q(pk__in=TeamMember.objects.filter(user_id=person.pk, left_at=None).values("team_id"))
        if membership is not None and membership.may(Permission.TEAM_VIEW):
            if membership.may(Permission.TEAM_EDIT) or "analyst" in membership.roles:
                return self
            return self.filter(own | Q(coach_id=person.pk))
        return self.filter(own)

    def coached_by(self, person: User, membership: Membership | None) -> TeamQuerySet:
        """Those that this person of the staff coaches: all for who runs cohorts, else the
        assigned. Never a team that they are on themselves."""
        if membership is None or not membership.may(Permission.REPORT_COACH):
            return self.none()
        on_it = TeamMember.objects.filter(user_id=person.pk, left_at=None).values("team_id")
        others = self.exclude(pk__in=on_it)
        everyone = membership.may(Permission.TEAM_EDIT)
        return others if everyone else others.filter(coach_id=person.pk)

    def for_list(self) -> TeamQuerySet:
        return self.select_related("organization", "cohort", "group").order_by("name", "pk")

    def running(self) -> TeamQuerySet:
        """Those that did not leave. Only they hold a seat."""
        return self.filter(ended_at=None)

    def with_program(self) -> TeamQuerySet:
        """For pages that show the program's rules or words."""
        return self.select_related("organization", "cohort__program", "coach", "group__facilitator")


class Team(HostModel):
    """Made when an application takes its seat; everything known by then comes along."""

    cohort = models.ForeignKey("collaboratives.Cohort", models.PROTECT, related_name="teams")
    organization = models.ForeignKey(
        "collaboratives.Organization", models.PROTECT, related_name="teams"
    )
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    application_reference = models.CharField(max_length=20, blank=True)
    by_offer = models.BooleanField(default=False)  # took one of the seats kept for offers
    clinical_areas = ArrayField(models.CharField(max_length=120), default=list)
    aim = models.TextField(blank=True)
    coach = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(
        TeamGroup, models.SET_NULL, null=True, blank=True, related_name="teams"
    )
    prework_done_on = models.DateField(null=True)
    support_plan = models.TextField(blank=True)  # of people with lived experience
    compensation_plan = models.TextField(blank=True)  # for their time
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    objects = HostManager.from_queryset(TeamQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "slug", name="team_slug_of_host"),
            models.UniqueConstraint(
                "host",
                "application_reference",
                condition=~Q(application_reference=""),
                name="one_team_per_application",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def present(self) -> TeamMemberQuerySet:
        return self.filter(left_at=None)

    def for_list(self) -> TeamMemberQuerySet:
        return self.select_related("user").order_by("-leadership", "name", "pk")

    def leaders(self) -> TeamMemberQuerySet:
        return self.exclude(leadership="").order_by("-leadership", "pk")

    def leads(self) -> TeamMemberQuerySet:
        """Who submits for the team and gets what is addressed to it."""
        return self.present().filter(role=TeamRole.LEAD).order_by("pk")

    def with_team(self) -> TeamMemberQuerySet:
        return self.select_related("team__cohort", "team__organization")

    def with_program(self) -> TeamMemberQuerySet:
        return self.select_related("team__cohort__program", "team__organization")


class TeamMember(HostModel):
    """A named person on the roster. `user` is there once they have signed in.

    roles, lenses: facts of the improvement work (data analyst, equity …), not permissions.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    title = models.CharField(max_length=160, blank=True)
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=TeamRole, default=TeamRole.MEMBER)
    leadership = models.CharField(max_length=20, choices=Leadership, blank=True, default="")
    roles = ArrayField(models.CharField(max_length=40), default=list)
    lenses = ArrayField(models.CharField(max_length=40), default=list)
    department = models.CharField(max_length=80, blank=True)
    group = models.CharField(max_length=20, blank=True)  # core or steering
    joined_at = models.DateTimeField(auto_now_add=True)
    invited_at = models.DateTimeField(null=True)  # the last link to join, until it is taken
    left_at = models.DateTimeField(null=True)
    # Of a leader: asked by mail to take the part, and what they said.
    asked_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    refused_reason = models.TextField(blank=True, editable=False)

    objects = HostManager.from_queryset(TeamMemberQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "team", "email", condition=Q(left_at=None), name="one_place_per_person"
            ),
            models.UniqueConstraint(
                "host",
                "team",
                "leadership",
                condition=Q(left_at=None) & ~Q(leadership=""),
                name="one_leader_and_one_alternate",
            ),
            models.CheckConstraint(
                name="member_answer_follows_a_question",
                condition=Q(confirmed_at=None, refused_at=None)
                | Q(asked_at__isnull=False, confirmed_at=None)
                | Q(asked_at__isnull=False, refused_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return names.initials(self.name)
