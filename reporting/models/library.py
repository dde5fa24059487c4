"""What readers write beneath a shared change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reporting.models.reports import ChangeTested
from tenancy.models import HostManager, HostModel


class LibraryCommentQuerySet(models.QuerySet["LibraryComment"]):
    def standing(self) -> LibraryCommentQuerySet:
        return self.filter(removed_at=None)

    def for_page(self) -> LibraryCommentQuerySet:
        return (
            self.select_related("author").prefetch_related("mentions__person").order_by("at", "pk")
        )


class LibraryComment(HostModel):
    """A question or an answer beneath a tested change. Whoever may read the change reads it.

    A removed one stays as a row and is shown to nobody.
    """

    change = models.ForeignKey(ChangeTested, models.CASCADE, related_name="comments")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = HostManager.from_queryset(LibraryCommentQuerySet)()

    class Meta(HostModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="library_comment_removal_is_whole",
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["host", "change", "at"], name="library_comment_by_time")]

    def __str__(self) -> str:
        return f"{self.author}"


class Mention(HostModel):
    """Somebody whom a comment names, and who could read it when it was written."""

    comment = models.ForeignKey(LibraryComment, models.CASCADE, related_name="mentions")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta(HostModel.Meta):
        constraints = [
            models.UniqueConstraint("host", "comment", "person", name="mentioned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}"
