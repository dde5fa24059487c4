"""An application, the people on it, its letters, and what staff note about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Window
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import get_language

from accounts.roles import Permission
from applications.states import (
    ANSWERED,
    DECIDED,
    OPEN,
    RECEIVED,
    RELEASED,
    LetterState,
    Outcome,
    PersonRole,
    ReceivedHow,
    Source,
    Status,
    Turn,
    shown_to_applicant,
    whose_turn,
)
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import Membership, User


def in_words(label: Mapping[str, str]) -> str:
    """A label kept in each language, in the active one."""
    language = (get_language() or "en")[:2]
    return label.get(language) or label["en"]


UNDO_WITHDRAWAL = timedelta(days=14)


class Counter(HostModel):
    """The last number given to an application of a cohort; its row is locked to count on."""

    cohort = models.ForeignKey("collaboratives.Cohort", models.CASCADE, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "cohort", name="one_counter_per_cohort")]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.last}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, person: User, membership: Membership | None = None) -> ApplicationQuerySet:
        """A person's own; for staff who decide, all; for a reviewer, the assigned ones.

        That a draft exists is visible to staff; what is in it only through `readable_to`.
        """
        own = Q(
            pk__in=ApplicationPerson.objects.filter(user_id=person.pk, left_at=None).values(
                "application_id"
            )
        )
        if membership is not None and membership.may(Permission.APPLICATION_DECIDE):
            return self
        if membership is not None and membership.may(Permission.APPLICATION_VIEW):
            assigned = Assignment.objects.filter(reviewer_id=person.pk).values("application_id")
            return self.filter(own | Q(pk__in=assigned, received_at__isnull=False))
        return self.filter(own)

    def readable_to(
        self, person: User, membership: Membership | None = None
    ) -> ApplicationQuerySet:
        """Those whose answers and letters this person may read: for staff, once received."""
        own = ApplicationPerson.objects.filter(user_id=person.pk, left_at=None)
        return self.visible_to(person, membership).filter(
            Q(received_at__isnull=False) | Q(pk__in=own.values("application_id"))
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

    def missing_material(self) -> ApplicationQuerySet:
        waiting = Letter.objects.filter(required=True, state__in=MATERIAL_MISSING).values(
            "application_id"
        )
        return self.received().filter(pk__in=waiting)

    def overdue_offers(self, now: datetime) -> ApplicationQuerySet:
        """Offers whose last day has ended everywhere; the action asks the cohort's zone."""
        return self.filter(
            status=Status.RELEASED,
            outcome__in=[Outcome.ADMIT, Outcome.OFFER_OTHER],
            respond_by__lt=now.date() + timedelta(days=1),
        )

    def for_page(self) -> ApplicationQuerySet:
        """With all that an applicant's page needs, in one query."""
        return self.select_related(
            "cohort__program", "response__version", "organization", "offered_program", "lead"
        ).defer("response__version__schema", "offered_program__content")

    def for_section(self) -> ApplicationQuerySet:
        """With what one page of questions needs; the form itself comes from memory."""
        return self.select_related("cohort", "response__version").defer("response__version__schema")

    def with_role_of(self, person: User) -> ApplicationQuerySet:
        """Adds `own_role`: what this person may do in it; None for staff."""
        own = ApplicationPerson.objects.filter(
            application=OuterRef("pk"), user_id=person.pk, left_at=None
        )
        return self.annotate(own_role=Subquery(own.values("role")))

    def for_mine(self) -> ApplicationQuerySet:
        return self.select_related("cohort").order_by("-started_at", "-pk")

    def for_list(self) -> ApplicationQuerySet:
        """Everything a row of the staff list shows, and the number of all rows, in one query."""
        letters = Letter.objects.filter(application=OuterRef("pk"), required=True).order_by()
        missing = letters.filter(state__in=MATERIAL_MISSING).values("application")
        return (
            self.select_related("organization", "lead")
            .defer("feedback", "question", "withdrawn_reason", "answer_reason")
            .annotate(
                rows=Window(models.Count("*")),
                letters_missing=Subquery(
                    missing.annotate(
                        letters=JSONBAgg(
                            JSONObject(label="label", state="state"), order_by=["position"]
                        )
                    ).values("letters")
                ),
                has_letter_to_check=Exists(letters.filter(state=LetterState.RECEIVED)),
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
    lead = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source, default=Source.WEB)
    progress = models.PositiveSmallIntegerField(default=0)  # of a draft, in percent
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, editable=False)
    feedback = models.TextField(blank=True, editable=False)
    offered_program = models.ForeignKey(
        "collaboratives.Program", models.PROTECT, null=True, related_name="+", editable=False
    )
    started_at = models.DateTimeField(editable=False)
    started_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", editable=False
    )
    received_at = models.DateTimeField(null=True, editable=False)  # the decision clock starts
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    signed_name = models.CharField(max_length=160, blank=True, editable=False)
    signed_title = models.CharField(max_length=160, blank=True, editable=False)
    question = models.TextField(blank=True, editable=False)  # what staff asked for last
    question_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    released_at = models.DateTimeField(null=True, editable=False)
    released_by = models.ForeignKey(
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

    objects = HostManager.from_queryset(ApplicationQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "reference", name="application_reference_of_host"),
            models.UniqueConstraint("host", "response", name="one_application_per_response"),
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
                condition=Q(outcome=Outcome.OFFER_OTHER, offered_program__isnull=False)
                | ~Q(outcome=Outcome.OFFER_OTHER) & Q(offered_program=None),
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
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.organization_name}"

    @property
    def turn(self) -> Turn:
        return whose_turn(self.status, self.outcome)

    @property
    def shown_status(self) -> str | Promise:
        """The state in the applicant's words."""
        return shown_to_applicant(self.status, self.outcome)

    @property
    def is_released(self) -> bool:
        return self.status in RELEASED

    def last_moment_to_answer(self, zone: ZoneInfo) -> datetime | None:
        """The end of the day `respond_by` in the program's zone."""
        if self.respond_by is None:
            return None
        after = self.respond_by + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=zone)


class ApplicationPersonQuerySet(models.QuerySet["ApplicationPerson"]):
    def present(self) -> ApplicationPersonQuerySet:
        return self.filter(left_at=None)

    def for_list(self) -> ApplicationPersonQuerySet:
        return self.select_related("user").order_by("added_at", "pk")


class ApplicationPerson(HostModel):
    """Somebody who works on an application. sections: the codes of those they own."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="people")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=PersonRole, default=PersonRole.EDITOR)
    job = models.CharField(max_length=160, blank=True)  # their role at the organization
    sections = ArrayField(models.CharField(max_length=60), default=list)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)

    objects = HostManager.from_queryset(ApplicationPersonQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "application", "user", name="one_role_per_person_and_application"
            ),
            models.UniqueConstraint(
                "host",
                "application",
                condition=Q(role=PersonRole.LEAD, left_at=None),
                name="one_lead_per_application",
            ),
        ]
        indexes = [models.Index(fields=["host", "user"], name="application_people_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.application_id}"


MATERIAL_MISSING = [LetterState.MISSING, LetterState.REQUESTED, LetterState.RETURNED]


class LetterQuerySet(models.QuerySet["Letter"]):
    def for_list(self) -> LetterQuerySet:
        return self.select_related("file", "received_by", "judged_by").order_by("position", "pk")

    def for_link(self) -> LetterQuerySet:
        return self.select_related("application__cohort", "application__lead", "file")


class Letter(HostModel):
    """What one upload question of the form asks for. points: what staff found it covers."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="letters")
    field = models.CharField(max_length=60)  # the code of the question
    label = models.JSONField()  # what the question calls it, in each language
    slot = models.CharField(max_length=20)  # letter, evidence: what kind of file it takes
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=LetterState, default=LetterState.MISSING, editable=False
    )
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", editable=False
    )
    received_how = models.CharField(max_length=10, choices=ReceivedHow, blank=True, editable=False)
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    subject_line = models.CharField(max_length=300, blank=True)  # of the email it came with
    requested_from = models.EmailField(blank=True, editable=False)
    requested_at = models.DateTimeField(null=True, editable=False)
    points = ArrayField(models.CharField(max_length=60), default=list)
    judged_at = models.DateTimeField(null=True, editable=False)
    judged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    returned_reason = models.TextField(blank=True, editable=False)

    objects = HostManager.from_queryset(LetterQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "field", name="one_letter_per_question"),
            models.CheckConstraint(
                name="letter_file_fits_state",
                condition=Q(
                    state__in=[LetterState.RECEIVED, LetterState.ACCEPTED, LetterState.RETURNED],
                    file__isnull=False,
                    received_at__isnull=False,
                )
                & ~Q(received_how="")
                | Q(
                    state__in=[LetterState.MISSING, LetterState.REQUESTED],
                    file=None,
                    received_at=None,
                ),
            ),
            models.CheckConstraint(
                name="letter_judgement_is_whole",
                condition=Q(
                    state__in=[LetterState.ACCEPTED, LetterState.RETURNED],
                    judged_at__isnull=False,
                    judged_by__isnull=False,
                )
                | Q(
                    state__in=[LetterState.MISSING, LetterState.REQUESTED, LetterState.RECEIVED],
                    judged_at=None,
                    judged_by=None,
                ),
            ),
            models.CheckConstraint(
                name="letter_return_has_reason",
                condition=~Q(state=LetterState.RETURNED) | ~Q(returned_reason=""),
            ),
            models.CheckConstraint(
                name="letter_request_names_somebody",
                condition=~Q(state=LetterState.REQUESTED)
                | Q(requested_at__isnull=False) & ~Q(requested_from=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.application_id}"

    @property
    def name(self) -> str:
        return in_words(self.label)

    @property
    def is_here(self) -> bool:
        return self.state in (LetterState.RECEIVED, LetterState.ACCEPTED)


class Video(HostModel):
    """A team's video: a link to where it is."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="videos")
    field = models.CharField(max_length=60)  # the code of the question
    link = models.URLField(max_length=500)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "application", "field", name="one_video_per_question")
        ]

    def __str__(self) -> str:
        return self.link


class Assignment(HostModel):
    """A reviewer may read this application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "application", "reviewer", name="one_assignment_per_reviewer"
            )
        ]
        indexes = [models.Index(fields=["host", "reviewer"], name="assignments_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.reviewer_id} reads {self.application_id}"


class NoteQuerySet(models.QuerySet["Note"]):
    def for_list(self) -> NoteQuerySet:
        return self.select_related("written_by").order_by("-written_at", "-pk")


class Note(HostModel):
    """What a member of staff wrote about an application, for staff only.

    criterion: the code of the blueprint's criterion it is about; empty for the whole.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes")
    criterion = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(NoteQuerySet)()

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "application"], name="notes_of_application")]

    def __str__(self) -> str:
        return self.text[:60]
