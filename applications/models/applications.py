"""One organization's request to join one cohort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.utils.functional import Promise

from accounts.roles import Permission
from applications.models.conflicts import (
    Anybody,
    Declaration,
    IsAnyOf,
    known_near,
    on_a_team_of,
    tied_to,
)
from applications.models.letters import Letter
from applications.models.people import ApplicationPerson, Assignment
from applications.states import (
    ANSWERED,
    DECIDED,
    OPEN,
    RECEIVED,
    RELEASED,
    LetterState,
    Outcome,
    Source,
    Status,
    Turn,
    shown_to_applicant,
    whose_turn,
)
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User
    from collaboratives.models import Cohort
    from questionnaires.models import Response

UNDO_WITHDRAWAL = timedelta(days=14)
LISTED = (
    *("reference", "organization_name", "status", "outcome", "progress"),
    *("started_at", "received_at", "submitted_at", "missing_letters"),
    *("in_grace", "more_time_asked_at"),
    *("organization__city", "organization__state", "organization__staffed_beds"),
    *("organization__type", "source"),
    *("lead__name", "lead__email"),
)


class Counter(HostModel):
    """The last number given to an application of a cohort; its row is locked to count on."""

    cohort = models.ForeignKey("collaboratives.Cohort", models.CASCADE, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "cohort", name="one_counter_per_cohort")]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.last}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    # These are all of the host but for those. Any further step forgets it.
    all_but: ApplicationQuerySet | None = None

    def visible_to(
        self, person: User | Anybody, membership: Membership | None = None
    ) -> ApplicationQuerySet:
        """The one function that decides who may know of an application.

        Without a membership, or with one that reads none: those the person works on. As staff:
        all for who decides, the assigned ones for a reviewer; and never one with which the
        person has a conflict of interest, not even in a number.

        That a draft exists is visible to staff; what is in it only through `readable_to`.
        """
        if membership is None or not membership.may(Permission.APPLICATION_VIEW):
            own = ApplicationPerson.objects.filter(user_id=person.pk, left_at=None)
            return self.filter(pk__in=own.values("application_id"))
        seen = self.without_conflict(person)
        if membership.may(Permission.APPLICATION_DECIDE):
            return seen
        assigned = Assignment.objects.filter(reviewer_id=person.pk).values("application_id")
        return seen.filter(pk__in=assigned, received_at__isnull=False)

    def readable_to(
        self, person: User, membership: Membership | None = None
    ) -> ApplicationQuerySet:
        """Those whose answers and letters this person may read. For staff, once received; for
        who is to review it, once they said that they have no conflict of interest."""
        seen = self.visible_to(person, membership)
        if membership is None or not membership.may(Permission.APPLICATION_VIEW):
            return seen
        return seen.filter(received_at__isnull=False).exclude(pk__in=self.undeclared(person))

    def open_to(self, person: User, membership: Membership | None = None) -> ApplicationQuerySet:
        """Those that the person may read, as one of its people or as staff."""
        own = Application.objects.readable_to(person).values("pk")
        if membership is None:
            return self.filter(pk__in=own)
        as_staff = Application.objects.readable_to(person, membership).values("pk")
        return self.filter(Q(pk__in=own) | Q(pk__in=as_staff))

    def hidden_from(self, person: User | Anybody) -> ApplicationQuerySet:
        """Those with which the person has a conflict of interest: declared or found.

        A conflict is with the institution, so that it holds for all its applications.
        """
        near = known_near(person)
        institutions = Application.objects.filter(near, organization__isnull=False)
        of_these = Q(IsAnyOf("organization_id", institutions.values("organization_id")))
        return self.filter(near | of_these | on_a_team_of(person) | tied_to(person))

    def without_conflict(self, person: User | Anybody) -> ApplicationQuerySet:
        hidden = Application.objects.hidden_from(person)
        seen = self.exclude(pk__in=hidden.values("pk"))
        if self.query.where == Application.objects.all().query.where:
            seen.all_but = hidden
        return seen

    @staticmethod
    def undeclared(person: User) -> Any:
        """Ids of those that the person is to review and has said nothing about yet."""
        said = Declaration.objects.filter(person_id=person.pk)
        return (
            Assignment.objects.filter(reviewer_id=person.pk)
            .exclude(application_id__in=said.values("application_id"))
            .values("application_id")
        )

    def received(self) -> ApplicationQuerySet:
        return self.filter(status__in=RECEIVED)

    def drafts(self) -> ApplicationQuerySet:
        return self.filter(status=Status.DRAFT)

    def awaiting_decision(self) -> ApplicationQuerySet:
        return self.filter(status__in=OPEN)

    def awaiting_release(self) -> ApplicationQuerySet:
        return self.filter(status=Status.DECIDED)

    def picked(self, cohort_slug: str, references: Sequence[str]) -> ApplicationQuerySet:
        """Those that were ticked in the list of one cohort."""
        return self.filter(cohort__slug=cohort_slug, reference__in=references[:500]).order_by("pk")

    def holding_a_seat(self) -> ApplicationQuerySet:
        """Offers that may still be taken."""
        return self.filter(status=Status.RELEASED, outcome=Outcome.ADMIT)

    def planned_releases(self) -> ApplicationQuerySet:
        """Decided, with a moment at which the applicants are told."""
        return (
            self.awaiting_release()
            .filter(release_planned_at__isnull=False)
            .select_related("cohort", "release_planned_by")
            .order_by("pk")
        )

    def to_release(self, cohort: Cohort) -> ApplicationQuerySet:
        """Pending decisions of a cohort, with all that the letter to their applicants says."""
        return (
            self.awaiting_release()
            .filter(cohort=cohort)
            .select_related("cohort__host", "offered_cohort", "lead", "decided_by")
            .order_by("outcome", "organization_name", "pk")
        )

    def waiting_for_staff(self) -> Any:
        """For each cohort with something to do: how many to decide, to release, with a letter
        to check. Rows of values, the next cohort first."""
        letters = Letter.objects.filter(state=LetterState.RECEIVED, slot="letter")
        unchecked = Q(status__in=OPEN, pk__in=letters.values("application_id"))
        return (
            self.filter(status__in=OPEN | {Status.DECIDED})
            .values("cohort__slug", "cohort__name", "cohort__starts_on")
            .annotate(
                to_decide=Count("pk", filter=Q(status__in=OPEN - {Status.INFO_ASKED})),
                to_release=Count("pk", filter=Q(status=Status.DECIDED)),
                letters=Count("pk", filter=unchecked),
            )
            .order_by("cohort__starts_on", "cohort__name")
        )

    def undecided(self, cohort: Cohort) -> ApplicationQuerySet:
        """Those of a cohort that wait for a decision or its release, with their letters."""
        return (
            self.filter(cohort=cohort, status__in=OPEN | {Status.DECIDED})
            .defer("feedback", "answer_reason", "withdrawn_reason")
            .prefetch_related("letters")
            .order_by("received_at", "pk")
        )

    def for_writing(self) -> ApplicationQuerySet:
        """With what a mail from staff says of each."""
        return self.select_related("cohort__host", "lead")

    def to_be_admitted(self) -> ApplicationQuerySet:
        """Decided quietly; nobody was told."""
        return self.filter(status=Status.DECIDED, outcome=Outcome.ADMIT)

    def waiting(self) -> ApplicationQuerySet:
        """The waitlist, the next one first."""
        return self.filter(status=Status.RELEASED, outcome=Outcome.WAITLIST).order_by(
            "waitlist_place", "released_at", "pk"
        )

    def offered(self, cohort: Cohort) -> ApplicationQuerySet:
        """Open offers of this cohort made to applicants of another program."""
        return self.filter(
            status=Status.RELEASED, outcome=Outcome.OFFER_OTHER, offered_cohort=cohort
        )

    def kept_seats(self) -> ApplicationQuerySet:
        """All drafts that took up an offer, with their cohort."""
        return (
            self.drafts()
            .filter(linked_from__isnull=False, respond_by__isnull=False)
            .select_related("cohort")
            .order_by("pk")
        )

    def keeping_a_seat(self, cohort: Cohort, now: datetime) -> ApplicationQuerySet:
        """Drafts that took up an offer and finish what this cohort asks on top."""
        today = now.astimezone(cohort.zone).date()
        return self.drafts().filter(cohort=cohort, linked_from__isnull=False, respond_by__gte=today)

    def missing_material(self) -> ApplicationQuerySet:
        return self.received().filter(missing_letters__gt=0)

    def open_offers(self) -> ApplicationQuerySet:
        """Offers that wait for their applicants, with their cohort."""
        return (
            self.filter(
                status=Status.RELEASED,
                outcome__in=[Outcome.ADMIT, Outcome.OFFER_OTHER],
                respond_by__isnull=False,
            )
            .select_related("cohort")
            .order_by("pk")
        )

    def drafts_closing_by(self, moment: datetime) -> ApplicationQuerySet:
        """Drafts with their cohort; those with more time by their own close. Who takes up an
        offer is reminded of that."""
        by_cohort = Q(extended_until=None, cohort__closes_at__lt=moment)
        return (
            self.drafts()
            .filter(by_cohort | Q(extended_until__lt=moment), linked_from=None)
            .select_related("cohort")
            .order_by("pk")
        )

    def asking_for_time(self) -> ApplicationQuerySet:
        return self.drafts().exclude(more_time_asked_at=None)

    def for_requests(self) -> ApplicationQuerySet:
        return self.select_related("cohort", "more_time_asked_by").order_by(
            "more_time_asked_at", "pk"
        )

    def with_more_time(self, now: datetime) -> ApplicationQuerySet:
        """Drafts whose own close is still to come."""
        return (
            self.drafts()
            .filter(extended_until__gt=now)
            .select_related("cohort")
            .order_by("extended_until", "pk")
        )

    def for_page(self) -> ApplicationQuerySet:
        """With all that an applicant's page needs, in one query."""
        return self.select_related(
            "cohort__program",
            "response__version",
            "revision__version",
            "organization",
            "offered_cohort__program",
            "linked_from__cohort",
            "lead",
        ).defer(
            "response__version__schema",
            "revision__version__schema",
            "offered_cohort__program__content",
        )

    def for_section(self) -> ApplicationQuerySet:
        """With what one page of questions needs; the form itself comes from memory."""
        return self.select_related("cohort", "response__version", "revision__version").defer(
            "response__version__schema", "revision__version__schema"
        )

    def with_role_of(self, person: User) -> ApplicationQuerySet:
        """Adds `own_role`: what this person may do in it, and `own_may_submit`; None for staff."""
        own = ApplicationPerson.objects.filter(
            application=OuterRef("pk"), user_id=person.pk, left_at=None
        )
        return self.annotate(
            own_role=Subquery(own.values("role")), own_may_submit=Subquery(own.values("can_submit"))
        )

    def of_organization(self, organization_pk: int) -> ApplicationQuerySet:
        """An organization's way through the cohorts, newest first."""
        return (
            self.received()
            .filter(organization_id=organization_pk)
            .select_related("cohort")
            .order_by("-submitted_at", "-pk")
        )

    def for_waitlist(self) -> ApplicationQuerySet:
        return self.select_related("organization", "lead").defer("feedback", "question")

    def for_mine(self) -> ApplicationQuerySet:
        return self.select_related("cohort").order_by("-started_at", "-pk")

    def for_export(self) -> ApplicationQuerySet:
        """Everything a row of the file holds: no answers."""
        return self.select_related("organization", "lead").only(*LISTED, "organization__name")

    def for_list(self) -> ApplicationQuerySet:
        """Everything a row of the staff list shows, in one query."""
        letters = Letter.objects.filter(application=OuterRef("pk"), required=True).order_by()
        missing = letters.incomplete().values("application")
        return (
            self.select_related("organization", "lead")
            .only(*LISTED)
            .annotate(
                letters_missing=Case(
                    When(
                        missing_letters__gt=0,
                        then=Subquery(
                            missing.annotate(
                                letters=JSONBAgg(
                                    JSONObject(label="label", state="state"), order_by=["position"]
                                )
                            ).values("letters")
                        ),
                    )
                ),
                # One of the application alone: EXISTS would be looked up in all letters at once.
                letter_to_check=Subquery(letters.to_check().values("pk")[:1]),
            )
        )


class Application(HostModel):
    """One organization's request to join one cohort."""

    cohort = models.ForeignKey(
        "collaboratives.Cohort", models.PROTECT, related_name="applications", editable=False
    )
    reference = models.CharField(max_length=20, editable=False)
    organization = models.ForeignKey(
        "collaboratives.Organization", models.PROTECT, null=True, related_name="applications"
    )
    organization_name = models.CharField(max_length=160)
    response = models.ForeignKey(
        "questionnaires.Response", models.PROTECT, related_name="+", editable=False
    )
    # Changes after the submission, until they are sent in their turn; `response` stays valid.
    revision = models.ForeignKey(
        "questionnaires.Response", models.PROTECT, null=True, related_name="+", editable=False
    )
    not_finished = ArrayField(  # sections that somebody wants to come back to
        models.CharField(max_length=60), default=list, editable=False
    )
    ties = ArrayField(  # addresses in it and their domains: whom it ties to it; see Tie
        models.CharField(max_length=254), default=list, editable=False
    )
    lead = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source, default=Source.WEB)
    emailed_at = models.DateTimeField(null=True, editable=False)  # when the email with it came
    progress = models.PositiveSmallIntegerField(default=0)  # of a draft, in percent
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, editable=False)
    feedback = models.TextField(blank=True, editable=False)
    offered_cohort = models.ForeignKey(
        "collaboratives.Cohort", models.PROTECT, null=True, related_name="+", editable=False
    )
    linked_from = models.ForeignKey(  # the application whose offer this one takes up
        "self", models.PROTECT, null=True, related_name="linked", editable=False
    )
    waitlist_place = models.PositiveIntegerField(null=True, editable=False)  # 1 is next
    started_at = models.DateTimeField(editable=False)
    started_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", editable=False
    )
    received_at = models.DateTimeField(null=True, editable=False)  # the decision clock starts
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    submission_begun_at = models.DateTimeField(null=True, editable=False)  # on the last day
    in_grace = models.BooleanField(default=False, editable=False)  # came in the silent grace
    extended_until = models.DateTimeField(null=True, editable=False)  # its own close
    extended_at = models.DateTimeField(null=True, editable=False)  # when it was given, last
    extensions = models.PositiveSmallIntegerField(default=0, editable=False)
    more_time_asked_at = models.DateTimeField(null=True, editable=False)
    more_time_asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    more_time_reason = models.TextField(blank=True, editable=False)
    signed_name = models.CharField(max_length=160, blank=True, editable=False)
    signed_title = models.CharField(max_length=160, blank=True, editable=False)
    question = models.TextField(blank=True, editable=False)  # what staff asked for last
    question_at = models.DateTimeField(null=True, editable=False)
    waited = models.DurationField(default=timedelta(0), editable=False)  # for answers, in all
    late_reason = models.TextField(blank=True, editable=False)  # why the promised day was missed
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    released_at = models.DateTimeField(null=True, editable=False)
    released_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    release_planned_at = models.DateTimeField(null=True, editable=False)
    release_planned_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    respond_by = models.DateField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    answer_reason = models.TextField(blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawn_from = models.CharField(max_length=20, choices=Status, blank=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)
    # How many required letters are not here. A trigger keeps it; what Django writes is ignored.
    missing_letters = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = HostManager.from_queryset(ApplicationQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "reference", name="application_reference_of_host"),
            models.UniqueConstraint("host", "response", name="one_application_per_response"),
            models.UniqueConstraint("host", "linked_from", name="one_application_per_offer"),
            models.CheckConstraint(
                name="application_submission_is_whole",
                condition=Q(
                    status__in=RECEIVED,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    received_at__isnull=False,
                )
                & ~Q(signed_name="")
                | Q(status=Status.DRAFT, submitted_at=None, submitted_by=None, received_at=None)
                | Q(status=Status.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="application_decision_is_whole",
                condition=Q(status__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(outcome="")
                | Q(status=Status.WITHDRAWN)
                | Q(status__in=OPEN | {Status.DRAFT}, decided_at=None, decided_by=None, outcome=""),
            ),
            models.CheckConstraint(
                name="application_release_is_whole",
                condition=Q(
                    status__in=RELEASED, released_at__isnull=False, released_by__isnull=False
                )
                | Q(status=Status.WITHDRAWN)
                | Q(
                    status__in=frozenset(Status) - RELEASED - {Status.WITHDRAWN},
                    released_at=None,
                    released_by=None,
                ),
            ),
            models.CheckConstraint(
                name="application_release_plan_is_whole",
                condition=Q(release_planned_at=None, release_planned_by=None)
                | Q(
                    status=Status.DECIDED,
                    release_planned_at__isnull=False,
                    release_planned_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="application_answer_is_whole",
                condition=Q(
                    status__in=ANSWERED, answered_at__isnull=False, answered_by__isnull=False
                )
                | Q(status__in=frozenset(Status) - ANSWERED, answered_at=None, answered_by=None),
            ),
            models.CheckConstraint(
                name="application_withdrawal_is_whole",
                condition=Q(
                    status=Status.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False
                )
                & ~Q(withdrawn_from="")
                | ~Q(status=Status.WITHDRAWN)
                & Q(withdrawn_at=None, withdrawn_by=None, withdrawn_from=""),
            ),
            models.CheckConstraint(
                name="application_seat_was_offered",
                condition=~Q(status=Status.OFFER_ACCEPTED)
                | Q(outcome__in=[Outcome.ADMIT, Outcome.OFFER_OTHER]),
            ),
            models.CheckConstraint(
                name="application_other_program_is_named",
                condition=Q(outcome=Outcome.OFFER_OTHER, offered_cohort__isnull=False)
                | ~Q(outcome=Outcome.OFFER_OTHER) & Q(offered_cohort=None),
            ),
            models.CheckConstraint(
                name="application_wish_for_time_is_whole",
                condition=Q(more_time_asked_at=None, more_time_asked_by=None)
                | Q(more_time_asked_at__isnull=False, more_time_asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="application_progress_is_percent", condition=Q(progress__lte=100)
            ),
        ]
        indexes = [
            models.Index(
                fields=["host", "cohort", "status", "-submitted_at", "id"],
                name="application_by_submission",
            ),
            models.Index(
                fields=["host", "cohort", "organization_name", "id"], name="application_by_name"
            ),
            models.Index(
                "host",
                "cohort",
                models.F("submitted_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="application_by_last_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.organization_name}"

    @property
    def turn(self) -> Turn:
        return whose_turn(self.status, self.outcome)

    @property
    def closes_at(self) -> datetime | None:
        """Its own close where staff gave it more time, else the cohort's, whichever is later;
        for one that takes up an offer, the end of that."""
        if self.status == Status.DRAFT and self.linked_from_id is not None:
            return self.last_moment_to_answer(self.cohort.zone)
        closes_at = self.cohort.closes_at
        if self.extended_until is None or closes_at is None:
            return closes_at
        return max(self.extended_until, closes_at)

    @property
    def working(self) -> Response:
        """The answers its people work on: what was sent, or the changes made since."""
        return self.revision or self.response

    @property
    def shown_status(self) -> str | Promise:
        """The state in the applicant's words."""
        return shown_to_applicant(self.status, self.outcome)

    @property
    def is_released(self) -> bool:
        return self.status in RELEASED

    def waiting(self, now: datetime) -> timedelta:
        """How long staff have now been waiting for an answer to their question."""
        if self.status != Status.INFO_ASKED or self.question_at is None:
            return timedelta(0)
        return now - self.question_at

    def last_moment_to_answer(self, zone: ZoneInfo) -> datetime | None:
        """The end of the day `respond_by` in the program's zone."""
        if self.respond_by is None:
            return None
        after = self.respond_by + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=zone)
