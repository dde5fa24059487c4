"""A state machine is a table; moving through it is one function."""

from collections.abc import Mapping
from dataclasses import dataclass


class TransitionNotAllowed(Exception):
    """Raised when a verb is not legal from the present state."""


@dataclass(frozen=True)
class Machine:
    """Legal moves: `moves[verb] = (states it may start from, state it ends in)`."""

    moves: Mapping[str, tuple[frozenset[str], str]]

    def target(self, verb: str, state: str) -> str:
        """The state after `verb`; raises TransitionNotAllowed if it is not legal from `state`."""
        sources, to_state = self.moves[verb]
        if state not in sources:
            raise TransitionNotAllowed(f"cannot {verb} from {state}")
        return to_state

    def allows(self, verb: str, state: str) -> bool:
        """Whether `verb` is legal from `state`; feeds the buttons."""
        return state in self.moves[verb][0]
