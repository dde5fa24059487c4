"""S0-07: what a program asks for before its first session is said, and bars a yes if it must."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from collaboratives.queries.team_care import prework_words
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from messaging.sealing import unseal
from sessions import actions
from sessions.states import Answer
from tests.factories.collaboratives import CohortFactory, TeamMemberFactory, blueprint_content
from tests.factories.sessions import InviteeFactory, SessionFactory

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db
WARNS = "Your team has still to do this before the session: Finish the Progress Report."
BARS = "Your team has still to do this first: Finish the Progress Report. Then you can say yes."


@pytest.fixture(autouse=True)
def at_a_fixed_time():
    with time_machine.travel(NOW, tick=False):
        yield


def invited(host, policy, number=1):
    content = blueprint_content("progress-report-ian")
    content["prework"]["policy"] = policy
    cohort = CohortFactory(host=host, program__content=content)
    at = NOW + timedelta(hours=20)
    session = SessionFactory(
        host=host,
        cohort=cohort,
        number=number,
        published=True,
        starts_at=at,
        ends_at=at + timedelta(hours=1),
    )
    member = TeamMemberFactory(host=host, team__cohort=cohort)
    return InviteeFactory(host=host, session=session, member=member)


def reminder():
    plan_reminders(now=NOW)
    message = OutboundMessage.objects.get(template="sessions/reminder")
    return " ".join(unseal(message.body).text.split())


def page_of(invitee, sign_in):
    page = reverse("program_sessions:for_team", args=["prairie", invitee.member.team.slug])
    return sign_in(invitee.member.user).get(page).content.decode()


def test_a_program_that_warns_says_so_and_takes_the_yes(in_host, sign_in):
    """S0-07."""
    invitee = invited(in_host, "warn")
    assert WARNS in page_of(invitee, sign_in) and WARNS in reminder()
    assert prework_words(invitee.member.team) == "Before session 1."
    said = actions.answer(invitee=invitee, answer=Answer.YES, by="Robin", now=NOW)
    assert said.answer == "yes"


def test_a_program_that_bars_takes_no_yes_before_it_is_done(in_host, sign_in):
    """S0-07."""
    invitee = invited(in_host, "block")
    assert BARS in page_of(invitee, sign_in) and BARS in reminder()
    assert "nobody on the team can say yes" in prework_words(invitee.member.team)
    args = ["prairie", invitee.member.team.slug, invitee.pk]
    url = reverse("program_sessions:team_answer", args=args)
    told = sign_in(invitee.member.user).post(url, {"answer": "yes"}, follow=True)
    assert "First: Finish the Progress Report. Then your team can say yes." in (
        told.content.decode()
    )
    assert actions.answer(invitee=invitee, answer=Answer.NO, by="Robin", now=NOW).answer == "no"
    team = invitee.member.team
    team.prework_done_on = NOW.date()
    team.save()
    assert actions.answer(invitee=invitee, answer=Answer.YES, by="Robin", now=NOW).answer == "yes"


def test_other_sessions_ask_for_nothing(in_host, sign_in):
    """S0-07: only before the session that the program names."""
    invitee = invited(in_host, "block", number=2)
    assert BARS not in page_of(invitee, sign_in) and BARS not in reminder()
    actions.answer(invitee=invitee, answer=Answer.YES, by="Robin", now=NOW)
