"""Reads about programs and cohorts."""

from dataclasses import dataclass

from collaboratives.models import Cohort


@dataclass(frozen=True)
class Seats:
    """Seats of a cohort. capacity: None when it has no limit. held: kept back by staff.

    Offers that are still open are counted by the room that makes them.
    """

    capacity: int | None
    teams: int
    held: int

    @property
    def free(self) -> int | None:
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.teams - self.held)


def seats(cohort: Cohort) -> Seats:
    return Seats(
        capacity=cohort.capacity,
        teams=cohort.teams.filter(ended_at=None).count(),
        held=cohort.seats_held,
    )
