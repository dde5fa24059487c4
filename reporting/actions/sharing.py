"""Who may read a report or a tested change of a team."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from collaboratives.states import SharedWith
from reporting.actions.public import close_pages
from reporting.models import ChangeTested, Report
from reporting.queries.sharing import default_level
from reporting.rules import narrower
from tenancy import audit

Item = Report | ChangeTested


@transaction.atomic
def share(*, item: Item, level: SharedWith, now: datetime, by: User) -> Item:
    """The team says who reads it. Wider or narrower, the record tells which. What is not for
    everybody has no public page from this moment."""
    item = type(item).objects.select_for_update(of=("self",)).get(pk=item.pk)
    if level != item.shared_with:
        _write(item, level, by)
    if isinstance(item, ChangeTested) and level != SharedWith.PUBLIC:
        close_pages(change=item, now=now, by=by)
    return item


def settle_levels(*, report: Report, by: User) -> None:
    """What the team has not chosen is as the program says on this day, and stays so: for the
    report that is submitted now, and for the changes that go along with it, which are read by
    nobody who may not read the report."""
    default = default_level(report.team)
    if not report.shared_with:
        _write(report, default, by)
    going_along = ChangeTested.objects.filter(
        team=report.team, started_on__lte=report.period.ends_on, shared_with=""
    )
    for change in going_along.select_for_update(of=("self",)).order_by("pk"):
        _write(change, narrower(default, SharedWith(report.shared_with)), by)


def _write(item: Item, level: SharedWith, by: User) -> None:
    before = item.shared_with
    verb = "shared_wider" if level.is_wider_than(before) else "shared_narrower"
    item.shared_with = level
    item.save(update_fields=["shared_with"])
    audit.record(verb, item, by=by, before={"level": before}, after={"level": str(level)})
