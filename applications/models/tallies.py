"""How many applications of a cohort stand where, kept by the database itself."""

from __future__ import annotations

from django.db import models

from applications.states import Outcome, Status
from tenancy.models import HostModel


class Tally(HostModel):
    """So many applications more, or fewer, stand here. The sum of a cohort's rows is its numbers.

    Triggers add rows in the transaction that moves an application, and fold them when there are
    many. Rows are added, never counted up, so that two who move applications never wait for
    each other.
    """

    # No key in the database: its check would wait for whoever locks the cohort to count seats.
    cohort = models.ForeignKey(
        "collaboratives.Cohort", models.CASCADE, related_name="+", db_constraint=False
    )
    status = models.CharField(max_length=20, choices=Status)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    received = models.BooleanField()
    missing = models.BooleanField()  # a required letter is not here
    change = models.IntegerField()

    class Meta(HostModel.Meta):
        indexes = [models.Index(fields=["host", "cohort"], name="tallies_of_cohort")]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.status}: {self.change:+}"
