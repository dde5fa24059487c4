"""The proof of suppression: what the best reader can say of every hidden cell."""

import math
from collections.abc import Hashable, Sequence

from analytics.suppression import Masked, Published, Sum

Key = Hashable
Bound = tuple[Key, float, float]
Row = tuple[dict[Key, int], float]
SLACK = 1e-6
SOLVED, UNBOUNDED = 0, 3
CONTRADICTION = "The published numbers contradict each other"


def audit(published: Published | Masked, *, quantity: int = 0) -> list[Bound]:
    """(cell, lowest, highest) for every hidden cell, given all that is published.

    quantity: 0 for counts or numerators, 1 for complements. The reader knows every shown cell,
    every sum, and that a hidden count is not below `at_least`. Without an upper end the highest
    is infinity. What is left of one total has a closed form; cells that lie in several sums take
    two linear programs each, so this runs in workers when something is published or exported,
    never for a page. Raises ValueError when the published numbers contradict each other.
    """
    seen = published.published if isinstance(published, Masked) else published
    bounds: dict[Key, tuple[float, float]] = {}
    for rows in apart(open_sums(seen, quantity)):
        if len(rows) == 1 and all(sign > 0 for sign in rows[0][0].values()):
            bounds |= closed_form(rows[0], seen.at_least)
        else:
            bounds |= by_linear_program(rows, seen.at_least)
    return [(key, *bounds.get(key, (seen.at_least, math.inf))) for key in seen.hidden]


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


def open_sums(seen: Published, quantity: int) -> list[Row]:
    """Every sum that still holds unknowns: (coefficient of each hidden cell, their total)."""
    hidden = frozenset(seen.hidden)
    rows: list[Row] = []
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


def apart(rows: Sequence[Row]) -> list[list[Row]]:
    """Sums in groups that share no unknown, in order of their first."""
    owner: dict[Key, int] = {}
    groups: dict[int, list[Row]] = {}
    for number, row in enumerate(rows):
        joined = {owner[key] for key in row[0] if key in owner}
        into = min(joined, default=number)
        groups.setdefault(into, [])
        for other in sorted(joined - {into}):
            groups[into] += groups.pop(other)
        groups[into].append(row)
        owner |= {key: into for unknown, _ in groups[into] for key in unknown}
    return list(groups.values())


def closed_form(row: Row, at_least: float) -> dict[Key, tuple[float, float]]:
    """What is left of a total once every other hidden cell has its least.

    Raises ValueError when not even the least of all fit.
    """
    unknown, rest = row
    spare = rest - at_least * len(unknown)
    if spare < -SLACK:
        raise ValueError(f"{CONTRADICTION}: hidden cells are more than what is left of a total.")
    low = rest if len(unknown) == 1 else at_least
    return dict.fromkeys(unknown, (low, at_least + spare))


def by_linear_program(rows: Sequence[Row], at_least: float) -> dict[Key, tuple[float, float]]:
    """Two linear programs per hidden cell; `milp` is the cheaper door to the same solver, HiGHS."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    keys = list(dict.fromkeys(key for unknown, _ in rows for key in unknown))
    totals = [rest for _, rest in rows]
    held = LinearConstraint(
        [[unknown.get(key, 0) for key in keys] for unknown, _ in rows], totals, totals
    )
    least = Bounds(at_least, math.inf)
    found: dict[Key, tuple[float, float]] = {}
    for number, key in enumerate(keys):
        ends: list[float] = []
        for sign in (1, -1):
            goal = [0] * len(keys)
            goal[number] = sign
            result = milp(goal, constraints=held, bounds=least)
            if result.status == UNBOUNDED:
                ends.append(-sign * math.inf)
            elif result.status != SOLVED:
                raise ValueError(f"{CONTRADICTION}: {result.message}")
            else:
                ends.append(snapped(sign * float(result.fun)))
        found[key] = ends[0], ends[1]
    return found


def snapped(bound: float) -> float:
    """Bounds of whole counts are whole; the solver's rounding is taken off."""
    whole = round(bound)
    return float(whole) if abs(bound - whole) < SLACK else bound
