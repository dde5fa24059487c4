import pytest

from sessions.states import Status, machine

LEGAL = {
    ("publish", "planned"),
    ("move", "planned"),
    ("move_published", "published"),
    ("cancel", "planned"),
    ("cancel", "published"),
}


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("verb", machine.moves)
def test_every_verb_from_every_state(verb, state):
    assert machine.allows(verb, state) == ((verb, state) in LEGAL)
