"""Scores and words of one reader on one application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.locking import lock
from applications.actions.refusals import Refused
from applications.models import Application, Redaction, Review, Score
from applications.queries.reviews import TEXTS, latest_version
from applications.states import OPEN, machine
from collaboratives.blueprints.schema import Reviewing
from tenancy import audit


@dataclass(frozen=True)
class Given:
    """What was posted for one criterion, or as `text` for the comment and the private note."""

    value: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Clash:
    """The reader changed the same thing in another window."""

    field: str
    theirs: str
    revision: int


@dataclass(frozen=True)
class SavedReview:
    review: Review
    revisions: Mapping[str, int]
    clashes: tuple[Clash, ...]


@transaction.atomic
def save_review(
    *,
    application: Application,
    given: Mapping[str, Given],
    bases: Mapping[str, int] | None = None,
    by: User,
    now: datetime,
) -> SavedReview:
    """Keep what was scored and typed; only finishing checks that all is there.

    The same again changes nothing. What another window of the same reader changed meanwhile is
    not overwritten: it comes back as a clash. Raises Refused once the application is decided.
    """
    application = lock(application)
    reviewing = _open_for_review(application)
    review = _review(application, by, now)
    scores = {one.criterion: one for one in review.scores.all()}
    clashes = []
    for code, new in given.items():
        if code not in TEXTS and code not in {one.code for one in reviewing.rubric}:
            continue
        old = _now(review, scores, code)
        new = Given(_within(new.value, reviewing), new.text.strip()[:5000])
        if new == old:
            continue
        revision = review.revisions.get(code, 0)
        if bases is not None and code in bases and bases[code] != revision:
            clashes.append(Clash(code, _in_words(old), revision))
            continue
        _put(review, scores, code, new)
        review.revisions[code] = revision + 1
        if review.finished_at is not None and old.value != new.value:
            _record_change(application, code, old, new, by)
    review.saved_at = now
    review.save()
    return SavedReview(
        review, {code: review.revisions.get(code, 0) for code in given}, tuple(clashes)
    )


@transaction.atomic
def finish_review(*, application: Application, by: User, now: datetime) -> Review:
    """Say that one has read and scored it all. Raises Refused while a score is missing."""
    application = lock(application)
    reviewing = _open_for_review(application)
    review = _review(application, by, now)
    scored = {one.criterion for one in review.scores.all() if one.value is not None}
    missing = [str(one.text) for one in reviewing.rubric if one.code not in scored]
    if missing:
        raise Refused(_("Still to score: %(names)s.") % {"names": "; ".join(missing)})
    review.finished_at, review.saved_at = now, now
    review.read_version = latest_version(application)
    review.save()
    audit.record("finished a review", application, by=by)
    return review


@transaction.atomic
def confirm_read(*, application: Application, by: User, now: datetime) -> Review:
    """What changed since was read, and the scores still stand."""
    application = lock(application)
    _open_for_review(application)
    review = _review(application, by, now)
    review.read_version = latest_version(application)
    review.save()
    audit.record("read what changed", application, by=by)
    return review


@transaction.atomic
def black_out(*, application: Application, words: str, by: User, now: datetime) -> Redaction:
    """Hide words that show who somebody is from readers without names."""
    application, words = lock(application), " ".join(words.split())
    if len(words) < 2:
        raise Refused(_("Write the words to hide."))
    made, new = Redaction.objects.get_or_create(
        application=application,
        words=words,
        defaults={"host_id": application.host_id, "made_at": now, "made_by": by},
    )
    if new:
        audit.record("blacked out words", application, by=by)
    return made


@transaction.atomic
def show_again(*, redaction: Redaction, by: User) -> None:
    audit.record("showed words again", redaction.application, by=by)
    redaction.delete()


def _open_for_review(application: Application) -> Reviewing:
    reviewing = application.cohort.program.blueprint.reviewing
    if reviewing is None:
        raise Refused(_("This program has no scores."))
    if application.status not in OPEN:
        raise Refused(_("This application is decided. Scores can't be changed any more."))
    return reviewing


def _review(application: Application, by: User, now: datetime) -> Review:
    """The reader's own, begun if it is not there; the row of the application is held."""
    review, begun = Review.objects.select_for_update(of=("self",)).get_or_create(
        application=application,
        reviewer=by,
        defaults={
            "host_id": application.host_id,
            "begun_at": now,
            "saved_at": now,
            "read_version": latest_version(application),
        },
    )
    if begun:
        before = application.status
        if machine.allows("begin_review", before):
            application.status = machine.target("begin_review", before)
            application.save(update_fields=["status"])
        after = {"status": application.status}
        audit.record("began a review", application, by=by, before={"status": before}, after=after)
    return review


def _now(review: Review, scores: Mapping[str, Score], code: str) -> Given:
    if code in TEXTS:
        return Given(None, getattr(review, code))
    score = scores.get(code)
    return Given(score.value, score.note) if score else Given()


def _put(review: Review, scores: dict[str, Score], code: str, new: Given) -> None:
    if code in TEXTS:
        setattr(review, code, new.text)
        return
    score = scores.get(code)
    if score is None:
        score = scores[code] = Score(host_id=review.host_id, review=review, criterion=code)
    score.value, score.note = new.value, new.text
    score.save()


def _within(value: int | None, reviewing: Reviewing) -> int | None:
    return value if value is not None and 1 <= value <= reviewing.highest else None


def _in_words(given: Given) -> str:
    return "\n".join(part for part in (str(given.value or ""), given.text) if part)


def _record_change(application: Application, code: str, old: Given, new: Given, by: User) -> None:
    before: dict[str, Any] = {code: old.value}
    audit.record("changed a score", application, by=by, before=before, after={code: new.value})
