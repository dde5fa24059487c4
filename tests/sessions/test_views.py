"""What people see of sessions, and who does not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from messaging.models import OutboundMessage
from messaging.sealing import unseal
from sessions import actions
from sessions.models import Invitee, Session
from tenancy import links
from tenancy.active import open_host
from tests.factories.collaboratives import CohortFactory, TeamMemberFactory
from tests.factories.sessions import InviteeFactory, SessionFactory

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_a_fixed_time():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, *args):
    return reverse(f"program_sessions:{name}", args=args)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_staff_list_costs_the_same_for_any_length(
    rows, host, coordinator, sign_in, django_assert_num_queries
):
    cohort = CohortFactory(host=host)
    for _ in range(rows):
        SessionFactory(host=host, cohort=cohort, published=True)
    client = sign_in(coordinator)
    # login session, user, host, membership, cohort, count, rows; savepoint, set, reset, release
    with django_assert_num_queries(11):
        page = client.get(url("staff_list", host.slug, cohort.slug))
    assert page.content.count(b'id="session-') == rows


def test_a_coordinator_plans_publishes_and_moves(host, coordinator, sign_in):
    cohort = CohortFactory(host=host)
    member = TeamMemberFactory(host=host, team__cohort=cohort)
    client = sign_in(coordinator)
    client.post(url("plan", host.slug, cohort.slug))
    with open_host(host.pk):
        session = Session.objects.order_by("starts_at").first()
    client.post(url("publish", host.slug, cohort.slug, session.pk))
    page = client.get(url("staff_session", host.slug, cohort.slug, session.pk)).content.decode()
    assert member.name in page
    assert "Published" in page
    form = {"day": "2027-01-21", "at": "12:00", "minutes": "60", "reason": "Holiday"}
    moved = client.post(url("move", host.slug, cohort.slug, session.pk), form, follow=True)
    assert "January 21" in moved.content.decode()
    with open_host(host.pk):
        assert OutboundMessage.objects.filter(template="sessions/moved").count() == 1


def test_a_time_that_the_clocks_skip_is_refused(host, coordinator, sign_in):
    session = SessionFactory(host=host)
    form = {"day": "2027-03-14", "at": "02:30", "minutes": "60", "reason": ""}
    page = sign_in(coordinator).post(url("move", host.slug, session.cohort.slug, session.pk), form)
    assert page.status_code == 422
    assert "the clocks skip this time" in page.content.decode()


def test_an_analyst_looks_and_cannot_change(host, analyst, sign_in):
    session = SessionFactory(host=host)
    args = host.slug, session.cohort.slug, session.pk
    client = sign_in(analyst)
    assert client.get(url("staff_session", *args)).status_code == 200
    assert client.post(url("publish", *args)).status_code == 403
    assert client.get(url("move", *args)).status_code == 403


def test_a_stranger_finds_nothing(host, stranger, sign_in):
    session = SessionFactory(host=host, title="CANARY")
    args = host.slug, session.cohort.slug
    page = sign_in(stranger).get(url("staff_list", *args))
    assert (page.status_code, b"CANARY" in page.content) == (404, False)


def test_a_member_sees_the_teams_sessions_and_answers(host, sign_in):
    invitee = InviteeFactory(host=host, session__published=True, session__title="Find causes")
    SessionFactory(host=host, cohort=invitee.session.cohort, title="Still planned")
    team, client = invitee.member.team, sign_in(invitee.member.user)
    page = client.get(url("for_team", host.slug, team.slug)).content.decode()
    assert "Find causes" in page
    assert "Still planned" not in page
    client.post(url("team_answer", host.slug, team.slug, invitee.pk), {"answer": "maybe"})
    with open_host(host.pk):
        assert Invitee.objects.get().answer == "maybe"


def test_a_session_in_person_says_where(in_host, host, sign_in):  # S1-23
    member = TeamMemberFactory(host=host)
    planned = SessionFactory(
        host=host, cohort=member.team.cohort, modality="in_person", venue="Union Hall 2"
    )
    actions.publish(session=planned, now=NOW, by=member.user)
    mail = unseal(OutboundMessage.objects.get().body)
    assert "Union Hall 2" in mail.text and "Union Hall 2" in mail.html
    page = sign_in(member.user).get(url("for_team", host.slug, member.team.slug))
    assert "Union Hall 2" in page.content.decode()


def test_a_member_cannot_answer_for_a_colleague(host, sign_in):
    invitee = InviteeFactory(host=host, session__published=True)
    colleague = TeamMemberFactory(host=host, team=invitee.member.team, role="member")
    args = host.slug, invitee.member.team.slug, invitee.pk
    answer = sign_in(colleague.user).post(url("team_answer", *args), {"answer": "no"})
    assert answer.status_code == 404


def test_another_teams_calendar_is_not_found(host, sign_in):
    invitee = InviteeFactory(host=host, session__published=True)
    other = TeamMemberFactory(host=host)
    args = host.slug, invitee.member.team.slug
    assert sign_in(other.user).get(url("for_team", *args)).status_code == 404


def same_page(page, token):
    """The body without the form's seal and the address itself."""
    body = page.content.decode().replace(token, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)


class TestLink:
    def token(self, invitee):
        return links.issue(
            kind="rsvp", subject=invitee, expires_at=invitee.session.ends_at + timedelta(days=1)
        )

    def test_looking_changes_nothing_and_the_button_answers(self, host):
        invitee = InviteeFactory(host=host, session__published=True)
        address = reverse("sessions_links:rsvp", args=[self.token(invitee)])
        client = Client()
        scanner = Client(REMOTE_ADDR="203.0.113.9")
        for _ in range(10):
            assert scanner.head(address, follow=True).status_code == 200
            assert scanner.get(address, follow=True).status_code == 200
        with open_host(host.pk):
            assert Invitee.objects.get().answer == ""
        client.post(address, {"answer": "yes"})
        with open_host(host.pk):
            assert Invitee.objects.get().answer == "yes"
        page = client.get(address, follow=True)
        assert "Coming" in page.content.decode()
        assert page["Referrer-Policy"] == "same-origin"

    def test_a_token_of_another_kind_or_none_is_the_same_page(self, host):
        invitee = InviteeFactory(host=host, session__published=True)
        wrong = links.issue(kind="sign", subject=invitee, expires_at=NOW + timedelta(days=1))
        pages = [
            Client().get(reverse("sessions_links:rsvp", args=[token]))
            for token in (wrong, "unknown")
        ]
        assert [page.status_code for page in pages] == [404, 404]
        assert same_page(pages[0], wrong) == same_page(pages[1], "unknown")
