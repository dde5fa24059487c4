"""Staff decide quietly and release in one act."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from applications import actions
from applications.models import Application
from messaging.models import OutboundMessage
from tenancy.active import open_host
from tenancy.models import AuditEvent
from tests.factories.applications import ApplicationFactory, OpenCohortFactory
from tests.factories.collaboratives import ProgramFactory, blueprint_content
from workflow.machine import TransitionNotAllowed

pytestmark = pytest.mark.django_db


def refusing(host, **policy):
    """A cohort whose program knows these answers."""
    content = blueprint_content("learning-network")
    content["refusal"] = {**content["refusal"], **policy}
    return OpenCohortFactory(host=host, program=ProgramFactory(host=host, content=content))


@pytest.fixture
def submitted(in_host, host, cohort, applicant):
    return ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="submitted")


def decide(application, by, now, outcome="admit", feedback="", offered_cohort=None):
    return actions.decide(
        application=application,
        outcome=outcome,
        feedback=feedback,
        offered_cohort=offered_cohort,
        by=by,
        now=now,
    )


def test_a_decision_is_quiet_until_it_is_released(submitted, coordinator, applicant, now):
    decided = decide(submitted, coordinator, now, feedback="Good")
    assert (decided.status, decided.outcome, decided.decided_by) == (
        "decided",
        "admit",
        coordinator,
    )
    assert not OutboundMessage.objects.exists()
    assert str(decided.shown_status) == "We are reading it"
    released = actions.release(application=decided, by=coordinator, now=now)
    assert (released.status, released.respond_by) == ("released", date(2026, 12, 6))
    assert OutboundMessage.objects.get().to == applicant.email
    assert [event.verb for event in AuditEvent.objects.about(released)] == ["release", "decide"]


def test_a_decision_can_be_changed_and_taken_back_before_the_release(submitted, coordinator, now):
    decide(submitted, coordinator, now)
    changed = decide(submitted, coordinator, now, "decline", "More data first.")
    assert (changed.outcome, changed.feedback) == ("decline", "More data first.")
    back = actions.undo_decision(application=changed, by=coordinator)
    assert (back.status, back.outcome, back.feedback, back.decided_at) == (
        "in_review",
        "",
        "",
        None,
    )


def test_a_decline_needs_feedback(submitted, coordinator, now):
    with pytest.raises(actions.Refused):
        decide(submitted, coordinator, now, "decline")
    assert decide(submitted, coordinator, now, "decline", "Not yet.").outcome == "decline"


def test_where_there_is_no_bare_no_none_can_be_given(  # S4-35
    in_host, host, applicant, coordinator, now
):
    cohort = refusing(host, decline=False, offer="progress-report-ian")
    program = ProgramFactory(host=host, blueprint_key="progress-report-ian")
    other = OpenCohortFactory(host=host, program=program)
    application = ApplicationFactory(host=host, cohort=cohort, lead=applicant, status="in_review")
    with pytest.raises(actions.Refused):
        decide(application, coordinator, now, "decline", "No.")
    with pytest.raises(actions.Refused):
        decide(application, coordinator, now, "offer_other", "", other)
    with pytest.raises(actions.Refused):
        decide(application, coordinator, now, "offer_other", "Start there.")
    with pytest.raises(actions.Refused):
        decide(application, coordinator, now, "offer_other", "Start there.", cohort)
    offered = decide(application, coordinator, now, "offer_other", "Start there.", other)
    released = actions.release(application=offered, by=coordinator, now=now)
    assert released.offered_cohort == other
    mail = OutboundMessage.objects.get()
    assert mail.template == "applications/released_offer_other"


def test_a_released_decision_stays(submitted, coordinator, now):
    actions.release(application=decide(submitted, coordinator, now), by=coordinator, now=now)
    with pytest.raises(TransitionNotAllowed):
        decide(submitted, coordinator, now, "waitlist")
    with pytest.raises(TransitionNotAllowed):
        actions.release(application=submitted, by=coordinator, now=now)
    assert OutboundMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "begins"),
    [
        ("admit", "Action needed: "),  # S4-34
        ("waitlist", "Your application to Learning Network 2027: you are on the waitlist"),
        ("decline", "Our answer to your application"),
    ],
)
def test_each_outcome_has_its_mail(submitted, coordinator, now, outcome, begins):
    decide(submitted, coordinator, now, outcome, "Because.")
    actions.release(application=submitted, by=coordinator, now=now)
    assert OutboundMessage.objects.get().subject.startswith(begins)


def test_many_are_released_in_one_act_and_the_rest_are_left(
    in_host, host, cohort, coordinator, now
):
    pending = ApplicationFactory.create_batch(3, host=host, cohort=cohort, status="decided")
    open_ = ApplicationFactory(host=host, cohort=cohort, status="in_review")
    gone = ApplicationFactory(host=host, cohort=cohort, status="released")
    done = actions.release_selected(applications=[*pending, open_, gone], by=coordinator, now=now)
    assert [(one.application, one.released) for one in done] == [
        *((one, True) for one in pending),
        (open_, False),
        (gone, False),
    ]
    assert OutboundMessage.objects.count() == 3
    open_.refresh_from_db()
    assert open_.status == "in_review"


def test_asking_opens_the_form_until_it_is_answered(submitted, coordinator, applicant, now):
    asked = actions.ask(application=submitted, question="Which years?", by=coordinator, now=now)
    assert (asked.status, asked.turn) == ("info_asked", "applicant")
    assert OutboundMessage.objects.get().subject.startswith("Action needed: ")
    actions.save_section(
        application=asked,
        values={"gap_today": "2024 to 2026"},
        base_revisions={},
        by=applicant,
        now=asked.cohort.closes_at.replace(year=2027),
    )
    assert actions.answer(application=asked, by=applicant, now=now).status == "in_review"


def test_an_assigned_reviewer_and_notes_leave_their_trace(submitted, reviewer, coordinator, now):
    actions.assign(application=submitted, reviewer=reviewer, by=coordinator, now=now)
    actions.assign(application=submitted, reviewer=reviewer, by=coordinator, now=now)
    actions.note(application=submitted, text="Strong", by=reviewer, now=now)
    assert [event.verb for event in AuditEvent.objects.about(submitted)] == ["noted", "assigned"]


def at_once(host, *acts):
    """Run each act in its own thread and connection, at the same moment; what each came to."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=10)
            with open_host(host.pk):
                results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_release_at_once_and_one_mail_goes(host, coordinator, owner):
    from tests.applications.conftest import NOW

    with open_host(host.pk):
        application = ApplicationFactory(host=host, status="decided")
    results = at_once(
        host,
        lambda: actions.release(application=application, by=coordinator, now=NOW),
        lambda: actions.release(application=application, by=owner, now=NOW),
    )
    assert sorted(type(one).__name__ for one in results) == ["Application", "TransitionNotAllowed"]
    with open_host(host.pk):
        assert OutboundMessage.objects.count() == 1
        assert Application.objects.get().status == "released"


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_comes_after_a_colleagues_release_is_told(host, coordinator, owner):
    from tests.applications.conftest import NOW

    with open_host(host.pk):
        application = ApplicationFactory(host=host, status="decided", outcome="waitlist")
    results = at_once(
        host,
        lambda: actions.release(application=application, by=coordinator, now=NOW),
        lambda: decide(application, owner, NOW, "admit"),
    )
    with open_host(host.pk):
        kept = Application.objects.get()
    refused = [one for one in results if isinstance(one, TransitionNotAllowed)]
    assert kept.status == "released"
    # Either the change came first and was released, or it came too late and was refused.
    assert (kept.outcome, len(refused)) in {("admit", 0), ("waitlist", 1)}
