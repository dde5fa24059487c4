"""What readers scored, as each may see it: the rubric, others' scores, the calibration table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Max

from accounts.models import Membership, User
from applications.models import (
    Application,
    ApplicationQuerySet,
    Assignment,
    Declaration,
    Review,
    Submission,
)
from applications.queries.history import questions_changed_since
from applications.rules import may_see_others
from applications.scoring import Spread, by_criterion, leanings, overall, weighted
from applications.states import RECEIVED
from collaboratives.blueprints.schema import Reviewing
from collaboratives.models import Cohort
from questionnaires.queries import form_of
from questionnaires.rules import visible

PER_PAGE = 50
TEXTS = ("comment", "private_note")


def latest_version(application: Application) -> int:
    """The number of the submission that counts; 1 where none was written down."""
    sent = Submission.objects.filter(application=application)
    return sent.aggregate(last=Max("number"))["last"] or 1


def own_review(application: Application, person: User) -> Review | None:
    return Review.objects.of(application).filter(reviewer=person).for_list().first()


@dataclass(frozen=True)
class RubricRow:
    """One criterion as its reader scores it. choices: value, what it means, whether it is given.

    evidence: code and label of the questions to read for it.
    """

    code: str
    text: str
    weight: int
    choices: list[tuple[int, str, bool]]
    note: str
    revision: int
    evidence: list[tuple[str, str]]


def rubric_rows(
    application: Application, reviewing: Reviewing, review: Review | None
) -> list[RubricRow]:
    form = form_of(application.response.version)
    answers = application.response.answers
    shown = {one.code for fields in visible(form, answers).values() for one in fields}
    scores = {one.criterion: one for one in review.scores.all()} if review else {}
    rows = []
    for one in reviewing.rubric:
        score, anchors = scores.get(one.code), {a.score: str(a.text) for a in one.anchors}
        value = score.value if score else None
        rows.append(
            RubricRow(
                one.code,
                str(one.text),
                one.weight,
                [(n, anchors.get(n, ""), n == value) for n in range(1, reviewing.highest + 1)],
                score.note if score else "",
                review.revisions.get(one.code, 0) if review else 0,
                [(c, str(form.by_code[c].label)) for c in one.evidence if c in shown],
            )
        )
    return rows


@dataclass(frozen=True)
class Scoring:
    """The scores beside an application. others: None where the reader may not see them yet.

    changed: questions answered otherwise since the reader scored.
    """

    reviewing: Reviewing
    review: Review | None
    rows: list[RubricRow]
    mean: float | None
    texts: Mapping[str, str]
    text_revisions: Mapping[str, int]
    open: bool
    changed: list[tuple[str, str]]
    others: Others | None


@dataclass(frozen=True)
class Others:
    """What all readers said who count. columns: their reviews; table: by criterion."""

    reviews: list[Review]
    overall: Spread
    table: list[dict[str, Any]]


def scoring(
    application: Application, person: User, membership: Membership | None, *, is_open: bool
) -> Scoring | None:
    """None in a program without a rubric."""
    reviewing = application.cohort.program.blueprint.reviewing
    if reviewing is None:
        return None
    review = own_review(application, person)
    mine = scores_of(review) if review else {}
    see = may_see_others(
        membership,
        shown=application.cohort.reviews_shown or reviewing.others,
        is_reader=is_reader(application, person),
        finished=review is not None and review.finished_at is not None,
    )
    return Scoring(
        reviewing,
        review,
        rubric_rows(application, reviewing, review),
        weighted(mine, reviewing),
        {name: getattr(review, name) if review else "" for name in TEXTS},
        {name: review.revisions.get(name, 0) if review else 0 for name in TEXTS},
        is_open,
        questions_changed_since(application, review.read_version) if review else [],
        others(application, reviewing) if see else None,
    )


def is_reader(application: Application, person: User) -> bool:
    return Assignment.objects.filter(application=application, reviewer=person).exists()


def scores_of(review: Review) -> dict[str, int]:
    return {one.criterion: one.value for one in review.scores.all() if one.value is not None}


def counting(application: Application) -> list[Review]:
    """Reviews with a score, but for those of somebody with a conflict of interest or from whom
    the application was taken."""
    gone = Declaration.objects.conflicts().filter(application=application).values("person_id")
    found = Review.objects.of(application).exclude(reviewer__in=gone).for_list()
    return [one for one in found if scores_of(one)]


def others(application: Application, reviewing: Reviewing) -> Others:
    reviews = counting(application)
    given = [scores_of(one) for one in reviews]
    spreads = by_criterion(given, reviewing)
    notes = [{one.criterion: one.note for one in review.scores.all()} for review in reviews]
    table = [
        {
            "text": str(one.text),
            "spread": spreads[one.code],
            "cells": [
                {"value": scores.get(one.code), "note": said.get(one.code, "")}
                for scores, said in zip(given, notes, strict=True)
            ],
        }
        for one in reviewing.rubric
    ]
    return Others(reviews, overall(given, reviewing), table)


# --- calibration: readers × applications ---------------------------------------------------------


@dataclass(frozen=True)
class Calibration:
    """page: rows of {application, cells, spread}; readers: the columns, with their mean and how
    much higher or lower they score than others on the same applications."""

    page: Page[Any]
    readers: list[dict[str, Any]]
    reviewing: Reviewing
    far: int


def calibration(
    visible: ApplicationQuerySet,
    cohort: Cohort,
    *,
    person: User,
    membership: Membership | None,
    page: str | int,
) -> Calibration | None:
    """Those far apart first. Four queries for any number of applications and readers.

    Who may not see others' scores of an application yet sees their own alone.
    """
    reviewing = cohort.program.blueprint.reviewing
    if reviewing is None:
        return None
    applications = {
        one.pk: one
        for one in visible.filter(cohort=cohort, status__in=RECEIVED).order_by("reference", "pk")
    }
    table, people = _table(applications, reviewing)
    seen = _seen(table, cohort, person=person, membership=membership)
    rows = [_row(applications[pk], reviews, reviewing) for pk, reviews in seen.items()]
    rows.sort(key=lambda row: (not row["spread"].far, -row["spread"].apart, row["reference"]))
    columns = [pk for pk in people if any(pk in row["means"] for row in rows)]
    lean = leanings({row["reference"]: row["means"] for row in rows})
    readers = [
        {"person": people[pk], "mean": _mean_of(rows, pk), "leaning": lean.get(pk)}
        for pk in columns
    ]
    for row in rows:
        row["cells"] = [row["means"].get(pk) for pk in columns]
    return Calibration(
        Paginator(rows, PER_PAGE).get_page(page),
        readers,
        reviewing,
        sum(row["spread"].far for row in rows),
    )


def spreads_of(
    applications: Iterable[Application], cohort: Cohort, *, person: User, membership: Membership
) -> dict[int, Spread]:
    """The mean of each reader who counts, by application; only where the person may see scores.

    Four queries for any number of applications.
    """
    reviewing = cohort.program.blueprint.reviewing
    if reviewing is None:
        return {}
    table, _people = _table([one.pk for one in applications], reviewing)
    seen = _seen(table, cohort, person=person, membership=membership)
    return {
        pk: overall([scores_of(one) for one in reviews.values()], reviewing)
        for pk, reviews in seen.items()
    }


def _seen(
    table: Mapping[int, Mapping[int, Review]],
    cohort: Cohort,
    *,
    person: User,
    membership: Membership | None,
) -> dict[int, Mapping[int, Review]]:
    """By application, the reviews that the person may see: all, or their own alone."""
    reviewing = cohort.program.blueprint.reviewing
    assert reviewing is not None
    given = set(
        Assignment.objects.filter(reviewer=person, application__in=list(table))
        .order_by()
        .values_list("application", flat=True)
    )
    kept: dict[int, Mapping[int, Review]] = {}
    for pk, reviews in table.items():
        own = reviews.get(person.pk)
        see = may_see_others(
            membership,
            shown=cohort.reviews_shown or reviewing.others,
            is_reader=pk in given,
            finished=own is not None and own.finished_at is not None,
        )
        if see:
            kept[pk] = reviews
        elif own:
            kept[pk] = {person.pk: own}
    return kept


def _table(
    applications: Collection[int], reviewing: Reviewing
) -> tuple[dict[int, dict[int, Review]], dict[int, User]]:
    """By application and reader, the reviews that count; and the readers by name."""
    gone = set(Declaration.objects.conflicts().order_by().values_list("application", "person"))
    found: dict[int, dict[int, Review]] = {}
    people: dict[int, User] = {}
    for review in Review.objects.filter(application__in=list(applications)).for_list():
        if (review.application_id, review.reviewer_id) in gone or not scores_of(review):
            continue
        found.setdefault(review.application_id, {})[review.reviewer_id] = review
        people[review.reviewer_id] = review.reviewer
    return found, dict(sorted(people.items(), key=lambda one: (str(one[1]), one[0])))


def _row(
    application: Application, reviews: Mapping[int, Review], reviewing: Reviewing
) -> dict[str, Any]:
    given = {pk: scores_of(review) for pk, review in reviews.items()}
    return {
        "application": application,
        "reference": application.reference,
        "spread": overall(list(given.values()), reviewing),
        "means": {
            pk: value
            for pk, scores in given.items()
            if (value := weighted(scores, reviewing)) is not None
        },
    }


def _mean_of(rows: Sequence[Mapping[str, Any]], pk: int) -> float:
    values = [row["means"][pk] for row in rows if pk in row["means"]]
    return sum(values) / len(values)
