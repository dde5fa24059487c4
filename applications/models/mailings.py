"""What staff write to the applicants they chose: words that are kept, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from applications.states import MailingState
from tenancy.models import HostManager, HostModel

if TYPE_CHECKING:
    from applications.models.applications import Application, ApplicationQuerySet
    from collaboratives.models import Cohort


class WordingQuerySet(models.QuerySet["Wording"]):
    def for_list(self) -> WordingQuerySet:
        return self.select_related("kept_by").order_by("name")


class Wording(HostModel):
    """A subject and a text under a name, for all staff of the host."""

    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    kept_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    objects = HostManager.from_queryset(WordingQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [models.UniqueConstraint("host", "name", name="wording_has_its_own_name")]

    def __str__(self) -> str:
        return self.name


class MailingQuerySet(models.QuerySet["Mailing"]):
    def planned(self) -> MailingQuerySet:
        return (
            self.filter(state=MailingState.PLANNED)
            .select_related("cohort")
            .order_by("send_at", "pk")
        )

    def known_by(self, visible: ApplicationQuerySet) -> MailingQuerySet:
        """Those to applications that a person may know of, with the number of these alone."""
        sent_to = Q(recipients__application__in=visible.order_by().values("pk"))
        return self.annotate(number=Count("recipients", filter=sent_to)).filter(number__gt=0)

    def to(self, application: Application) -> MailingQuerySet:
        given = Recipient.objects.filter(mailing=OuterRef("pk"), application=application)
        return self.filter(Exists(given))

    def of(self, cohort: Cohort) -> MailingQuerySet:
        """Newest first."""
        found = self.filter(cohort=cohort).select_related("written_by", "settled_by")
        return found.order_by("-written_at", "-pk")


class Mailing(HostModel):
    """One text to the applicants of some applications: sent at once, or planned for a moment.

    key: made with the page it was written on, so that the same page writes it once.
    """

    cohort = models.ForeignKey("collaboratives.Cohort", models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=MailingState, editable=False)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    send_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # when it was sent or taken back
    settled_by = models.ForeignKey(  # who took it back
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )
    mails = models.PositiveIntegerField(default=0)

    objects = HostManager.from_queryset(MailingQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "key", name="mailing_once_per_page"),
            models.CheckConstraint(
                name="mailing_state_is_whole",
                condition=Q(state=MailingState.PLANNED, settled_at=None, settled_by=None)
                | Q(state=MailingState.SENT, settled_at__isnull=False, settled_by=None)
                | Q(
                    state=MailingState.TAKEN_BACK,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["host", "send_at"],
                condition=Q(state=MailingState.PLANNED),
                name="mailing_planned",
            ),
            models.Index(fields=["host", "cohort", "-written_at"], name="mailing_newest"),
        ]

    def __str__(self) -> str:
        return self.subject


class Recipient(HostModel):
    """One application to whose people a mailing goes."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="recipients")
    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="+")

    objects = HostManager()

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint(
                "host", "mailing", "application", name="mailing_once_per_application"
            )
        ]
        indexes = [models.Index(fields=["host", "application"], name="mailings_of_application")]
