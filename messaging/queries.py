"""Reads of mail for pages, of this room and of others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts import hidden
from accounts.models import User
from messaging import rules
from messaging.models import DeliveryAttempt, GlobalMessage, Message, OutboundMessage
from messaging.sealing import Body, Unreadable, unseal
from messaging.states import NOT_DELIVERED, OPEN, State
from tenancy.active import open_host
from tenancy.models import Host

PER_PAGE = 50
OUTBOX_PAGE = 500  # the demo's outbox shows no more than this


def about(thing: models.Model) -> models.QuerySet[OutboundMessage]:
    """The mails about one row, newest first, for `messaging/_mails.html`."""
    return OutboundMessage.objects.about(thing).defer("body")


def undelivered_to(thing: models.Model, addresses: Iterable[str], template: str) -> set[str]:
    """Of these addresses, those whose newest mail of this kind about a row did not arrive."""
    newest = (
        OutboundMessage.objects.about(thing)
        .filter(template=template, to__in=list(addresses))
        .order_by("to", "-created_at", "-pk")
        .distinct("to")
        .values_list("to", "state")
    )
    return {to for to, state in newest if state in NOT_DELIVERED}


@dataclass(frozen=True)
class View:
    """One tab of the list."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class MessageList:
    page: Page[OutboundMessage]
    views: list[View]
    chosen: str


def for_reader(person: User) -> Any:
    """Mail that this member of staff may see: none about what is hidden from them."""
    mails = OutboundMessage.objects.for_staff()
    return hidden.leave_out(mails, person, kind="about_type", pk="about_id")


def message_list(
    cohort_slug: str, *, reader: User, view: str, words: str, page: int | str
) -> MessageList:
    """One page of a cohort's mail and how many each tab holds: two queries and one count."""
    messages = for_reader(reader).of_cohort(cohort_slug)
    if words:
        messages = messages.matching(words)
    counts = messages.order_by().aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN)),
        sent=Count("pk", filter=Q(state=State.SENT)),
        problems=Count("pk", filter=Q(state__in=NOT_DELIVERED)),
        all=Count("pk"),
    )
    narrowed = {
        "waiting": messages.waiting,
        "sent": messages.sent,
        "problems": messages.not_delivered,
    }
    chosen = view if view in narrowed else "all"
    shown = narrowed[chosen]() if chosen in narrowed else messages
    labels = {
        "all": _("All"),
        "waiting": _("Waiting"),
        "sent": _("Sent"),
        "problems": _("Not delivered"),
    }
    return MessageList(
        page=Paginator(shown.defer("body"), PER_PAGE).get_page(page),
        views=[View(key, label, counts[key]) for key, label in labels.items()],
        chosen=chosen,
    )


@dataclass(frozen=True)
class Shown:
    """A mail as staff see it: private links blanked."""

    message: OutboundMessage
    text: str
    attachments: list[str]
    attempts: list[DeliveryAttempt]
    can_cancel: bool
    can_send_again: bool
    had_private_link: bool


def shown(message: OutboundMessage) -> Shown:
    body = _body(message)
    return Shown(
        message=message,
        text=body.blanked().text,
        attachments=[attachment.name for attachment in body.attachments],
        attempts=list(DeliveryAttempt.objects.filter(message=message).order_by("lease_no")),
        can_cancel=rules.can_cancel(message),
        can_send_again=rules.can_send_again(message),
        had_private_link=message.is_blanked,
    )


def _body(message: Message) -> Body:
    try:
        return unseal(message.body)
    except Unreadable:
        return Body(text=_("The key that sealed this mail is gone."))


@dataclass(frozen=True)
class Letter:
    """A mail as its reader gets it. For the demo's outbox only."""

    to: str
    subject: str
    text: str
    created_at: datetime


def everything_posted() -> list[Letter]:
    """The newest mail of all hosts and of none, links included. Demo mode only."""
    if not settings.DEMO_MODE:
        raise RuntimeError("the outbox of all hosts is shown in demo mode only")
    newest = sorted(_all_mail(), key=lambda m: (m.created_at, m.pk), reverse=True)
    return [Letter(m.to, m.subject, _body(m).text, m.created_at) for m in newest[:OUTBOX_PAGE]]


def _all_mail() -> Iterator[Message]:
    yield from GlobalMessage.objects.order_by("-created_at", "-pk")[:OUTBOX_PAGE]
    for host in Host.objects.order_by("slug"):
        with open_host(host.pk):
            yield from OutboundMessage.objects.order_by("-created_at", "-pk")[:OUTBOX_PAGE]
