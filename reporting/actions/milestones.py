"""What a team says of the milestones of its program."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from collaboratives.models import Team
from reporting.models import MilestoneRating
from tenancy import audit


class RatedMeanwhile(Exception):
    """A colleague has rated this milestone since the page was opened."""

    def __init__(self, rating: MilestoneRating) -> None:
        super().__init__("rated meanwhile")
        self.rating = rating


@transaction.atomic
def rate_milestone(
    *, team: Team, code: str, reach: str, evidence: str, seen: str, now: datetime, by: User
) -> MilestoneRating:
    """Rate one milestone, or anew; the record keeps what was said before.

    seen: the moment of the rating that the page was opened with, "" for none. Raises
    RatedMeanwhile when there is a newer one that says something else.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    rating = MilestoneRating.objects.filter(team=team, code=code).for_list().first()
    before = None
    if rating is None:
        rating = MilestoneRating(host_id=team.host_id, team=team, code=code)
    else:
        if (rating.reach, rating.evidence) == (reach, evidence):
            return rating
        if moment(rating) != seen:
            raise RatedMeanwhile(rating)
        before = {"reach": rating.reach, "evidence": rating.evidence}
    rating.reach, rating.evidence = reach, evidence
    rating.rated_at, rating.rated_by = now, by
    rating.save()
    after = {"reach": reach, "evidence": evidence}
    audit.record("rated a milestone", rating, by=by, before=before, after=after)
    return rating


def moment(rating: MilestoneRating | None) -> str:
    """What a page carries of the rating that it showed."""
    return rating.rated_at.isoformat() if rating is not None else ""
