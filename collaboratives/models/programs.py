"""A program is what a host offers; a cohort is one run of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from collaboratives.blueprints import Blueprint
from collaboratives.blueprints.schema import Reporting
from collaboratives.states import ReviewsShown
from tenancy.models import HostManager, HostModel


class ProgramQuerySet(models.QuerySet["Program"]):
    def for_list(self) -> ProgramQuerySet:
        return self.order_by("name", "pk")


class Program(HostModel):
    """One offer of a host, filled from a blueprint and then the host's own to edit.

    content: the blueprint as data, checked by `collaboratives.blueprints.Blueprint`.
    """

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    blueprint_key = models.CharField(max_length=60)
    blueprint_version = models.PositiveIntegerField()
    content = models.JSONField()
    sogi_allowed = models.BooleanField(default=False)  # measures split by SOGI may be added
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(ProgramQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "slug", name="program_slug_of_host")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def blueprint(self) -> Blueprint:
        return Blueprint.model_validate(self.content)

    @cached_property
    def reporting(self) -> Reporting:
        """Of the blueprint, for pages that need nothing else of it."""
        return Reporting.model_validate(self.content["reporting"])

    @property
    def contact_email(self) -> str:
        """The program's own address; empty when the host's serves."""
        return self.blueprint.contact.email or ""

    @property
    def links(self) -> dict[str, str]:
        """The addresses of its resources that are known, by their code."""
        return {one.code: one.url for one in self.blueprint.resources if one.url}


class CohortQuerySet(models.QuerySet["Cohort"]):
    def for_list(self) -> CohortQuerySet:
        return self.select_related("program").order_by("-starts_on", "name", "pk")

    def without_content(self) -> CohortQuerySet:
        """For lists: the program's name, not its whole blueprint."""
        return self.defer("program__content")

    def with_form(self) -> CohortQuerySet:
        """With what the blank form is drawn from."""
        return self.select_related(
            "application_form__questionnaire", "application_form__host", "program"
        ).defer("program__content")

    def published(self) -> CohortQuerySet:
        """Those a visitor may read about."""
        return self.exclude(published_at=None)

    def offered_by(self, blueprint_key: str | None, now: datetime) -> CohortQuerySet:
        """Runs of a program that another one offers: those that are not over, the next first."""
        return (
            self.filter(program__blueprint_key=blueprint_key, ends_on__gte=now.date())
            .exclude(application_form=None)
            .select_related("program", "application_form")
            .order_by("starts_on", "name", "pk")
        )

    def taking_applications(self, now: datetime) -> CohortQuerySet:
        return self.published().filter(opens_at__lte=now, closes_at__gt=now)


class Cohort(HostModel):
    """One run of a program: its dates, zone, application window, seats, form."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="cohorts")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    code = models.CharField(max_length=8)  # begins the references: AC27-0147
    time_zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    grace_minutes = models.PositiveSmallIntegerField(default=30)
    decide_by = models.DateField(null=True)
    accept_within_days = models.PositiveSmallIntegerField(default=14)
    capacity = models.PositiveIntegerField(null=True)
    seats_held = models.PositiveIntegerField(default=0)
    application_form = models.ForeignKey(
        "questionnaires.Version", models.PROTECT, null=True, related_name="+"
    )
    reviews_shown = models.CharField(  # empty: as the program says
        max_length=10, choices=ReviewsShown, blank=True
    )
    leader_replies = models.BooleanField(default=False)
    signs_charter = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostManager.from_queryset(CohortQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "slug", name="cohort_slug_of_host"),
            models.UniqueConstraint("host", "code", name="cohort_code_of_host"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="cohort_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                name="cohort_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def is_open(self, now: datetime) -> bool:
        return bool(self.opens_at and self.opens_at <= now) and not self.is_closed(now)

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and now >= self.closes_at

    def takes_submission(self, now: datetime) -> bool:
        """Open, or closed for less than the silent grace."""
        grace = timedelta(minutes=self.grace_minutes)
        return bool(self.opens_at and self.opens_at <= now) and (
            self.closes_at is None or now < self.closes_at + grace
        )
