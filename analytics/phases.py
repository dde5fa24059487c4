"""Splitting a series into phases and each phase into its baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.chart import Phase

SHORTEST_BASELINE = 6


@dataclass(frozen=True, slots=True)
class Span:
    """One phase cut out of a series. baseline: indices its line is computed from.

    baseline_n counts periods, excluded and missing ones too; points are those with a value that
    are not excluded.
    """

    number: int
    start: int
    end: int
    frozen: bool
    baseline_n: int
    points: tuple[int, ...]
    baseline: tuple[int, ...]
    n_obs: int


def spans(
    values: Sequence[float],
    phases: Sequence[Phase | int],
    freeze: int | None,
    excluded: frozenset[int],
    notes: list[str],
) -> list[Span]:
    """Cut a series of floats (NaN missing) into phases; the first begins at 0 unasked.

    freeze: first n periods of every phase that does not say its own. Longer than the phase is
    clamped, with a note. Raises ValueError for starts outside the series or given twice, and
    for a freeze below one.
    """
    count = len(values)
    starts: dict[int, int | None] = {}
    for phase in phases:
        start, freeze_n = (phase, None) if isinstance(phase, int) else (phase.start, phase.freeze_n)
        if not 0 <= start < count:
            raise ValueError(f"No point {start} to start a phase at in a series of {count}.")
        if start in starts:
            raise ValueError(f"Two phases start at point {start}.")
        starts[start] = freeze_n
    starts.setdefault(0, None)
    ordered = sorted(starts)
    cut: list[Span] = []
    for number, start in enumerate(ordered):
        end = ordered[number + 1] if number + 1 < len(ordered) else count
        asked = starts[start] if starts[start] is not None else freeze
        if asked is not None and asked < 1:
            raise ValueError("A baseline needs at least one period.")
        length = end - start
        if asked is not None and asked > length:
            notes.append("freeze_clamped")
        baseline_n = length if asked is None else min(asked, length)
        if asked is not None and baseline_n < SHORTEST_BASELINE:
            notes.append("baseline_short")
        points = tuple(i for i in range(start, end) if i not in excluded and values[i] == values[i])
        cut.append(
            Span(
                number=number,
                start=start,
                end=end,
                frozen=asked is not None,
                baseline_n=baseline_n,
                points=points,
                baseline=tuple(i for i in points if i < start + baseline_n),
                n_obs=sum(1 for i in range(start, end) if i not in excluded),
            )
        )
    return cut
