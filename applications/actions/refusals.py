"""Why an act is not done, in a sentence for the person who tried."""

from __future__ import annotations

from collections.abc import Sequence

from applications.queries.tasks import Missing


class Refused(Exception):
    """Its text says why, in the reader's language."""


class Closed(Refused):
    """The window for applications, or for an answer, has ended."""


class Full(Refused):
    """The last seat has just been taken by another team."""


class Incomplete(Refused):
    """missing: what is in the way of submitting."""

    def __init__(self, message: str, missing: Sequence[Missing]) -> None:
        super().__init__(message)
        self.missing = missing
