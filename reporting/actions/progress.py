"""How far a team has come: its own word and its coach's, beside each other."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from reporting.models import ProgressScore, Report
from reporting.states import Side
from tenancy import audit


class ScoredMeanwhile(Exception):
    """A colleague of the same side has scored since the page was opened."""

    def __init__(self, score: ProgressScore) -> None:
        super().__init__("scored meanwhile")
        self.score = score


@transaction.atomic
def score_progress(
    *,
    report: Report,
    side: Side,
    level: Decimal,
    evidence: str,
    suggested: Decimal,
    seen: str,
    now: datetime,
    by: User,
) -> ProgressScore:
    """Give this side's score, or another one; the record keeps what it was.

    seen: the moment of the score that the page was opened with, "" for none. Raises
    ScoredMeanwhile when there is a newer one that says something else.
    """
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    score = ProgressScore.objects.filter(report=report, side=side).for_list().first()
    before = None
    if score is None:
        score = ProgressScore(host_id=report.host_id, report=report, side=side)
    else:
        if (score.level, score.evidence) == (level, evidence):
            return score
        if stamp(score) != seen:
            raise ScoredMeanwhile(score)
        before = {"level": f"{score.level}", "evidence": score.evidence}
    score.level, score.evidence, score.suggested = level, evidence, suggested
    score.given_at, score.given_by = now, by
    score.save()
    after = {"level": f"{level}", "evidence": evidence}
    # At the score itself: the report's history would tell one side of the other's.
    audit.record("scored", score, by=by, before=before, after=after)
    return score


def stamp(score: ProgressScore | None) -> str:
    """What a page carries of the score that it showed."""
    return score.given_at.isoformat() if score is not None else ""
