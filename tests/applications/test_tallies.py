"""The numbers that the database keeps are always those that a fresh count finds."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from applications import actions
from applications.models import Application, ApplicationPerson, Letter, Tally
from applications.queries.staff import cohorts_with_counts, numbers_of
from collaboratives.actions import lock_cohort
from questionnaires.queries import form_of
from tenancy.active import open_host
from tests.applications.test_states import ALLOWED
from tests.factories import UserFactory
from tests.factories.applications import (
    DECIDED_AT,
    RELEASED_AT,
    SUBMITTED,
    ApplicationFactory,
    LetterFactory,
    OpenCohortFactory,
    complete_answers,
)

pytestmark = pytest.mark.django_db


def agree(cohort):
    """The kept numbers, after a look that a fresh count of every row finds the same."""
    every = Application.objects.without_conflict(UserFactory())
    assert every.all_but is not None
    kept = numbers_of(cohorts_with_counts(every).get(pk=cohort.pk))
    counted = numbers_of(cohorts_with_counts(every.exclude(pk=0)).get(pk=cohort.pk))
    assert kept == counted
    for one in Application.objects.all():
        letters = Letter.objects.filter(application=one, required=True)
        assert one.missing_letters == letters.incomplete().count()
    return kept


RECEIVED = {"received_at": SUBMITTED, "submitted_at": SUBMITTED, "signed_name": "Dana"}
RELEASED = {
    **RECEIVED,
    "outcome": "waitlist",
    "decided_at": DECIDED_AT,
    "released_at": RELEASED_AT,
}
WITHDRAWN = {
    "restore_draft": {"withdrawn_from": "draft"},
    "restore_submitted": {"withdrawn_from": "in_review", **RECEIVED},
    "restore_released": {"withdrawn_from": "released", **RELEASED},
}
STAFF = {"begin_review", "ask", "decide", "undo_decision", "release"}


def prepared(host, cohort, verb, state):
    lead = UserFactory()
    fields = WITHDRAWN.get(verb, {}) if state == "withdrawn" else {}
    people = {
        name: lead
        for name, stamp in [
            ("submitted_by", "submitted_at"),
            ("decided_by", "decided_at"),
            ("released_by", "released_at"),
        ]
        if stamp in fields
    }
    if verb == "withdraw" and state == "released":
        fields = {"outcome": "waitlist"}
    made = ApplicationFactory(host=host, cohort=cohort, status=state, lead=lead, **fields, **people)
    LetterFactory(host=host, application=made)
    return made


def act(verb, one, coordinator, now):
    by = coordinator if verb in STAFF else one.lead
    match verb:
        case "ask":
            actions.ask(application=one, question="When?", by=by, now=now)
        case "decide":
            actions.decide(application=one, outcome="admit", by=by, now=now)
        case "restore_draft" | "restore_submitted" | "restore_released":
            actions.undo_withdrawal(application=one, by=by, now=now)
        case "expire_offer":
            actions.expire_offer(application=one, now=now + timedelta(days=60))
        case "offer_again":
            day = (now + timedelta(days=9)).date()
            actions.offer_again(
                application=one, respond_by=day, reason="Holidays.", by=coordinator, now=now
            )
        case "begin_review" | "undo_decision":
            getattr(actions, verb)(application=one, by=by)
        case _:
            getattr(actions, verb)(application=one, by=by, now=now)


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (verb, state)
        for verb, moves in sorted(ALLOWED.items())
        if verb != "submit"
        for state in moves
    ],
)
def test_after_each_verb_in_each_state(in_host, host, cohort, coordinator, verb, state, now):
    one = prepared(host, cohort, verb, state)
    if verb == "accept_seat":
        one.response.answers = complete_answers(form_of(one.response.version))
        one.response.save()
    before = agree(cohort)
    act(verb, one, coordinator, now)
    one.refresh_from_db()
    assert one.status == ALLOWED[verb][state]
    after = agree(cohort)
    moved = VIEWS_OF[state] != VIEWS_OF[one.status] or (verb == "decide" and state != "decided")
    assert (after != before) == moved


VIEWS_OF = {
    "draft": "drafts",
    "submitted": "to_decide",
    "info_asked": "to_decide",
    "in_review": "to_decide",
    "decided": "to_release",
    "released": "decided, offered",
    "offer_accepted": "decided",
    "offer_declined": "decided",
    "offer_expired": "decided",
    "withdrawn": "withdrawn",
}


def test_after_sending_in(in_host, complete, cohort, applicant, now):
    assert agree(cohort)["drafts"] == 1
    actions.submit(application=complete, signed_name="Dana", by=applicant, now=now)
    assert agree(cohort) | {"all": 1, "to_decide": 1, "drafts": 0} == agree(cohort)


def test_after_each_step_of_a_letter(in_host, draft, cohort, applicant, coordinator, pdf, now):
    letter = draft.letters.get()
    Application.objects.filter(pk=draft.pk).update(
        status="submitted",
        received_at=now,
        submitted_at=now,
        submitted_by=applicant,
        signed_name="Dana",
    )
    assert agree(cohort)["missing"] == 1
    actions.request_letter(letter=letter, name="Lucia", email="l@x.example", by=applicant, now=now)
    assert agree(cohort)["missing"] == 1
    actions.file_letter(letter=letter, upload=pdf(), subject_line="CEO", by=coordinator, now=now)
    assert agree(cohort)["missing"] == 0
    actions.return_letter(letter=letter, reason="Not signed.", by=coordinator, now=now)
    assert agree(cohort)["missing"] == 1
    actions.upload_letter(letter=letter, upload=pdf(), by=applicant, now=now)
    actions.accept_letter(letter=letter, by=coordinator, now=now)
    assert agree(cohort)["missing"] == 0


def test_a_letter_that_lacks_a_signer_is_missing_too(in_host, draft, cohort, applicant, now):
    letter = LetterFactory(
        host=draft.host, application=draft, field="board_letter", signatories=["ceo", "chair"]
    )
    for lacks, missing in [(["ceo", "chair"], 2), (["chair"], 2), ([], 1)]:
        Letter.objects.filter(pk=letter.pk).update(lacks=lacks)
        agree(cohort)
        assert Application.objects.get(pk=draft.pk).missing_letters == missing


def test_nobody_but_the_letters_changes_the_number_of_missing_ones(in_host, draft, cohort):
    assert Application.objects.get(pk=draft.pk).missing_letters == 1
    Application.objects.filter(pk=draft.pk).update(missing_letters=9)
    draft.missing_letters = 0
    draft.save()
    agree(cohort)
    Letter.objects.filter(application=draft).delete()
    agree(cohort)


def withdraw_and_restore(one):
    gone = {"withdrawn_at": RELEASED_AT, "withdrawn_by": one.lead, "withdrawn_from": "draft"}
    back = {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_from": ""}
    same = Application.objects.filter(pk=one.pk)
    same.update(status="withdrawn", **gone)
    same.update(status="draft", **back)


def test_many_moves_are_folded_and_nothing_is_lost(in_host, host, cohort):
    """Also when many are moved by one statement, and in two cohorts at once."""
    other = OpenCohortFactory(host=host)
    one = ApplicationFactory(host=host, cohort=cohort)
    ApplicationFactory.create_batch(3, host=host, cohort=other, status="submitted")
    for _ in range(60):
        withdraw_and_restore(one)
    assert 0 < Tally.objects.filter(cohort=cohort).count() <= 202
    assert agree(cohort)["drafts"] == 1
    assert agree(other)["all"] == 3
    with transaction.atomic():
        Application.objects.filter(cohort=other).update(status="in_review")
        assert agree(other)["to_decide"] == 3
    ApplicationPerson.objects.all().delete()
    Application.objects.all().delete()
    assert sum(agree(cohort).values()) == sum(agree(other).values()) == 0


def test_another_hosts_numbers_are_not_ours(in_host, other_host, cohort):
    theirs = OpenCohortFactory(host=other_host)
    ApplicationFactory(host=other_host, cohort=theirs, status="submitted")
    assert not Tally.objects.filter(cohort_id=theirs.pk).exists()
    assert sum(agree(cohort).values()) == 0


@pytest.mark.django_db(transaction=True)
def test_moving_one_does_not_wait_for_who_counts_the_seats(host, cohort, coordinator):
    """A seat is taken with the cohort locked; begin_review of another one goes on meanwhile."""
    one = ApplicationFactory(host=host, cohort=cohort, status="submitted")
    held, done = threading.Event(), threading.Event()

    def count_seats() -> None:
        with open_host(host.pk):
            lock_cohort(cohort=cohort)
            held.set()
            done.wait(20)
        connection.close()

    counting = threading.Thread(target=count_seats)
    counting.start()
    try:
        assert held.wait(10)
        with open_host(host.pk):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
            actions.begin_review(application=one, by=coordinator)
    finally:
        done.set()
        counting.join()
    with open_host(host.pk):
        assert agree(cohort)["to_decide"] == 1


@pytest.mark.django_db(transaction=True)
def test_many_who_move_at_once_and_fold_lose_no_number(host, cohort):
    moved = ApplicationFactory.create_batch(4, host=host, cohort=cohort)
    ready = threading.Barrier(len(moved), timeout=20)
    failed = []

    def move(one) -> None:
        try:
            ready.wait()
            for _ in range(40):
                with open_host(host.pk):
                    withdraw_and_restore(one)
            with open_host(host.pk):
                Application.objects.filter(pk=one.pk).update(
                    status="submitted",
                    received_at=SUBMITTED,
                    submitted_at=SUBMITTED,
                    submitted_by=one.lead,
                    signed_name="Dana",
                )
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=[one]) for one in moved]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with open_host(host.pk):
        assert Tally.objects.count() < 4 * 80 * 2
        numbers = agree(cohort)
    assert (numbers["to_decide"], numbers["drafts"], numbers["withdrawn"]) == (4, 0, 0)
