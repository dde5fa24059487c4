"""Who reads what: given by hand, or shared out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import emails
from applications.actions.locking import lock
from applications.actions.refusals import Refused
from applications.distribution import share_out as distribute
from applications.models import Application, Assignment, Expertise
from applications.queries.reviewers import hidden_pairs, readers_of_host, wanting
from collaboratives.models import Cohort
from tenancy import audit


@transaction.atomic
def assign(*, application: Application, reviewer: User, by: User, now: datetime) -> Assignment:
    """Let a reviewer read this application. Raises Refused for one with a conflict of interest."""
    if give(application=application, reviewer=reviewer, by=by, now=now):
        emails.reviews_assigned(application.cohort, reader=reviewer, count=1, at=now)
    return Assignment.objects.given_to(application, reviewer).get()


@transaction.atomic
def give(*, application: Application, reviewer: User, by: User, now: datetime) -> bool:
    """The same without a mail; False when they had it already."""
    application = lock(application)
    if Application.objects.hidden_from(reviewer).filter(pk=application.pk).exists():
        raise Refused(_("%(name)s has a conflict of interest.") % {"name": reviewer})
    return _give(application, reviewer, by, now)


@transaction.atomic
def unassign(*, application: Application, reviewer: User, by: User) -> None:
    """Take it from a reader. What they scored is kept, but doesn't count any more."""
    application = lock(application)
    gone, _rows = Assignment.objects.filter(application=application, reviewer=reviewer).delete()
    if gone:
        audit.record("took from a reviewer", application, by=by, before={"reviewer": str(reviewer)})


@transaction.atomic
def share_out(
    *,
    cohort: Cohort,
    applications: Sequence[Application],
    by_topic: bool = False,
    by: User,
    now: datetime,
) -> list[tuple[Application, User]]:
    """Give each of these as many readers as the program wants, evenly or by what readers know.

    Nobody with a conflict gets it. Each reader gets one mail, however many they are given.
    """
    found = list(
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cohort__host")
        .filter(pk__in=[one.pk for one in applications], cohort=cohort)
        .order_by("pk")
    )
    readers = readers_of_host(cohort)
    pairs = distribute(
        wanting(cohort, found),
        [one.as_reader for one in readers],
        hidden_pairs([one.person for one in readers], found),
        by_topic=by_topic,
    )
    known, people = {one.pk: one for one in found}, {one.person.pk: one.person for one in readers}
    given = [(known[application], people[reader]) for application, reader in pairs]
    counts: dict[int, int] = {}
    for application, reader in given:
        _give(application, reader, by, now)
        counts[reader.pk] = counts.get(reader.pk, 0) + 1
    for pk, count in counts.items():
        emails.reviews_assigned(cohort, reader=people[pk], count=count, at=now)
    return given


@transaction.atomic
def set_expertise(*, person: User, topics: Sequence[str], cohort: Cohort, by: User) -> Expertise:
    """What a reader knows well, in this host."""
    known, _made = Expertise.objects.update_or_create(
        person=person,
        defaults={"topics": sorted(set(topics))},
        create_defaults={"host_id": cohort.host_id, "topics": sorted(set(topics))},
    )
    audit.record("said what a reader knows", known, by=by, after={"topics": known.topics})
    return known


def _give(application: Application, reviewer: User, by: User, now: datetime) -> bool:
    _made, new = Assignment.objects.get_or_create(
        host_id=application.host_id,
        application=application,
        reviewer=reviewer,
        defaults={"assigned_at": now, "assigned_by": by},
    )
    if new:
        audit.record("assigned", application, by=by, after={"reviewer": str(reviewer)})
    return new
