"""What leaves the team: who saw its numbers whole, what was given out masked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from analytics.inequalities import NotApplicable
from collaboratives.models import Benchmark, Cohort, Measure, NumbersSeen, Team, TeamMember
from collaboratives.queries.cohort_measures import proposal
from collaboratives.queries.measures import MeasureTable, released
from tenancy import audit


class NotSafe(Exception):
    """The benchmark would tell of one organization; the message is the reason's code."""


@transaction.atomic
def release(*, table: MeasureTable, by: User | None = None, channel: str = "") -> MeasureTable:
    """Mask a whole table for giving out, audit the mask, and remember what it hid and showed.

    by, channel: who took it away as what, for the record; a report has a record of its own.
    """
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=table.measure_id)
    masked = released(table)
    kept = table.given_out.and_now(masked)
    if kept != measure.given_out:
        measure.given_out = kept
        measure.save(update_fields=["given_out"])
    if by is not None:
        audit.record("took_away", measure, by=by, after={"as": channel, "masked": True})
    return masked


def note_seen(*, team: Team, member: TeamMember, channel: str, now: datetime) -> None:
    """Record that this person saw the team's numbers whole; once a day and channel."""
    NumbersSeen.objects.bulk_create(
        [
            NumbersSeen(
                host_id=team.host_id,
                team=team,
                member=member,
                seen_on=now.astimezone(team.cohort.zone).date(),
                channel=channel,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def publish_benchmark(
    *, cohort: Cohort, slug: str, type_: str, now: datetime, by: User
) -> Benchmark:
    """Give out a pooled rate to the cohort's teams. Raises NotSafe.

    The cohort is locked, so that two pools can't be given out beside each other unseen.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    found = proposal(cohort, slug=slug, type_=type_)
    if isinstance(found.pool, NotApplicable):
        raise NotSafe(found.pool.reason)
    kept = Benchmark.objects.create(
        host_id=cohort.host_id,
        cohort=cohort,
        slug=slug,
        type=type_,
        first_month=found.first_month,
        last_month=found.last_month,
        numerator=found.pool.num,
        denominator=found.pool.den,
        members=found.members,
        published_at=now,
        published_by=by,
    )
    audit.record("gave_out_benchmark", cohort, by=by, after={"measure": slug})
    return kept
