"""A senior leader and the alternate say by link whether they take the part."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.urls import reverse

from collaboratives import actions
from collaboratives.models import TeamMember
from messaging.models import OutboundMessage
from messaging.sealing import unseal
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.collaboratives.test_enrolling import enroll
from tests.factories.collaboratives import (
    CohortFactory,
    ProgramFactory,
    TeamFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture
def team(in_host, host):
    return TeamFactory(host=host, cohort__leader_replies=True)


@pytest.fixture
def lead(team, host, applicant):
    return TeamMemberFactory(host=host, team=team, user=applicant)


@pytest.fixture
def leader(team, lead, host):
    return TeamMemberFactory(
        host=host,
        team=team,
        user=None,
        role="viewer",
        name="Elena Alvarez",
        email="elena@riverbend.example",
        leadership="senior_leader",
    )


def ask(member, by, now=NOW):
    """The address in the mail."""
    actions.ask_leader(member=member, by=by, now=now)
    mail = OutboundMessage.objects.filter(template="collaboratives/leader_asked").latest("pk")
    body = unseal(mail.body)
    line = next(one for one in body.text.splitlines() if "/r/leader/" in one)
    return urlsplit(line.split(": ")[-1]).path


def answer_of(member):
    member.refresh_from_db()
    return (bool(member.confirmed_at), bool(member.refused_at), member.refused_reason)


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_looking_changes_nothing_and_a_press_takes_the_part(  # S1-16
    at_now, client, leader, lead, applicant
):
    path = ask(leader, applicant)
    for _ in range(3):
        page = client.get(path, follow=True)
        client.head(path)
    assert b"What this asks of you" in page.content
    assert b"reply in writing" in page.content
    assert answer_of(leader) == (False, False, "")
    where = page.redirect_chain[-1][0]
    done = client.post(where, {"yes": "1"}, follow=True)
    assert b"You take the part." in done.content
    assert answer_of(leader) == (True, False, "")
    client.post(where, {"yes": "1"})
    told = OutboundMessage.objects.get(template="collaboratives/leader_answered")
    assert (told.to, told.subject) == (lead.email, "Elena Alvarez stands behind your team")


def test_not_me_tells_the_team_why(at_now, client, leader, lead, applicant):
    page = client.get(ask(leader, applicant), follow=True)
    client.post(page.redirect_chain[-1][0], {"no": "1", "reason": "Dr. Osei leads this."})
    assert answer_of(leader) == (False, True, "Dr. Osei leads this.")
    told = OutboundMessage.objects.get(template="collaboratives/leader_answered")
    assert told.subject.startswith("Action needed: ")
    event = AuditEvent.objects.about(leader.team).first()
    assert (event.verb, event.actor_name) == ("does not take the part", "Elena Alvarez (by link)")


def test_who_was_asked_again_has_one_open_link(at_now, client, leader, applicant):
    old, new = ask(leader, applicant), ask(leader, applicant, NOW + timedelta(minutes=1))
    assert client.get(old).status_code == 404
    assert client.get(new, follow=True).status_code == 200


def test_who_confirmed_is_not_asked_again(leader, applicant):
    ask(leader, applicant)
    actions.confirm_leadership(member=leader, now=NOW)
    actions.ask_leader(member=leader, by=applicant, now=NOW)
    assert OutboundMessage.objects.filter(template="collaboratives/leader_asked").count() == 1


def test_only_leaders_are_asked(lead, applicant):
    actions.ask_leader(member=lead, by=applicant, now=NOW)
    assert not OutboundMessage.objects.exists()


@pytest.mark.parametrize(
    ("key", "asked"), [("learning-and-action-network", 2), ("progress-report-ian", 0)]
)
def test_a_new_team_asks_its_leaders_where_the_program_needs_them(  # S1-16
    in_host, host, applicant, key, asked
):
    cohort = CohortFactory(host=host, program=ProgramFactory(host=host, blueprint_key=key))
    enroll(cohort, applicant)
    mails = OutboundMessage.objects.filter(template="collaboratives/leader_asked")
    assert mails.count() == asked
    assert TeamMember.objects.filter(asked_at__isnull=False).count() == asked


def test_the_teams_lead_asks_on_the_page(at_now, host, leader, lead, applicant, sign_in):
    person = sign_in(applicant, second_factor=False)
    members = reverse("collaboratives:members", args=[host.slug, leader.team.slug])
    assert b"Ask to confirm" in person.get(members).content
    url = reverse("collaboratives:ask_leader", args=[host.slug, leader.team.slug, leader.pk])
    said = person.post(url, follow=True)
    assert b"We asked Elena Alvarez by email." in said.content
    assert b"Ask again" in said.content


def test_a_link_of_another_host_opens_nothing_here(at_now, client, leader, applicant, other_host):
    path = ask(leader, applicant)
    with open_host(other_host.pk):
        assert not TeamMember.objects.exists()
    assert client.get(path, follow=True).status_code == 200
