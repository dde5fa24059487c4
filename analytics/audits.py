"""The proof of suppression: what the best reader can say of every hidden cell."""

import math
from collections.abc import Hashable, Mapping

from analytics.suppression import Masked, Published, Sum

Key = Hashable
Bound = tuple[Key, float, float]
SLACK = 1e-6


def audit(published: Published | Masked, *, quantity: int = 0) -> list[Bound]:
    """(cell, lowest, highest) for every hidden cell, given all that is published.

    quantity: 0 for counts or numerators, 1 for complements. The reader knows every shown cell,
    every sum, and that a hidden count is not below `at_least`. Without an upper end the highest
    is infinity. Lists of groups with a total have a closed form; other tables take two linear
    programs per cell, so this runs in workers when something is published or exported, never
    for a page. Raises ValueError when the published numbers contradict each other.
    """
    seen = published.published if isinstance(published, Masked) else published
    rows = open_sums(seen, quantity)
    if is_one_dimensional(rows):
        return closed_form(seen, rows)
    return by_linear_program(seen, rows)


def recoverable(masked: Masked) -> list[Bound]:
    """Hidden primaries whose small count can be worked out; empty when the release is safe.

    A count is recoverable when only one whole number lies between its bounds and that number is
    small, judged on the numerator and the complement alike.
    """
    primary = frozenset(masked.primary)
    found: list[Bound] = []
    for quantity in range(masked.published.quantities):
        for key, low, high in audit(masked, quantity=quantity):
            only = high - low < 1 and math.floor(high + SLACK) == math.ceil(low - SLACK)
            if key in primary and only and masked.policy.is_small(round(low)):
                found.append((key, low, high))
    return found


def open_sums(seen: Published, quantity: int) -> list[tuple[dict[Key, int], float]]:
    """Every sum that still holds unknowns: (coefficient of each hidden cell, their total)."""
    hidden = frozenset(seen.hidden)
    rows: list[tuple[dict[Key, int], float]] = []
    for each in seen.sums:
        rest = 0.0
        unknown: dict[Key, int] = {}
        for key, sign in signed(each):
            if key in hidden:
                unknown[key] = unknown.get(key, 0) + sign
            elif key in seen.shown:
                rest -= sign * seen.shown[key][quantity]
        if unknown:
            rows.append((unknown, rest))
    return rows


def signed(each: Sum) -> list[tuple[Key, int]]:
    return [(part, 1) for part in each.parts] + [(each.total, -1)]


def is_one_dimensional(rows: list[tuple[dict[Key, int], float]]) -> bool:
    """No hidden cell lies in two sums and no total is hidden."""
    keys = [key for unknown, _ in rows for key in unknown]
    positive = all(sign > 0 for unknown, _ in rows for sign in unknown.values())
    return positive and len(keys) == len(set(keys))


def closed_form(seen: Published, rows: list[tuple[dict[Key, int], float]]) -> list[Bound]:
    """What is left of a total once every other hidden cell has its least."""
    bounds: Mapping[Key, tuple[float, float]] = {
        key: (
            rest if len(unknown) == 1 else seen.at_least,
            rest - seen.at_least * (len(unknown) - 1),
        )
        for unknown, rest in rows
        for key in unknown
    }
    return [(key, *bounds.get(key, (seen.at_least, math.inf))) for key in seen.hidden]


def snapped(bound: float) -> float:
    """Bounds of whole counts are whole; the solver's rounding is taken off."""
    whole = round(bound)
    return float(whole) if abs(bound - whole) < SLACK else bound


def by_linear_program(seen: Published, rows: list[tuple[dict[Key, int], float]]) -> list[Bound]:
    """Two linear programs (HiGHS) per hidden cell."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    position = {key: number for number, key in enumerate(seen.hidden)}
    entries = [
        (sign, line, position[key])
        for line, (unknown, _) in enumerate(rows)
        for key, sign in unknown.items()
    ]
    matrix = csr_array(
        (
            [sign for sign, _, _ in entries],
            ([line for _, line, _ in entries], [column for _, _, column in entries]),
        ),
        shape=(len(rows), len(position)),
    )
    totals = [rest for _, rest in rows]
    found: list[Bound] = []
    for key, number in position.items():
        ends: list[float] = []
        for sign in (1, -1):
            goal = [0.0] * len(position)
            goal[number] = sign
            result = linprog(
                goal, A_eq=matrix, b_eq=totals, bounds=(seen.at_least, None), method="highs"
            )
            if result.status == 3:
                ends.append(-sign * math.inf)
            elif result.status != 0:
                raise ValueError(f"The published numbers contradict each other: {result.message}")
            else:
                ends.append(snapped(sign * float(result.fun)))
        found.append((key, ends[0], ends[1]))
    return found
