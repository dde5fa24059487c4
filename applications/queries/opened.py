"""An application as somebody of its people opens its form: read in one statement, so that a page
of the form costs the same however many work on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, NullIf

from accounts.models import User
from applications.models import Application, ApplicationPerson, TeamComment
from questionnaires.hands import together
from questionnaires.hands.together import JUST_NOW, Hand
from questionnaires.schema import Section
from tenancy.prepared import Given, Prepared


@dataclass(frozen=True)
class Opened:
    """application: with `own_role`, what the reader may do in it, and `own_may_submit`.
    people: all who work on it, the reader among them. comments: how many, by question."""

    application: Application
    reader: User
    people: list[Hand]
    comments: Counter[str]

    def typing(self, section: Section) -> dict[str, str]:
        """By question with a long text: who of the others changed it just now."""
        return together.held(section, self.application.changed or ())  # type: ignore[attr-defined]

    def others_here(self, section: str) -> list[dict[str, str]]:
        """Name and section of each of the others who are here, for the presence line. Tells
        them in turn which section the reader has open."""
        who, me = self.people, self.reader.pk
        return together.others_here(self.application, who, but=me, note=section)


def opened(reference: str, reader: User, now: datetime) -> Opened | None:
    """None for whoever does not work on it."""
    values = {"reference": reference, "reader": reader.pk, "since": now - JUST_NOW, "now": now}
    found = _OPENED(**values)
    if not found:
        return None
    (application,) = found
    own = next(one for one in application.people_here if one["pk"] == reader.pk)
    application.own_role, application.own_may_submit = own["role"], own["can_submit"]
    people = [Hand(one["pk"], one["name"]) for one in application.people_here]
    return Opened(application, reader, people, Counter(application.commented))


def _by_reference() -> QuerySet[Application]:
    reader = User(pk=Given("reader", BigIntegerField()))
    since, now = Given("since", DateTimeField()), Given("now", DateTimeField())
    people = ApplicationPerson.objects.present().filter(application=OuterRef("pk"))
    comments = TeamComment.objects.filter(application=OuterRef("pk"))
    answers = Coalesce(OuterRef("revision_id"), OuterRef("response_id"))
    changed = together.changed_lately(answers, but=reader.pk, since=since, now=now)
    saved_lately = Q(response__updated_at__gt=since) | Q(revision__updated_at__gt=since)
    person = JSONObject(
        pk="user_id",
        name=Coalesce(NullIf("user__name", Value("")), "user__email"),
        role="role",
        can_submit="can_submit",
    )
    return (
        Application.objects.visible_to(reader)
        .for_section()
        .filter(reference=Given("reference", CharField()))
        .annotate(
            people_here=ArraySubquery(people.order_by("added_at", "pk").values_list(person)),
            commented=ArraySubquery(comments.order_by("pk").values("field")),
            changed=Case(When(saved_lately, then=ArraySubquery(changed))),
        )
    )


_OPENED = Prepared(_by_reference)
