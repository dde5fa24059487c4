"""Who works on an application, who is invited, who is there now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from accounts.models import User
from applications.models import Application, ApplicationPerson, PersonInvitation
from applications.queries.history import answer_changes
from messaging.queries import undelivered_to
from questionnaires.queries import form_of


def owners_of(people: Iterable[ApplicationPerson]) -> dict[str, int]:
    """By section code, the row of the person who looks after it."""
    return {code: one.pk for one in people for code in one.sections}


@dataclass(frozen=True)
class Hand:
    """One person of the application. sections: titles of those they look after."""

    person: ApplicationPerson
    sections: list[str]
    last_change: datetime | None


@dataclass(frozen=True)
class Waiting:
    """One open invitation. over: its link has run out. bounced: the mail did not arrive."""

    invitation: PersonInvitation
    over: bool
    bounced: bool


def hands(application: Application) -> list[Hand]:
    form = form_of(application.response.version)
    titles = {section.code: str(section.title) for section in form.sections}
    last = dict(
        answer_changes(application)
        .order_by()
        .values_list("changed_by")
        .annotate(last=Max("changed_at"))
    )
    people = ApplicationPerson.objects.present().for_list().filter(application=application)
    return [
        Hand(one, [titles[c] for c in one.sections if c in titles], last.get(one.user_id))
        for one in people
    ]


def waiting(application: Application, now: datetime) -> list[Waiting]:
    found = list(PersonInvitation.objects.waiting().for_list().filter(application=application))
    bounced = undelivered_to(application, [one.email for one in found], "applications/invited")
    return [Waiting(one, one.expires_at <= now, one.email in bounced) for one in found]


def editors_by_application(applications: Sequence[Application]) -> list[tuple[Application, User]]:
    """Everybody to whom a mail about these goes, each with their application. One query."""
    people: dict[int, list[User]] = {}
    for hand in ApplicationPerson.objects.editing(applications):
        people.setdefault(hand.application_id, []).append(hand.user)
    return [(one, person) for one in applications for person in people.get(one.pk, [])]
