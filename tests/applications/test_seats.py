"""An offered seat is taken, declined, or runs out; and never one too many."""

from datetime import UTC, datetime, timedelta

import pytest

from applications import actions
from applications.models import Application
from collaboratives.models import Team
from messaging.models import OutboundMessage
from questionnaires.queries import form_of
from tenancy.active import open_host
from tests.applications.conftest import NOW
from tests.applications.test_deciding import at_once
from tests.factories import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    OpenCohortFactory,
    complete_answers,
)
from tests.factories.collaboratives import TeamFactory
from workflow.machine import TransitionNotAllowed

pytestmark = pytest.mark.django_db


def offered(host, cohort, lead, **fields):
    answers = complete_answers(form_of(cohort.application_form))
    return ApplicationFactory(
        host=host, cohort=cohort, lead=lead, status="released", answers=answers, **fields
    )


def accept(application, by, now=NOW):
    return actions.accept_seat(application=application, by=by, now=now)


def test_a_seat_makes_the_team_from_the_application(in_host, host, cohort, applicant):
    application = offered(host, cohort, applicant)
    editor = ApplicationPersonFactory(host=host, application=application).user
    team = accept(application, applicant)
    application.refresh_from_db()
    assert (application.status, application.answered_by) == ("offer_accepted", applicant)
    assert team.application_reference == application.reference
    assert team.organization == application.organization
    leaders = set(team.members.exclude(leadership="").values_list("email", "leadership"))
    assert leaders == {("lucia@riverbend.example", "senior_leader")}
    leads = team.members.filter(role="lead").values_list("email", "user_id")
    assert list(leads) == [(applicant.email, applicant.pk)]
    assert team.members.get(email=editor.email).user_id == editor.pk
    assert team.members.get(email="marcus@riverbend.example").user_id is None
    mails = OutboundMessage.objects.filter(template="applications/seat_accepted")
    assert {mail.to for mail in mails} == {applicant.email, editor.email}


def test_a_seat_is_taken_once(in_host, host, cohort, applicant):
    application = offered(host, cohort, applicant)
    accept(application, applicant)
    with pytest.raises(TransitionNotAllowed):
        accept(application, applicant)
    assert Team.objects.count() == 1


def test_only_the_lead_answers(in_host, host, cohort, applicant):
    application = offered(host, cohort, applicant)
    editor = ApplicationPersonFactory(host=host, application=application).user
    for person in (editor, UserFactory()):
        with pytest.raises(actions.Refused):
            accept(application, person)
        with pytest.raises(actions.Refused):
            actions.decline_seat(application=application, by=person, now=NOW)


@pytest.mark.parametrize("outcome", ["waitlist", "decline"])
def test_there_is_no_seat_without_an_admission(in_host, host, cohort, applicant, outcome):
    application = offered(host, cohort, applicant, outcome=outcome)
    with pytest.raises(actions.Refused):
        accept(application, applicant)
    with pytest.raises(actions.Refused):
        actions.decline_seat(application=application, by=applicant, now=NOW)


def test_declining_keeps_the_reason(in_host, host, cohort, applicant):
    application = offered(host, cohort, applicant)
    done = actions.decline_seat(application=application, reason="No staff", by=applicant, now=NOW)
    assert (done.status, done.answer_reason) == ("offer_declined", "No staff")
    assert not Team.objects.exists()


def test_the_last_day_ends_in_the_programs_zone(in_host, host, cohort, applicant):
    application = offered(host, cohort, applicant)  # respond by December 4, Central
    midnight = datetime(2026, 12, 5, 6, tzinfo=UTC)
    with pytest.raises(actions.Closed):
        accept(application, applicant, midnight)
    early = midnight - timedelta(seconds=1)
    assert not actions.expire_offer(application=application, now=early)
    assert accept(application, applicant, midnight - timedelta(seconds=1))


def test_an_offer_runs_out_once_and_is_told(in_host, host, cohort, applicant):
    application = offered(host, cohort, applicant)
    midnight = datetime(2026, 12, 5, 6, tzinfo=UTC)
    assert actions.expire_offer(application=application, now=midnight)
    assert not actions.expire_offer(application=application, now=midnight)
    application.refresh_from_db()
    assert application.status == "offer_expired"
    assert OutboundMessage.objects.get().template == "applications/offer_expired"


def test_a_full_cohort_takes_no_more_and_keeps_the_application(in_host, host, applicant):  # S2-03
    cohort = OpenCohortFactory(host=host, capacity=2, seats_held=1)
    TeamFactory(host=host, cohort=cohort)
    application = offered(host, cohort, applicant)
    with pytest.raises(actions.Full):
        accept(application, applicant)
    application.refresh_from_db()
    assert application.status == "released"
    assert cohort.teams.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_teams_at_once_and_one_seat_left(host):
    with open_host(host.pk):
        cohort = OpenCohortFactory(host=host, capacity=1)
        both = [offered(host, cohort, UserFactory()) for _ in range(2)]
    results = at_once(
        host, *[lambda one=one: accept(Application(pk=one.pk), one.lead) for one in both]
    )
    assert sorted(type(one).__name__ for one in results) == ["Full", "Team"]
    with open_host(host.pk):
        assert Team.objects.count() == 1
        assert sorted(Application.objects.values_list("status", flat=True)) == [
            "offer_accepted",
            "released",
        ]
