"""S3-05: the call of a small group is its teams' and its facilitator's alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Membership
from collaboratives.actions import team_care
from collaboratives.models import TeamGroup
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from sessions import actions, queries
from sessions.models import Invitee, Session
from sessions.states import Presence, Status
from tests.factories import MembershipFactory, UserFactory
from tests.factories.collaboratives import CohortFactory, TeamFactory, TeamMemberFactory
from tests.factories.sessions import SessionFactory

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_a_fixed_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cohort(in_host):
    return CohortFactory(host=in_host, slug="ln", program__blueprint_key="learning-network")


@pytest.fixture
def north(cohort):
    guide = UserFactory(name="Cora Lindqvist", email="cora@prairie.example")
    MembershipFactory(host=cohort.host, user=guide, roles=["coach"])
    return TeamGroup.objects.create(
        host=cohort.host, cohort=cohort, name="North", facilitator=guide
    )


def somebody(cohort, group, email):
    team = TeamFactory(host=cohort.host, cohort=cohort, group=group)
    return TeamMemberFactory(host=cohort.host, team=team, email=email)


def call(cohort, group=None, **fields):
    at = NOW + timedelta(hours=20)
    fields = {"starts_at": at, "ends_at": at + timedelta(hours=1), **fields}
    return SessionFactory(
        host=cohort.host, cohort=cohort, audience="subgroup", group=group, **fields
    )


def test_only_its_people_and_facilitator_are_invited_and_reminded(cohort, north):
    """S3-05."""
    somebody(cohort, north, "in@oak.example")
    somebody(cohort, None, "out@elm.example")
    session = actions.publish(session=call(cohort, north), by=UserFactory(), now=NOW)
    sent = OutboundMessage.objects.order_by("to")
    assert [(m.to, m.subject) for m in sent] == [
        ("cora@prairie.example", f"You facilitate {session.title} of North"),
        ("in@oak.example", f"Action needed: will you come to {session.title}?"),
    ]
    plan_reminders(now=NOW)
    reminded = sent.filter(template="sessions/reminder")
    assert [m.to for m in reminded] == ["cora@prairie.example", "in@oak.example"]
    actions.cancel(session=session, by=UserFactory(), now=NOW, reason="Storm")
    assert [m.to for m in sent.filter(template="sessions/cancelled")] == [
        "cora@prairie.example",
        "in@oak.example",
    ]


def test_who_no_longer_works_here_facilitates_nothing(cohort, north):
    """S3-05: the mail holds the link to join."""
    Membership.objects.update(ended_at=NOW)
    actions.publish(session=call(cohort, north), by=UserFactory(), now=NOW)
    plan_reminders(now=NOW)
    assert not OutboundMessage.objects.exists()


def test_calls_of_other_groups_do_not_count_against_a_team(cohort, north, coordinator, sign_in):
    """S3-05, on the board of the cohort."""
    south = TeamGroup.objects.create(host=cohort.host, cohort=cohort, name="South")
    for group in north, south:
        member = somebody(cohort, group, f"in@{group.name}.example")
        session = actions.publish(session=call(cohort, group), by=UserFactory(), now=NOW)
        invitee = session.invitees.get(member=member)
        actions.note_attendance(
            session=session, presence={invitee.pk: Presence.PRESENT}, by=coordinator, now=NOW
        )
    Session.objects.update(starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=2))
    board = reverse("program_sessions:board_numbers", args=["prairie", "ln"])
    page = sign_in(coordinator).get(board).content.decode()
    assert page.count("1 of 1") == 2 and "2 sessions so far" in page


def test_only_its_teams_see_it(cohort, north):
    """S3-05."""
    inside = somebody(cohort, north, "in@oak.example")
    outside = somebody(cohort, None, "out@elm.example")
    session = actions.publish(session=call(cohort, north), by=UserFactory(), now=NOW)
    assert queries.next_of_team(inside.team, now=NOW) == session
    assert queries.next_of_team(outside.team, now=NOW) is None
    assert queries.of_team(outside.team, user_id=outside.user_id, now=NOW) == []
    assert list(Session.objects.visible_to(inside.user)) == [session]
    assert list(Session.objects.visible_to(outside.user)) == []
    plan_reminders(now=NOW)
    assert not outside.invitations.exists()


def test_a_team_that_left_the_group_is_off_the_list_unless_it_came(cohort, north):
    """S3-05: attendance lists the teams of the group."""
    gone = somebody(cohort, north, "gone@oak.example")
    session = actions.publish(session=call(cohort, north), by=UserFactory(), now=NOW)
    gone.team.group = None
    gone.team.save()
    assert not session.invitees.of_its_group().exists()
    assert queries.to_remind(now=NOW, horizon=timedelta(days=2)) == []
    Invitee.objects.update(presence=Presence.PRESENT)
    assert [one.member for one in session.invitees.of_its_group()] == [gone]


def test_nobody_is_invited_before_the_group_is_chosen(cohort, north, coordinator, sign_in):
    """S3-05: the database refuses a published call of nobody's group."""
    session = call(cohort)
    with pytest.raises(actions.GroupMissing):
        actions.publish(session=session, by=coordinator, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        call(cohort, published=True)
    staff, args = sign_in(coordinator), ["prairie", "ln", session.pk]
    page = reverse("program_sessions:staff_session", args=args)
    assert "Publish and invite" not in staff.get(page).content.decode()
    staff.post(reverse("program_sessions:choose_group", args=args), {"group": north.pk})
    found = staff.get(page).content.decode()
    assert "Publish and invite" in found and "North, with Cora Lindqvist" in found
    actions.publish(session=session, by=coordinator, now=NOW)
    staff.post(reverse("program_sessions:choose_group", args=args), {"group": north.pk})
    assert "can&#x27;t change any more" in staff.get(page).content.decode()


def test_the_form_asks_which_group_meets(cohort, north, coordinator, sign_in):
    """S3-05: and takes none of another cohort, nor one for everybody."""
    other = TeamGroup.objects.create(
        host=cohort.host, cohort=CohortFactory(host=cohort.host), name="Elsewhere"
    )
    staff = sign_in(coordinator)
    add = reverse("program_sessions:add", args=["prairie", "ln"])
    sent = {
        "title": "We talk",
        "kind": "discussion_call",
        "day": "2027-01-21",
        "at": "12:00",
        "minutes": "60",
        "modality": "virtual",
        "audience": "subgroup",
    }
    assert "Choose the group that meets." in staff.post(add, sent).content.decode()
    assert staff.post(add, sent | {"group": other.pk}).status_code == 422
    assert staff.post(add, sent | {"group": north.pk}).status_code == 302
    assert staff.post(add, sent | {"audience": "everybody", "group": north.pk}).status_code == 302
    made = Session.objects.order_by("pk").values_list("audience", "group__name")
    assert list(made) == [("subgroup", "North"), ("everybody", None)]


def test_the_plan_has_a_call_for_each_group_and_the_public_sees_it_once(cohort, north):
    """S3-05."""
    TeamGroup.objects.create(host=cohort.host, cohort=cohort, name="South")
    planned = actions.plan_sessions(cohort=cohort, by=UserFactory())
    calls = [one for one in planned if one.audience == "subgroup"]
    assert [one.group.name for one in calls] == ["North", "South"] * 6
    assert len(queries.public_calendar(cohort)) == len(planned) - 6


def test_a_group_that_meets_is_not_removed(cohort, north):
    """S3-05: its sessions would be nobody's."""
    call(cohort, north, status=Status.PLANNED)
    with pytest.raises(team_care.GroupMeets):
        team_care.remove_group(group=north, by=UserFactory())
