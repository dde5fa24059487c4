"""Readers of a host: what each has to read, what they know, and what is hidden from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.roles import Permission
from applications.distribution import Reader, Wanting
from applications.models import (
    Application,
    ApplicationQuerySet,
    Assignment,
    Declaration,
    Expertise,
    Review,
)
from applications.states import OPEN, Stance
from collaboratives.models import Cohort
from collaboratives.states import OrganizationType
from questionnaires.queries import form_of

AREAS = "clinical_areas"  # the library's question


@dataclass(frozen=True)
class HostReader:
    """A member of staff who may review. given, finished: of this cohort; to_read: what is left
    in all cohorts."""

    person: User
    given: int
    finished: int
    to_read: int
    conflicts: int
    topics: tuple[str, ...]

    @property
    def as_reader(self) -> Reader:
        return Reader(self.person.pk, self.to_read, frozenset(self.topics))


def readers_of_host(cohort: Cohort) -> list[HostReader]:
    """Everybody whose role lets them review, by name. Five queries for any number of them."""
    members = [
        one
        for one in Membership.objects.present().for_list()
        if one.may(Permission.APPLICATION_REVIEW)
    ]
    people = [one.user for one in members]
    loads = _loads(cohort)
    finished = dict(
        Review.objects.finished()
        .filter(application__cohort=cohort)
        .order_by()
        .values_list("reviewer")
        .annotate(n=Count("pk"))
    )
    conflicts = dict(
        Declaration.objects.conflicts()
        .filter(application__cohort=cohort)
        .order_by()
        .values_list("person")
        .annotate(n=Count("pk"))
    )
    known = dict(Expertise.objects.order_by("pk").values_list("person", "topics"))
    return [
        HostReader(
            person,
            *loads.get(person.pk, (0, 0))[:1],
            finished.get(person.pk, 0),
            loads.get(person.pk, (0, 0))[1],
            conflicts.get(person.pk, 0),
            tuple(known.get(person.pk, ())),
        )
        for person in people
    ]


def _loads(cohort: Cohort) -> dict[int, tuple[int, int]]:
    """By reader: given in this cohort; and not finished, of open applications of all cohorts.

    What somebody may not read because of a declared conflict is no load.
    """
    said = Declaration.objects.conflicts().filter(
        application=OuterRef("application"), person=OuterRef("reviewer")
    )
    rows = (
        Assignment.objects.exclude(Exists(said))
        .order_by()
        .values("reviewer")
        .annotate(
            given=Count("pk", filter=Q(application__cohort=cohort)),
            open=Count("pk", filter=Q(application__status__in=OPEN)),
        )
        .values_list("reviewer", "given", "open")
    )
    done = dict(
        Review.objects.finished()
        .filter(application__status__in=OPEN)
        .order_by()
        .values_list("reviewer")
        .annotate(n=Count("pk"))
    )
    return {reader: (given, max(0, left - done.get(reader, 0))) for reader, given, left in rows}


def hidden_pairs(
    people: Sequence[User], applications: Iterable[Application]
) -> dict[int, set[int]]:
    """For each of these people, which of the applications they have a conflict with. One query."""
    pks = [one.pk for one in applications]
    found: dict[int, set[int]] = {}
    each = [
        Application.objects.hidden_from(person)
        .filter(pk__in=pks)
        .order_by()
        .annotate(person=Value(person.pk))
        .values_list("person", "pk")
        for person in people
    ]
    if not each or not pks:
        return found
    rows = each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]
    for person_pk, pk in rows:
        found.setdefault(person_pk, set()).add(pk)
    return found


def wanting(cohort: Cohort, applications: Sequence[Application]) -> list[Wanting]:
    """How many readers each of these lacks, whom it has, and what it is about. Two queries."""
    reviewing = cohort.program.blueprint.reviewing
    readers = reviewing.readers if reviewing else 1
    has: dict[int, set[int]] = {}
    given = Assignment.objects.filter(application__in=[one.pk for one in applications])
    for application_pk, reader_pk in given.order_by("pk").values_list("application", "reviewer"):
        has.setdefault(application_pk, set()).add(reader_pk)
    gone = _lost(applications)
    topics = _topics(applications)
    return [
        Wanting(
            one.pk,
            max(0, readers - len(has.get(one.pk, set()) - gone.get(one.pk, set()))),
            frozenset(has.get(one.pk, ())),
            topics.get(one.pk, frozenset()),
        )
        for one in applications
    ]


def _lost(applications: Sequence[Application]) -> dict[int, set[int]]:
    """Readers who declared a conflict: their place is to be filled again."""
    found: dict[int, set[int]] = {}
    said = Declaration.objects.conflicts().filter(application__in=[one.pk for one in applications])
    for application_pk, person_pk in said.order_by("pk").values_list("application", "person"):
        found.setdefault(application_pk, set()).add(person_pk)
    return found


def _topics(applications: Sequence[Application]) -> dict[int, frozenset[str]]:
    rows = Application.objects.filter(pk__in=[one.pk for one in applications]).order_by()
    return {
        pk: frozenset([*(areas if isinstance(areas, list) else ()), *([kind] if kind else ())])
        for pk, areas, kind in rows.values_list(
            "pk", f"response__answers__{AREAS}", "organization__type"
        )
    }


def topics_of(cohort: Cohort) -> list[tuple[str, str]]:
    """Code and name of what a reader may know: clinical areas of the form, kinds of places."""
    areas: list[tuple[str, str]] = []
    if cohort.application_form is not None:
        asked = form_of(cohort.application_form).by_code.get(AREAS)
        areas = [(one.code, str(one.label)) for one in asked.choices] if asked else []
    kinds = [(str(value), str(label)) for value, label in OrganizationType.choices]
    return [*areas, *kinds]


@dataclass(frozen=True)
class Row:
    """One open application on the page of readers. lacks: readers still to be found."""

    application: Application
    readers: list[dict[str, Any]]
    lacks: int


def open_rows(visible: ApplicationQuerySet, cohort: Cohort, *, most: int = 200) -> list[Row]:
    """Applications to be read, those that lack most readers first. Four queries."""
    found = list(
        visible.filter(cohort=cohort, status__in=OPEN)
        .select_related("organization")
        .defer("feedback", "question")
        .order_by("received_at", "pk")[:most]
    )
    lacking = {one.pk: one.lacks for one in wanting(cohort, found)}
    readers: dict[int, list[dict[str, Any]]] = {}
    states = _states(found)
    given = Assignment.objects.for_list().filter(application__in=[one.pk for one in found])
    for one in given:
        state = states.get((one.application_id, one.reviewer_id), "asked")
        readers.setdefault(one.application_id, []).append(
            {"person": one.reviewer, "state": state, "words": READER_WORDS[state]()}
        )
    rows = [Row(one, readers.get(one.pk, []), lacking[one.pk]) for one in found]
    return sorted(rows, key=lambda row: -row.lacks)


READER_WORDS = {
    "asked": lambda: _("not opened yet"),
    "clear": lambda: _("may read it"),
    "conflict": lambda: _("has a conflict"),
    "begun": lambda: _("has begun"),
    "finished": lambda: _("has finished"),
}


def _states(applications: Sequence[Application]) -> Mapping[tuple[int, int], str]:
    """By application and reader, how far they are."""
    pks = [one.pk for one in applications]
    found: dict[tuple[int, int], str] = {}
    said = Declaration.objects.filter(application__in=pks).order_by("pk")
    for application, person, stance in said.values_list("application", "person", "stance"):
        found[application, person] = str(stance)
    begun = Review.objects.filter(application__in=pks).order_by("pk")
    for application, person, finished in begun.values_list(
        "application", "reviewer", "finished_at"
    ):
        if found.get((application, person)) != Stance.CONFLICT:
            found[application, person] = "finished" if finished else "begun"
    return found


def next_to_read(visible: ApplicationQuerySet, cohort: Cohort, person: User) -> Application | None:
    """Of what the person may read in this cohort and has not finished, the one that fewest have
    finished; what was given to them goes first."""
    mine = Review.objects.finished().filter(reviewer=person).values("application_id")
    given = Assignment.objects.filter(reviewer=person, application=OuterRef("pk"))
    return (
        visible.filter(cohort=cohort, status__in=OPEN)
        .exclude(pk__in=mine)
        .annotate(
            read=Count("reviews", filter=Q(reviews__finished_at__isnull=False)),
            is_mine=Exists(given),
        )
        .order_by("-is_mine", "read", "received_at", "pk")
        .first()
    )
