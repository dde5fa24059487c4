"""A tested change goes public: the lead says yes, then the host; either takes it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from collaboratives.states import SharedWith
from reporting import library_emails as emails
from reporting.models import ChangeTested, PublicPage
from reporting.queries.public import content_of
from reporting.states import PageState, page_machine
from tenancy import audit


@transaction.atomic
def ask_for_page(*, change: ChangeTested, now: datetime, by: User) -> PublicPage:
    """The lead's yes, to the words and numbers as they stand now. The host is asked by mail.

    One that waited is taken back; one that is open stays until the host has said yes to this.
    """
    ChangeTested.objects.select_for_update(of=("self",)).get(pk=change.pk)
    for waiting in PublicPage.objects.filter(change=change, state=PageState.ASKED):
        _move(waiting, "close", now=now, by=by)
    if change.shared_with != SharedWith.PUBLIC:
        before, change.shared_with = change.shared_with, SharedWith.PUBLIC
        change.save(update_fields=["shared_with"])
        after = {"level": "public"}
        audit.record("shared_wider", change, by=by, before={"level": before}, after=after)
    page = PublicPage.objects.create(
        host_id=change.host_id,
        change=change,
        content=content_of(change),
        asked_at=now,
        asked_by=by,
    )
    audit.record("asked_for_public_page", change, by=by)
    emails.page_asked(page)
    return page


@transaction.atomic
def allow_page(*, page: PublicPage, now: datetime, by: User) -> PublicPage:
    """The host's yes: everybody reads it from now on, in the place of an earlier one."""
    page = _locked(page)
    target = page_machine.target("allow", page.state)
    for earlier in PublicPage.objects.open().filter(change=page.change_id):
        _move(earlier, "close", now=now, by=by)
    page.state = target
    page.decided_at, page.decided_by = now, by
    page.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("allowed_public_page", page.change, by=by)
    emails.page_decided(page)
    return page


@transaction.atomic
def refuse_page(*, page: PublicPage, reason: str, now: datetime, by: User) -> PublicPage:
    page = _locked(page)
    page.reason = reason
    page = _move(page, "refuse", now=now, by=by, reason=reason)
    emails.page_decided(page)
    return page


@transaction.atomic
def close_page(*, page: PublicPage, reason: str, now: datetime, by: User) -> PublicPage:
    """Nobody outside reads it any more, from this moment. reason: from the host, to the team."""
    page = _locked(page)
    page.reason = reason
    page = _move(page, "close", now=now, by=by, reason=reason)
    if reason:
        emails.page_decided(page)
    return page


def close_pages(*, change: ChangeTested, now: datetime, by: User) -> None:
    """The team narrowed who reads the change."""
    for page in PublicPage.objects.standing().filter(change=change).select_for_update():
        _move(page, "close", now=now, by=by)


def _locked(page: PublicPage) -> PublicPage:
    ChangeTested.objects.select_for_update(of=("self",)).get(pk=page.change_id)
    return PublicPage.objects.select_related("change__team__cohort").get(pk=page.pk)


def _move(page: PublicPage, verb: str, *, now: datetime, by: User, reason: str = "") -> PublicPage:
    page.state = page_machine.target(verb, page.state)
    page.decided_at, page.decided_by = now, by
    page.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    audit.record(f"{verb}d_public_page", page.change, by=by, reason=reason)
    return page
