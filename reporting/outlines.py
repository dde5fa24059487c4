"""Drivers of an aim as people type them: one a line, a dash before what belongs to the line above.

Reach people after they go home
- Call within a week
-- Calls by a health worker
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_LINES = 60
DEEPEST = 3
LONGEST = 160


@dataclass(frozen=True)
class Driver:
    """A driver of the aim, one of a driver, or an idea for a change. level: from 1 to 3."""

    text: str
    level: int
    drivers: tuple[Driver, ...] = ()


def parsed(outline: str) -> tuple[Driver, ...]:
    """The tree of an outline. A line that is too deep hangs on the one above it."""
    lines: list[tuple[int, str]] = []
    for raw in outline.splitlines():
        found = re.match(r"^([\s\-•*–]*)(.*)$", raw)
        assert found is not None
        marks, text = found[1], " ".join(found[2].split())[:LONGEST]
        if not text:
            continue
        dashes = len(re.findall(r"[\-•*–]", marks))
        wanted = dashes or len(marks.expandtabs(2)) // 2
        above = lines[-1][0] if lines else -1
        lines.append((min(wanted, above + 1, DEEPEST - 1), text))
    return _tree(lines[:MOST_LINES], 0)


def _tree(lines: Sequence[tuple[int, str]], level: int) -> tuple[Driver, ...]:
    starts = [place for place, (depth, _text) in enumerate(lines) if depth == level]
    ends = [*starts[1:], len(lines)]
    return tuple(
        Driver(lines[start][1], level + 1, _tree(lines[start + 1 : end], level + 1))
        for start, end in zip(starts, ends, strict=False)
    )


def said(drivers: Sequence[Driver]) -> str:
    """The outline in its one form, as it is kept and shown again for editing."""
    return "\n".join(f"{'-' * (one.level - 1)} {one.text}".strip() for one in every(drivers))


def every(drivers: Sequence[Driver]) -> Iterator[Driver]:
    """Each one of the tree, from the top down."""
    for one in drivers:
        yield one
        yield from every(one.drivers)
