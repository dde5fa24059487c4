"""Another program is offered, taken up with what is known, and joined."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from applications import actions, tasks
from applications.models import Application
from applications.queries.offers import brought, offered_seats
from collaboratives.models import Team
from messaging.models import OutboundMessage
from questionnaires.queries import form_of
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.applications.conftest import NOW
from tests.applications.test_deciding import at_once
from tests.factories import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    LetterFactory,
    OpenCohortFactory,
    VersionFactory,
    complete_answers,
)
from tests.factories.collaboratives import ProgramFactory, TeamFactory, blueprint_content
from workflow.machine import TransitionNotAllowed

pytestmark = pytest.mark.django_db

CLOSED = datetime(2026, 11, 1, 22, tzinfo=UTC)


def cohort_of(host, key, **fields):
    return OpenCohortFactory(
        host=host,
        program=ProgramFactory(host=host, blueprint_key=key),
        application_form=VersionFactory(host=host, schema=blueprint_content(key)["form"]),
        **fields,
    )


@pytest.fixture
def community(host):
    return cohort_of(host, "action-community", slug="action-community-2027", code="AC27")


@pytest.fixture
def network(host):
    """Its window closed before the Action Community decides."""
    return cohort_of(
        host,
        "learning-network",
        slug="learning-network-2027",
        name="Learning Network 2027",
        code="LN27",
        closes_at=CLOSED,
        capacity=3,
        seats_held=2,
    )


def applied(host, cohort, lead, **given):
    """Submitted in full, with its letters accepted."""
    answers = complete_answers(form_of(cohort.application_form), **given)
    application = ApplicationFactory(
        host=host, cohort=cohort, lead=lead, status="in_review", answers=answers
    )
    for field in ("ceo_letter", "board_letter"):
        accepted_letter(host, application, field)
    return application


def accepted_letter(host, application, field):
    from tests.factories.documents import StoredFileFactory

    return LetterFactory(
        host=host,
        application=application,
        field=field,
        label={"en": field, "es": field},
        state="accepted",
        file=StoredFileFactory(host=host),
        received_how="upload",
        received_at=NOW,
        judged_at=NOW,
        judged_by=application.lead,
    )


def offer(application, cohort, by, now=NOW):
    actions.decide(
        application=application,
        outcome="offer_other",
        feedback="Begin with your data.",
        offered_cohort=cohort,
        by=by,
        now=now,
    )
    return actions.release(application=application, by=by, now=now)


def take_up(application, by, now=NOW):
    return actions.take_up_offer(
        application=application, signed_name="Dana Whitfield", by=by, now=now
    )


def everything(network):
    """Answers to all that the Learning Network asks, also where the other form does not ask."""
    return complete_answers(form_of(network.application_form))


def test_what_counts_already_and_what_is_asked_on_top(  # S4-35 S4-36
    in_host, host, community, network, applicant
):
    application = applied(host, community, applicant)
    known = brought(application, network, list(application.letters.order_by("pk")))
    assert known.answers["organization_name"] == "Riverbend Regional Medical Center"
    assert [one["name"] for one in known.answers["team"]] == [
        one["name"] for one in application.response.answers["team"]
    ]
    assert {code: one.field for code, one in known.letters.items()} == {"ceo_letter": "ceo_letter"}
    assert known.not_needed == ["board_letter"]
    there, here = (form_of(one.application_form) for one in (network, community))
    only_there = {one.code for one in there.fields()} - {one.code for one in here.fields()}
    asked = {str(there.by_code[code].label) for code in only_there if there.by_code[code].required}
    assert asked <= set(known.still_asked)


def test_an_offer_passes_the_closed_window_and_keeps_a_seat(  # S4-35 S4-36
    in_host, host, community, network, applicant, coordinator
):
    application = offer(applied(host, community, applicant), network, coordinator)
    editor = ApplicationPersonFactory(host=host, application=application).user
    assert offered_seats(network, NOW).left == 2
    linked = take_up(application, applicant)
    application.refresh_from_db()
    assert application.status == "offer_accepted"
    assert (linked.status, linked.cohort, linked.linked_from) == ("draft", network, application)
    assert linked.people.get(user=editor).role == "editor"
    assert linked.letters.get(field="ceo_letter").state == "accepted"
    assert offered_seats(network, NOW).left == 2  # promised before, promised still
    mails = OutboundMessage.objects.filter(template="applications/seat_kept")
    assert {mail.to for mail in mails} == {applicant.email, editor.email}

    saved = actions.save_section(
        application=linked,
        values=everything(network),
        base_revisions=None,
        by=applicant,
        now=NOW,
    )
    assert saved.changed
    joined = actions.submit(application=linked, signed_name="Dana", by=applicant, now=NOW)
    team = Team.objects.get()
    assert (joined.status, joined.outcome) == ("offer_accepted", "admit")
    assert (team.cohort, team.by_offer, team.application_reference) == (
        network,
        True,
        joined.reference,
    )
    assert offered_seats(network, NOW).left == 2
    verbs = [event.verb for event in AuditEvent.objects.about(joined)]
    assert verbs[:4] == ["accept_seat", "release", "decide", "submitted"]


def test_where_nothing_more_is_asked_the_place_is_taken_at_once(
    in_host, host, community, network, applicant, coordinator
):
    community.application_form = VersionFactory(host=host, schema=network.application_form.schema)
    community.save()
    application = applied(host, community, applicant)
    offered = offer(application, network, coordinator)
    joined = take_up(offered, applicant)
    assert joined.status == "offer_accepted"
    assert Team.objects.get().application_reference == joined.reference
    with pytest.raises(TransitionNotAllowed):
        take_up(offered, applicant)


def test_a_kept_place_ends_and_reminds_before(
    in_host, host, community, network, applicant, coordinator
):
    linked = take_up(offer(applied(host, community, applicant), network, coordinator), applicant)
    last = linked.last_moment_to_answer(network.zone)
    due = [one.due_at for one in tasks.kept_seats(last - timedelta(days=4))]
    assert due == [last - timedelta(days=5)]
    assert actions.remind_of_kept_seat(application=linked, offset="-5d")
    assert offered_seats(network, last - timedelta(minutes=1)).promised == 1
    assert offered_seats(network, last).promised == 0
    with pytest.raises(actions.Closed):
        actions.save_section(
            application=linked, values={"aim": "x"}, base_revisions=None, by=applicant, now=last
        )


def test_only_what_the_policy_knows_and_only_a_run_that_can_take_them(
    in_host, host, community, network, applicant, coordinator
):
    application = applied(host, community, applicant)
    with pytest.raises(actions.Refused):
        offer(application, community, coordinator)
    network.application_form = None
    network.save()
    with pytest.raises(actions.Refused):
        offer(application, network, coordinator)


def test_declining_keeps_the_reason_and_frees_the_seat(
    in_host, host, community, network, applicant, coordinator
):
    application = offer(applied(host, community, applicant), network, coordinator)
    done = actions.decline_seat(application=application, reason="Too early", by=applicant, now=NOW)
    assert done.answer_reason == "Too early"
    assert offered_seats(network, NOW).promised == 0


def test_no_more_are_kept_than_there_are_seats(in_host, host, community, network, coordinator):
    """Three seats, one of them taken: two of three offers find a place."""
    TeamFactory(host=host, cohort=network)
    offers = [
        offer(applied(host, community, UserFactory()), network, coordinator) for _ in range(3)
    ]
    for one in offers[:2]:
        take_up(one, one.lead)
    with pytest.raises(actions.Full):
        take_up(offers[2], offers[2].lead)
    offers[2].refresh_from_db()
    assert offers[2].status == "released"


def test_the_applicant_joins_by_the_page(
    in_host, host, community, network, applicant, coordinator, sign_in, now
):
    application = offer(applied(host, community, applicant), network, coordinator)
    person = sign_in(applicant, second_factor=False)
    url = reverse("applications:decision", args=[host.slug, application.reference])
    page = person.get(url).content.decode()
    assert "Begin with your data." in page
    assert "ceo_letter: it counts here too." in page
    assert "board_letter: not needed here." in page
    join = reverse("applications:take_up_offer", args=[host.slug, application.reference])
    refused = person.post(join, {"signed_title": "Nurse"})
    assert refused.status_code == 422
    assert "Type your full name." in refused.content.decode()
    joined = person.post(join, {"signed_name": "Dana", "signed_title": "Nurse"})
    linked = Application.objects.get(linked_from=application)
    assert joined["Location"] == reverse(
        "applications:task_list", args=[host.slug, linked.reference]
    )
    assert b"LN27" in person.get(joined["Location"]).content
    again = person.post(join, {"signed_name": "Dana", "signed_title": "Nurse"}, follow=True)
    assert b"answered already" in again.content


# --- the waitlist --------------------------------------------------------------------------------


def wait(host, cohort, by, name):
    application = ApplicationFactory(
        host=host, cohort=cohort, status="in_review", organization_name=name
    )
    actions.decide(application=application, outcome="waitlist", feedback="Soon.", by=by, now=NOW)
    return actions.release(application=application, by=by, now=NOW)


def order(cohort):
    waiting = Application.objects.filter(cohort=cohort).waiting()
    return list(waiting.values_list("organization_name", flat=True))


@pytest.fixture
def full(host):
    return OpenCohortFactory(host=host, capacity=1, slug="full")


def test_teams_wait_in_the_order_they_were_told(in_host, host, full, coordinator):
    TeamFactory(host=host, cohort=full)
    first, *_rest = [wait(host, full, coordinator, name) for name in ("A", "B", "C")]
    assert order(full) == ["A", "B", "C"]
    with pytest.raises(actions.Refused):
        actions.move_on_waitlist(application=first, place=3, reason=" ", by=coordinator)
    actions.move_on_waitlist(application=first, place=3, reason="Starts later", by=coordinator)
    assert order(full) == ["B", "C", "A"]
    event = AuditEvent.objects.about(first).first()
    assert (event.verb, event.reason, event.after) == (
        "moved on the waitlist",
        "Starts later",
        {"place": 3},
    )


def test_a_declined_seat_goes_to_the_next_who_waits(in_host, host, full, coordinator, applicant):
    offered = ApplicationFactory(host=host, cohort=full, status="released", lead=applicant)
    second = wait(host, full, coordinator, "Second")
    third = wait(host, full, coordinator, "Third")
    actions.decline_seat(application=offered, by=applicant, now=NOW)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.outcome, third.outcome) == ("admit", "waitlist")
    assert second.respond_by == (NOW + timedelta(days=full.accept_within_days)).date()
    mail = OutboundMessage.objects.get(template="applications/seat_offered")
    assert mail.subject.startswith("Action needed: ")
    later = second.last_moment_to_answer(full.zone)
    assert actions.expire_offer(application=second, now=later)
    third.refresh_from_db()
    assert third.outcome == "admit"


def test_who_withdraws_is_passed_over(in_host, host, full, coordinator):
    TeamFactory(host=host, cohort=full)
    first = wait(host, full, coordinator, "First")
    wait(host, full, coordinator, "Second")
    actions.withdraw(application=first, by=first.lead, now=NOW)
    assert order(full) == ["Second"]


def test_staff_offer_a_free_seat_to_the_next(in_host, host, full, coordinator, sign_in, now):
    waiting = wait(host, full, coordinator, "First")
    staff = sign_in(coordinator)
    url = reverse("applications:waitlist", args=[host.slug, full.slug])
    assert b"Offer a seat to First" in staff.get(url).content
    waiting.refresh_from_db()
    assert waiting.outcome == "waitlist"  # nobody is asked before
    offer = reverse("applications:offer_next_seat", args=[host.slug, full.slug])
    staff.post(offer)
    waiting.refresh_from_db()
    assert waiting.outcome == "admit"
    assert b"nobody is waiting" in staff.post(offer, follow=True).content


def test_a_quiet_decision_is_not_undercut(in_host, host, full, coordinator):
    ApplicationFactory(host=host, cohort=full, status="decided")
    wait(host, full, coordinator, "First")
    assert actions.offer_next_seat(cohort=full, now=NOW) is None


def test_staff_keep_the_order_on_a_page(in_host, host, full, coordinator, sign_in, now):
    TeamFactory(host=host, cohort=full)
    first = wait(host, full, coordinator, "Amber Valley")
    wait(host, full, coordinator, "Birch Hill")
    staff = sign_in(coordinator)
    url = reverse("applications:waitlist", args=[host.slug, full.slug])
    assert b"Amber Valley" in staff.get(url).content
    move = reverse("applications:move_on_waitlist", args=[host.slug, full.slug, first.reference])
    refused = staff.post(move, {"place": "2", "reason": ""})
    assert refused.status_code == 422
    assert b"Say why this team moves." in refused.content
    staff.post(move, {"place": "2", "reason": "Asked for a later start"})
    assert order(full) == ["Birch Hill", "Amber Valley"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_waitlist_costs_the_same_for_any_length(
    in_host, host, full, coordinator, sign_in, now, rows, django_assert_num_queries
):
    TeamFactory(host=host, cohort=full)
    for number in range(rows):
        wait(host, full, coordinator, f"Hospital {number}")
    staff = sign_in(coordinator)
    url = reverse("applications:waitlist", args=[host.slug, full.slug])
    staff.get(url)
    with django_assert_num_queries(16):
        page = staff.get(url)
    assert page.content.count(b'id="waiting-') == rows


# --- more time, and offers made again -------------------------------------------------------------

LAST = date(2027, 1, 5)


def again(application, by, **given):
    given = {"respond_by": LAST, "reason": "The board meets in January", **given}
    return actions.offer_again(application=application, by=by, now=NOW, **given)


@pytest.mark.parametrize("status", ["released", "offer_declined", "offer_expired"])
def test_an_offer_is_open_again(in_host, host, cohort, coordinator, status):
    application = ApplicationFactory(host=host, cohort=cohort, status=status)
    done = again(application, coordinator)
    assert (done.status, done.respond_by, done.answered_at) == ("released", LAST, None)
    mail = OutboundMessage.objects.get()
    assert (mail.template, mail.to) == ("applications/offered_again", application.lead.email)
    answers = complete_answers(form_of(cohort.application_form))
    done.response.answers = answers
    done.response.save()
    late = datetime(2027, 1, 5, 20, tzinfo=UTC)
    assert actions.accept_seat(application=done, by=done.lead, now=late)


def test_not_where_every_seat_is_promised_by_now(in_host, host, full, coordinator):
    gone = ApplicationFactory(host=host, cohort=full, status="offer_expired")
    ApplicationFactory(host=host, cohort=full, status="released")
    with pytest.raises(actions.Refused):
        again(gone, coordinator)
    full.capacity = 2
    full.save()
    assert again(gone, coordinator).status == "released"


@pytest.mark.parametrize("given", [{"reason": " "}, {"respond_by": date(2026, 11, 21)}])
def test_more_time_needs_a_reason_and_a_day_to_come(in_host, host, cohort, coordinator, given):
    with pytest.raises(actions.Refused):
        again(ApplicationFactory(host=host, cohort=cohort, status="released"), coordinator, **given)


def test_what_was_no_offer_is_not_offered_again(in_host, host, cohort, coordinator):
    for outcome in ("waitlist", "decline"):
        one = ApplicationFactory(host=host, cohort=cohort, status="released", outcome=outcome)
        with pytest.raises(actions.Refused):
            again(one, coordinator)
    taken = ApplicationFactory(host=host, cohort=cohort, status="offer_accepted")
    with pytest.raises(TransitionNotAllowed):
        again(taken, coordinator)


def test_staff_give_more_time_on_the_page(in_host, host, cohort, coordinator, sign_in, now):
    application = ApplicationFactory(host=host, cohort=cohort, status="offer_expired")
    where = [host.slug, cohort.slug, application.reference]
    staff = sign_in(coordinator)
    assert b"Offer it again" in staff.get(reverse("applications:read", args=where)).content
    url = reverse("applications:offer_again", args=where)
    refused = staff.post(url, {"respond_by": "2026-11-01", "reason": "Illness"})
    assert refused.status_code == 422
    assert b"Illness" in refused.content
    staff.post(url, {"respond_by": "2027-01-05", "reason": "Illness"})
    application.refresh_from_db()
    assert (application.status, application.respond_by) == ("released", LAST)


# --- capacity ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_fifty_accept_twelve_seats_at_once(host):  # S2-03
    with open_host(host.pk):
        cohort = OpenCohortFactory(host=host, capacity=12)
        answers = complete_answers(form_of(cohort.application_form))
        offers = [
            ApplicationFactory(host=host, cohort=cohort, status="released", answers=answers)
            for _ in range(50)
        ]
    results = at_once(
        host,
        *[
            lambda one=one: actions.accept_seat(
                application=Application(pk=one.pk), by=one.lead, now=NOW
            )
            for one in offers
        ],
    )
    kinds = [type(one).__name__ for one in results]
    assert (kinds.count("Team"), kinds.count("Full")) == (12, 38)
    with open_host(host.pk):
        assert cohort.teams.count() == 12
        assert Application.objects.filter(status="offer_accepted").count() == 12
        assert OutboundMessage.objects.filter(template="applications/seat_accepted").count() == 12
