"""Every act that is recorded has plain words, in both languages, for those who read the record."""

import ast

from django.utils import translation

from tenancy.audit_words import FIELDS, VERBS
from tests.architecture.test_writes import ROOMS, ROOT


def recorded() -> set[str]:
    """The verbs that stand as words in a call of `record`."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and node.args:
                    name = ast.unparse(node.func).rpartition(".")[2].lstrip("_")
                    if name == "record":
                        words = ast.walk(node.args[0])
                        found |= {
                            one.value
                            for one in words
                            if isinstance(one, ast.Constant) and isinstance(one.value, str)
                        }
    return found


def test_every_act_has_its_words():
    halves = {"chart_", "undid_", "_for_many", "d_public_page"}  # the rest of each is in VERBS
    assert {verb for verb in recorded() - halves if verb not in VERBS} == set()
    assert len(recorded()) > 140


def test_the_words_are_said_in_spanish():
    words = [*VERBS.values(), *FIELDS.values()]
    with translation.override("en"):
        english = [str(one) for one in words]
    with translation.override("es"):
        spanish = [str(one) for one in words]
        assert str(VERBS["accept_seat"]) == "aceptó el lugar"
        assert str(FIELDS["leader"]) == "líder"
    assert {one for one, other in zip(english, spanish, strict=True) if one == other} == set()


def test_a_word_stands_for_each_way_an_application_moves():
    moves = {"ask", "answer", "begin_review", "decide", "release", "submit", "undo_decision"}
    assert moves <= VERBS.keys()
