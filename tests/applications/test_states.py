"""Each verb in each state, as a table; and the words for each."""

import pytest

from applications.states import (
    LetterState,
    MailingState,
    Outcome,
    Status,
    Turn,
    letter_machine,
    machine,
    mailing_machine,
    shown_to_applicant,
    whose_turn,
)
from workflow.machine import TransitionNotAllowed

ALLOWED = {
    "submit": {"draft": "submitted"},
    "begin_review": {"submitted": "in_review"},
    "ask": {"submitted": "info_asked", "in_review": "info_asked"},
    "answer": {"info_asked": "in_review"},
    "decide": {
        "submitted": "decided",
        "info_asked": "decided",
        "in_review": "decided",
        "decided": "decided",
    },
    "undo_decision": {"decided": "in_review"},
    "release": {"decided": "released"},
    "accept_seat": {"released": "offer_accepted"},
    "decline_seat": {"released": "offer_declined"},
    "expire_offer": {"released": "offer_expired"},
    "offer_again": {
        "released": "released",
        "offer_declined": "released",
        "offer_expired": "released",
    },
    "withdraw": {
        "draft": "withdrawn",
        "submitted": "withdrawn",
        "info_asked": "withdrawn",
        "in_review": "withdrawn",
        "decided": "withdrawn",
        "released": "withdrawn",
    },
    "restore_draft": {"withdrawn": "draft"},
    "restore_submitted": {"withdrawn": "submitted"},
    "restore_released": {"withdrawn": "released"},
}
LETTERS = {
    "request": {"missing": "requested", "requested": "requested", "returned": "requested"},
    "receive": {
        "missing": "received",
        "requested": "received",
        "received": "received",
        "returned": "received",
    },
    "remove": {"received": "missing", "returned": "missing"},
    "accept": {"received": "accepted", "returned": "accepted"},
    "return": {"received": "returned", "accepted": "returned"},
}


def test_the_tables_name_every_verb():
    assert set(ALLOWED) == set(machine.moves)
    assert set(LETTERS) == set(letter_machine.moves)


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("verb", sorted(ALLOWED))
def test_each_verb_in_each_state(verb, state):
    expected = ALLOWED[verb].get(state)
    assert machine.allows(verb, state) == (expected is not None)
    if expected:
        assert machine.target(verb, state) == expected
    else:
        with pytest.raises(TransitionNotAllowed):
            machine.target(verb, state)


@pytest.mark.parametrize("state", LetterState.values)
@pytest.mark.parametrize("verb", sorted(LETTERS))
def test_each_verb_in_each_state_of_a_letter(verb, state):
    expected = LETTERS[verb].get(state)
    assert letter_machine.allows(verb, state) == (expected is not None)
    if expected:
        assert letter_machine.target(verb, state) == expected
    else:
        with pytest.raises(TransitionNotAllowed):
            letter_machine.target(verb, state)


@pytest.mark.parametrize("state", MailingState.values)
@pytest.mark.parametrize(("verb", "to"), [("send", "sent"), ("take_back", "taken_back")])
def test_each_verb_in_each_state_of_a_mailing(verb, to, state):
    assert set(mailing_machine.moves) == {"send", "take_back"}
    assert mailing_machine.allows(verb, state) == (state == "planned")
    if state == "planned":
        assert mailing_machine.target(verb, state) == to
    else:
        with pytest.raises(TransitionNotAllowed):
            mailing_machine.target(verb, state)


@pytest.mark.parametrize(
    ("status", "turn"),
    [
        ("draft", Turn.APPLICANT),
        ("submitted", Turn.STAFF),
        ("info_asked", Turn.APPLICANT),
        ("in_review", Turn.STAFF),
        ("decided", Turn.STAFF),
        ("offer_accepted", Turn.NOBODY),
        ("offer_declined", Turn.NOBODY),
        ("offer_expired", Turn.NOBODY),
        ("withdrawn", Turn.NOBODY),
    ],
)
def test_each_state_says_whose_turn_it_is(status, turn):
    assert whose_turn(status) == turn


@pytest.mark.parametrize(
    ("outcome", "turn"),
    [
        ("admit", Turn.APPLICANT),
        ("offer_other", Turn.APPLICANT),
        ("waitlist", Turn.NOBODY),
        ("decline", Turn.NOBODY),
    ],
)
def test_after_the_release_the_outcome_says_whose_turn_it_is(outcome, turn):
    assert whose_turn("released", outcome) == turn


@pytest.mark.parametrize("status", [s for s in Status.values if s != "released"])
def test_before_the_release_the_words_are_the_same_for_every_outcome(status):
    words = {str(shown_to_applicant(status, outcome)) for outcome in ["", *Outcome.values]}
    assert len(words) == 1


def test_a_quiet_decision_looks_like_reading():
    assert shown_to_applicant("decided", "decline") == shown_to_applicant("in_review")


def test_each_released_outcome_has_its_own_words():
    assert len({str(shown_to_applicant("released", o)) for o in Outcome.values}) == 4
