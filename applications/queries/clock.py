"""The decision clock of a cohort: what was promised by when, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from applications.models import Application, ApplicationQuerySet
from applications.queries.deadlines import decision_due
from applications.states import Status
from collaboratives.models import Cohort

AT_RISK = timedelta(days=5)
ORDER = ("overdue", "at_risk", "due", "paused", "no_promise")


@dataclass(frozen=True)
class Row:
    """One application without an answer. state: one of ORDER.

    complete_on: our own second clock, the day on which its last required letter had come in;
    None while one is missing.
    """

    application: Application
    state: str
    due: date | None
    complete_on: date | None
    decided: bool


@dataclass(frozen=True)
class Clock:
    rows: list[Row]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def overdue(self) -> int:
        return self.count("overdue")

    @property
    def at_risk(self) -> int:
        return self.count("at_risk")

    @property
    def paused(self) -> int:
        return self.count("paused")


def clock_of(visible: ApplicationQuerySet, cohort: Cohort, now: datetime) -> Clock:
    """Late ones first, then by the promised day."""
    decision, today = cohort.program.blueprint.decision, now.astimezone(cohort.zone).date()
    rows = []
    for application in visible.undecided(cohort):
        application.cohort = cohort
        due = decision_due(application, decision, now)
        state = _state(application, due, today)
        decided = application.status == Status.DECIDED
        rows.append(Row(application, state, due, _complete_on(application, cohort), decided))
    rows.sort(key=lambda row: (ORDER.index(row.state), row.due or date.max))
    return Clock(rows)


def _state(application: Application, due: date | None, today: date) -> str:
    if application.status == Status.INFO_ASKED:
        return "paused"
    if due is None:
        return "no_promise"
    if due < today:
        return "overdue"
    return "at_risk" if due - today <= AT_RISK else "due"


def _complete_on(application: Application, cohort: Cohort) -> date | None:
    needed = [letter for letter in application.letters.all() if letter.required]
    if not all(letter.is_complete for letter in needed):
        return None
    arrived = [letter.received_at for letter in needed if letter.received_at]
    moments = [moment for moment in [application.received_at, *arrived] if moment is not None]
    return max(moments).astimezone(cohort.zone).date() if moments else None
