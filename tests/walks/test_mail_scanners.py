"""No link of any mail acts by being opened, however often and by whatever program."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session as LoginSession
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import User
from applications.actions import people
from tenancy import links
from tenancy.models import Host
from tests.charters.test_actions import proposed
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory, LetterFactory
from tests.factories.collaboratives import TeamMemberFactory
from tests.factories.sessions import InviteeFactory

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def staff_invitation(host: Host) -> Model:
    by = UserFactory()
    return accounts.invite(
        host_id=host.pk, email="new@work.example", roles=["coach"], language="en", now=NOW, by=by
    )


def colleague(host: Host) -> Model:
    application = ApplicationFactory(host=host)
    return people.invite_person(
        application=application,
        email="colleague@work.example",
        role="editor",
        by=application.lead,
        now=NOW,
    )


def member(host: Host, **fields: Any) -> Model:
    return TeamMemberFactory(host=host, user=None, email="mia@clinic.example", **fields)


def letter(host: Host) -> Model:
    fields = {"requested_name": "Ana Sol", "requested_from": "ana@x.example", "requested_at": NOW}
    return LetterFactory(host=host, state="requested", **fields)


# By kind of link: its page, and what it is about.
LINKS: dict[str, tuple[str, Callable[[Host], Model]]] = {
    "invite": ("accounts_links:invitation", staff_invitation),
    "member": ("collaboratives_links:invitation", lambda host: member(host, invited_at=NOW)),
    "leader": (
        "collaboratives_links:leader",
        lambda host: member(host, leadership="senior_leader", asked_at=NOW),
    ),
    "letter": ("applications_links:letter", letter),
    "join": ("applications_links:join", colleague),
    "rsvp": (
        "sessions_links:rsvp", lambda host: InviteeFactory(host=host, session__published=True)
    ),
    "sign": ("charters_links:sign", lambda host: proposed(host)[1]),
}  # fmt: skip


def everything() -> dict[str, Any]:
    """Each table of the database, but for the cookies' own."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model is LoginSession or not model._meta.managed:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t)) FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


@pytest.mark.parametrize("kind", LINKS)
def test_a_hundred_looks_change_nothing(kind: str, in_host: Host) -> None:
    """SECURITY T17: HEAD and GET, with and without a cookie from before."""
    name, about = LINKS[kind]
    token = links.issue(
        kind=kind, subject=about(in_host), expires_at=datetime.now(UTC) + timedelta(days=5)
    )
    address, scanner = reverse(name, args=[token]), Client()
    before = everything()
    for n in range(40):
        assert scanner.head(address).status_code == 302
        other = Client(REMOTE_ADDR=f"203.0.113.{n}")
        assert other.get(address, follow=True).status_code == 200
    inside = scanner.get(address).url
    for _ in range(20):
        assert scanner.get(inside).status_code == 200
    assert everything() == before


PRESSES = {
    "leader": {"yes": "1"},
    "rsvp": {"answer": "yes"},
    "sign": {"sign": "1", "typed_name": "Elena Alvarez"},
}


@pytest.mark.parametrize("kind", PRESSES)
def test_the_same_press_again_shows_the_receipt(kind: str, in_host: Host) -> None:
    name, about = LINKS[kind]
    token = links.issue(
        kind=kind, subject=about(in_host), expires_at=datetime.now(UTC) + timedelta(days=5)
    )
    person, untouched = Client(), everything()
    address = person.get(reverse(name, args=[token])).url
    first = person.post(address, PRESSES[kind], follow=True)
    pressed = everything()
    assert first.status_code == 200 and pressed != untouched
    for _ in range(3):
        again = person.post(address, PRESSES[kind], follow=True)
        assert again.status_code == 200 and b'name="typed_name"' not in again.content
    assert everything() == pressed


def test_who_has_joined_is_led_to_the_team(in_host: Host, applicant: User, sign_in: Any) -> None:
    """By the mail that invited them, pressed once more; anybody else finds nothing."""
    asked = TeamMemberFactory(host=in_host, user=None, email=applicant.email, invited_at=NOW)
    EmailAddress.objects.create(user=applicant, email=applicant.email, verified=True)
    token = links.issue(
        kind="member", subject=asked, expires_at=datetime.now(UTC) + timedelta(days=5)
    )
    client, name = sign_in(applicant), "collaboratives_links:invitation"
    address = client.get(reverse(name, args=[token])).url
    home = reverse("collaboratives:team_home", args=[in_host.slug, asked.team.slug])
    assert client.post(address).url == home
    stranger, joined = sign_in(UserFactory()), everything()
    assert client.post(address).url == client.get(address).url == home
    for other in (Client(), stranger):
        assert other.get(reverse(name, args=[token]), follow=True).status_code == 404
    assert everything() == joined
