"""What is done to programs and cohorts."""

from collaboratives.models import Cohort


class CohortFull(Exception):
    """Every seat of the cohort has a team."""


def lock_cohort(*, cohort: Cohort) -> Cohort:
    """The cohort's row, locked until the transaction ends, so that seats are counted once."""
    return Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
