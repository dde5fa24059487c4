"""What leaves the team: who saw its numbers whole, what was given out masked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from collaboratives.models import Measure, NumbersSeen, Team, TeamMember
from collaboratives.queries.measures import MeasureTable, released
from tenancy import audit


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
