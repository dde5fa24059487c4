import pytest

from charters.states import Status, machine

LEGAL = {
    ("edit", "draft"),
    ("propose", "draft"),
    ("sign", "proposed"),
    ("lock", "proposed"),
    ("decline", "proposed"),
    ("take_back", "proposed"),
    ("reopen", "signed"),
}


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("verb", machine.moves)
def test_every_verb_from_every_state(verb, state):
    assert machine.allows(verb, state) == ((verb, state) in LEGAL)
