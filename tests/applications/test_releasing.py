"""Decisions are read, then released together, now or later; and the promise is kept in view."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from applications import actions
from applications.queries.clock import clock_of
from applications.queries.deadlines import decision_due
from messaging.models import OutboundMessage
from messaging.reminders import plan_reminders
from tenancy.active import open_host
from tests.applications.conftest import NOW
from tests.factories import UserFactory
from tests.factories.applications import ApplicationFactory, LetterFactory, OpenCohortFactory

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 11, 24, 15, tzinfo=UTC)  # 9 in the morning in Chicago


def url(name, cohort, *more):
    return reverse(f"applications:{name}", args=["prairie", cohort.slug, *more])


@pytest.fixture
def pending(in_host, host, cohort):
    return [
        ApplicationFactory(
            host=host,
            cohort=cohort,
            status="decided",
            outcome=outcome,
            feedback="A clear aim.",
            organization_name=name,
        )
        for name, outcome in [("Amber Valley", "admit"), ("Birch Hill", "decline")]
    ]


def status_of(application):
    application.refresh_from_db()
    return application.status


def test_each_letter_is_read_before_anybody_is_told(pending, cohort, coordinator, sign_in, now):
    page = sign_in(coordinator).get(url("release", cohort)).content.decode()
    assert "Action needed: your place in Learning Network 2027" in page
    assert "Accept or decline the place by" in page
    assert page.count("A clear aim.") == 2
    assert not OutboundMessage.objects.exists()
    assert [status_of(one) for one in pending] == ["decided", "decided"]


def test_only_what_is_ticked_is_released(pending, host, cohort, coordinator, sign_in, now):
    foreign = ApplicationFactory(host=host, cohort=OpenCohortFactory(host=host), status="decided")
    staff = sign_in(coordinator)
    picks = [pending[0].reference, foreign.reference]
    shown = staff.post(url("release", cohort), {"pick": picks})  # from the list: to read first
    assert shown.status_code == 200
    assert status_of(pending[0]) == "decided"
    staff.post(url("release", cohort), {"pick": picks, "release": "now"})
    assert [status_of(one) for one in (*pending, foreign)] == ["released", "decided", "decided"]
    mail = OutboundMessage.objects.get()
    assert mail.to == pending[0].lead.email


def test_the_release_asks_again_who_it_is(pending, cohort, coordinator, sign_in):
    coordinator.set_password("a long and private one")
    coordinator.save()
    staff = sign_in(coordinator)
    session = staff.session
    records = [{"method": "mfa", "at": NOW.timestamp() - 3600}]
    session["account_authentication_methods"] = records
    session.save()
    answer = staff.post(url("release", cohort), {"pick": [pending[0].reference], "release": "now"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert status_of(pending[0]) == "decided"


@pytest.mark.django_db(transaction=True)
def test_a_planned_release_happens_at_its_moment(host, coordinator):
    with open_host(host.pk):
        one, two, three = (ApplicationFactory(host=host, status="decided") for _ in range(3))
        actions.plan_release(applications=[one, two, three], at=LATER, by=coordinator, now=NOW)
        actions.cancel_planned_release(application=two, by=coordinator)
        actions.decide(application=three, outcome="admit", by=coordinator, now=NOW)
    plan_reminders(now=LATER - timedelta(seconds=1))
    with open_host(host.pk):
        assert not OutboundMessage.objects.exists()
    plan_reminders(now=LATER)
    plan_reminders(now=LATER + timedelta(seconds=10))
    with open_host(host.pk):
        assert [status_of(one), status_of(two), status_of(three)] == [
            "released",
            "decided",
            "decided",
        ]
        assert (one.released_by, one.release_planned_at) == (coordinator, None)
        assert OutboundMessage.objects.count() == 1


def test_a_moment_is_chosen_in_the_programs_zone(pending, cohort, coordinator, sign_in, now):
    staff = sign_in(coordinator)
    data = {"pick": [pending[0].reference], "plan": "later"}
    refused = staff.post(url("release", cohort), {**data, "day": "", "time": "09:00"})
    assert refused.status_code == 422
    assert b"Enter the day." in refused.content
    past = {**data, "day": "2026-11-22", "time": "09:00"}
    said = staff.post(url("release", cohort), past, follow=True)
    assert b"still to come" in said.content
    staff.post(url("release", cohort), {**data, "day": "2026-11-24", "time": "09:00"})
    pending[0].refresh_from_db()
    assert pending[0].release_planned_at == LATER
    staff.post(url("cancel_planned", cohort, pending[0].reference))
    pending[0].refresh_from_db()
    assert pending[0].release_planned_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_release_page_costs_the_same_for_any_length(
    in_host, host, cohort, coordinator, sign_in, now, rows, django_assert_num_queries
):
    ApplicationFactory.create_batch(rows, host=host, cohort=cohort, status="decided")
    staff = sign_in(coordinator)
    staff.get(url("release", cohort))
    with django_assert_num_queries(9):
        page = staff.get(url("release", cohort))
    assert page.content.count(b'id="decision-') == rows


# --- the clock -----------------------------------------------------------------------------------


def test_thirty_days_from_the_receipt(in_host, host, cohort):  # S3-29
    application = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    decision = cohort.program.blueprint.decision
    assert (decision.rule, decision.days, decision.days_are) == ("days", 30, "calendar")
    assert decision_due(application, decision, NOW) == date(2026, 12, 10)


def test_the_clock_stands_still_while_we_wait_for_the_applicant(
    in_host, host, cohort, coordinator, applicant, now
):
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="submitted")
    decision = cohort.program.blueprint.decision
    asked = actions.ask(application=application, question="Which years?", by=coordinator, now=NOW)
    later = NOW + timedelta(days=3, hours=2)
    assert decision_due(asked, decision, later) == date(2026, 12, 14)
    answered = actions.answer(application=asked, by=applicant, now=later)
    assert answered.waited == timedelta(days=3, hours=2)
    assert decision_due(answered, decision, later + timedelta(days=9)) == date(2026, 12, 14)


def test_late_at_risk_and_waiting(in_host, host, cohort, coordinator):
    def received(days_ago, **fields):
        return ApplicationFactory(
            host=host,
            cohort=cohort,
            received_at=NOW - timedelta(days=days_ago),
            submitted_at=NOW - timedelta(days=days_ago),
            **fields,
        )

    late = received(40, status="in_review")
    soon = received(27, status="submitted")
    quiet = received(2, status="decided")
    paused = received(40, status="info_asked", question="?", question_at=NOW)
    received(50, status="released")
    LetterFactory(host=host, application=soon)
    LetterFactory(host=host, application=quiet, required=False)
    everything = type(late).objects.all()
    clock = clock_of(everything, cohort, NOW)
    assert [(row.application, row.state) for row in clock.rows] == [
        (late, "overdue"),
        (soon, "at_risk"),
        (quiet, "due"),
        (paused, "paused"),
    ]
    assert (clock.overdue, clock.at_risk, clock.paused) == (1, 1, 1)
    assert [row.complete_on for row in clock.rows][1:3] == [None, date(2026, 11, 20)]
    assert clock.rows[2].decided


def test_why_an_answer_is_late_is_kept(in_host, host, cohort, coordinator, sign_in, now):
    late = ApplicationFactory(
        host=host,
        cohort=cohort,
        status="in_review",
        received_at=NOW - timedelta(days=40),
        submitted_at=NOW - timedelta(days=40),
    )
    staff = sign_in(coordinator)
    assert b"1 late" in staff.get(url("clock", cohort)).content
    why = url("say_why_late", cohort, late.reference)
    assert staff.post(why, {"reason": ""}).status_code == 422
    staff.post(why, {"reason": "The board met a week later."})
    assert b"The board met a week later." in staff.get(url("clock", cohort)).content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_clock_costs_the_same_for_any_length(
    in_host, host, cohort, coordinator, sign_in, now, rows, django_assert_num_queries
):
    for _ in range(rows):
        LetterFactory(
            host=host,
            application=ApplicationFactory(
                host=host, cohort=cohort, status="submitted", lead=UserFactory()
            ),
        )
    staff = sign_in(coordinator)
    staff.get(url("clock", cohort))
    with django_assert_num_queries(11):
        page = staff.get(url("clock", cohort))
    assert page.content.count(b'id="clock-') == rows


# --- the first page of staff ---------------------------------------------------------------------


def test_what_waits_is_said_on_the_first_page(in_host, host, cohort, coordinator, sign_in, now):
    ApplicationFactory(host=host, cohort=cohort, status="decided")
    ApplicationFactory(host=host, cohort=cohort, status="info_asked", question="?", question_at=now)
    ApplicationFactory(host=host, cohort=cohort, status="released")
    for status in ("submitted", "in_review"):
        ApplicationFactory(host=host, cohort=cohort, status=status)
    staff = sign_in(coordinator)
    waiting = reverse("applications:waiting", args=["prairie"])
    home = staff.get(reverse("collaboratives:staff_home", args=["prairie"])).content.decode()
    assert f'hx-get="{waiting}"' in home
    page = staff.get(waiting).content.decode()
    part = staff.get(waiting, headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in page
    assert "2 applications to decide" in part
    assert "1 decision to release" in part
    assert "letter" not in part


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_costs_the_same_for_any_length(
    in_host, host, coordinator, sign_in, now, rows, django_assert_num_queries
):
    for _ in range(rows):
        ApplicationFactory(host=host, status="submitted")
    staff = sign_in(coordinator)
    url = reverse("applications:waiting", args=["prairie"])
    staff.get(url)
    with django_assert_num_queries(8):
        page = staff.get(url)
    assert page.content.count(b"?view=to_decide") == rows
