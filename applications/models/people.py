"""Who works on an application, who reads it, and what readers note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.states import InvitationState
from applications.states import PersonRole
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from accounts.models import User
    from applications.models.applications import Application


class ApplicationPersonQuerySet(models.QuerySet["ApplicationPerson"]):
    def present(self) -> ApplicationPersonQuerySet:
        return self.filter(left_at=None)

    def for_list(self) -> ApplicationPersonQuerySet:
        return self.select_related("user").order_by("added_at", "pk")

    def editors_of(self, application: Application) -> ApplicationPersonQuerySet:
        """Those who answer for it, the ones that our mails go to."""
        editors = self.present().for_list().filter(application=application)
        return editors.exclude(role=PersonRole.VIEWER)

    def editing(self, applications: Sequence[Application]) -> ApplicationPersonQuerySet:
        """The same of several."""
        pks = [one.pk for one in applications]
        return self.present().for_list().filter(application__in=pks).exclude(role=PersonRole.VIEWER)


class ApplicationPerson(HostModel):
    """Somebody who works on an application.

    sections: the codes of those they own: a hint and whom to remind, never a lock.
    can_submit: an editor whom the lead lets send it. typed_for_another: staff who enter what
    somebody sent by email; that is no conflict of interest.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="people"
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=PersonRole, default=PersonRole.EDITOR)
    can_submit = models.BooleanField(default=False)
    job = models.CharField(max_length=160, blank=True)  # their role at the organization
    sections = ArrayField(models.CharField(max_length=60), default=list)
    typed_for_another = models.BooleanField(default=False)
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


class PersonInvitationQuerySet(models.QuerySet["PersonInvitation"]):
    def waiting(self) -> PersonInvitationQuerySet:
        return self.filter(state=InvitationState.OPEN)

    def for_list(self) -> PersonInvitationQuerySet:
        return self.select_related("invited_by").order_by("sent_at", "pk")

    def for_link(self) -> PersonInvitationQuerySet:
        return self.waiting().select_related("application__cohort__host", "invited_by")


class PersonInvitation(HostModel):
    """An offer to work on an application, good once, for whoever can read mail at this address.

    Its link is a `tenancy.Link` of kind "join"; sending again closes the older one.
    """

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=PersonRole, default=PersonRole.EDITOR)
    takes_over = models.BooleanField(default=False)  # from staff, who entered it from an email
    language = models.CharField(max_length=2, blank=True)  # of the mail, where staff chose one
    state = models.CharField(
        max_length=10, choices=InvitationState, default=InvitationState.OPEN, editable=False
    )
    invited_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sends = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, editable=False, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = HostManager.from_queryset(PersonInvitationQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host",
                "application",
                "email",
                condition=Q(state=InvitationState.OPEN),
                name="one_open_invitation_to_application",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[PersonRole.EDITOR, PersonRole.VIEWER]),
                name="nobody_is_invited_as_lead",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=InvitationState.OPEN, accepted_at=None, accepted_by=None, revoked_at=None
                )
                | Q(
                    state=InvitationState.ACCEPTED,
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                    revoked_at=None,
                )
                | Q(
                    state=InvitationState.REVOKED,
                    accepted_at=None,
                    accepted_by=None,
                    revoked_at__isnull=False,
                ),
                name="person_invitation_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class TeamCommentQuerySet(models.QuerySet["TeamComment"]):
    def visible_to(self, person: User) -> TeamCommentQuerySet:
        """For those who work on the application, and for nobody else: no staff reads them."""
        own = ApplicationPerson.objects.filter(user_id=person.pk, left_at=None)
        return self.filter(application__in=own.values("application_id"))

    def for_list(self) -> TeamCommentQuerySet:
        return self.select_related("written_by").order_by("written_at", "pk")


class TeamComment(HostModel):
    """What people of an application say to each other about one question. Never for staff."""

    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="+")
    field = models.CharField(max_length=60)  # the code of the question
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(TeamCommentQuerySet)()

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "application", "field"], name="team_comments")]

    def __str__(self) -> str:
        return f"on {self.field} of {self.application_id}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def given_to(self, application: Application, person: User) -> AssignmentQuerySet:
        found = self.filter(application=application, reviewer=person)
        return found.select_related("assigned_by")

    def for_list(self) -> AssignmentQuerySet:
        return self.select_related("reviewer").order_by("assigned_at", "pk")


class Assignment(HostModel):
    """A reviewer may read this application."""

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="assignments"
    )
    reviewer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(AssignmentQuerySet)()

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

    application = models.ForeignKey(
        "applications.Application", models.CASCADE, related_name="notes"
    )
    criterion = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    objects = HostManager.from_queryset(NoteQuerySet)()

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "application"], name="notes_of_application")]

    def __str__(self) -> str:
        return self.text[:60]
