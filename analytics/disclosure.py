"""Which hidden cells can be worked out exactly, and which others to hide so that none can.

Hidden cells are unknowns, published sums are equations. A cell is determined when no other
non-negative solution gives it another value. Where every cell lies in at most two sums the
equations form a network, and a cell is free exactly when it lies on a cycle of the residual
graph; otherwise the null space decides, with cells at their lower bound taken as fixed, which
errs on the side of hiding more.
"""

import heapq
from collections import deque
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count

import numpy as np

Key = Hashable
Sensitive = Mapping[Key, tuple[bool, ...]]
GROUND = -1
MOST_CELLS_SEARCHED = 50
MOST_ADDED_IN_SEARCH = 5
MOST_STATES_SEARCHED = 3000


@dataclass(frozen=True, slots=True)
class Equations:
    """Sums over cells. terms: cell to its (equation, sign) pairs; arcs: cell to (tail, head).

    arcs is None when the equations are no network.
    """

    values: Mapping[Key, tuple[float, ...]]
    terms: Mapping[Key, tuple[tuple[int, int], ...]]
    arcs: Mapping[Key, tuple[int, int]] | None
    at_least: float
    size: int
    totals: frozenset[Key]

    @classmethod
    def of(
        cls,
        cells: Mapping[Key, tuple[float, ...] | None],
        sums: Sequence[tuple[Key, Sequence[Key]]],
        at_least: float,
    ) -> "Equations":
        values = {key: counts for key, counts in cells.items() if counts is not None}
        terms: dict[Key, list[tuple[int, int]]] = {key: [] for key in values}
        for number, (total, parts) in enumerate(sums):
            for part in parts:
                if part in terms:
                    terms[part].append((number, 1))
            if total in terms:
                terms[total].append((number, -1))
        fixed = {key: tuple(pairs) for key, pairs in terms.items()}
        return cls(
            values=values,
            terms=fixed,
            arcs=network(fixed, len(sums)),
            at_least=at_least,
            size=len(sums),
            totals=frozenset(total for total, _ in sums),
        )

    def movable(self, key: Key, quantity: int) -> bool:
        """Whether a hidden cell could also be smaller."""
        return self.values[key][quantity] > self.at_least


def network(
    terms: Mapping[Key, tuple[tuple[int, int], ...]], size: int
) -> dict[Key, tuple[int, int]] | None:
    """Turn equations so that every cell leaves one and enters another; None if impossible."""
    touching: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for pairs in terms.values():
        if len(pairs) > 2:
            return None
        if len(pairs) == 2:
            (first, sign1), (second, sign2) = pairs
            touching[first].append((second, -sign1 * sign2))
            touching[second].append((first, -sign1 * sign2))
    turned: dict[int, int] = {}
    for start in range(size):
        if start in turned:
            continue
        turned[start] = 1
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there, factor in touching[here]:
                wanted = turned[here] * factor
                if there not in turned:
                    turned[there] = wanted
                    queue.append(there)
                elif turned[there] != wanted:
                    return None
    arcs: dict[Key, tuple[int, int]] = {}
    for key, pairs in terms.items():
        tail = head = GROUND
        for number, sign in pairs:
            if sign * turned[number] > 0:
                tail = number
            else:
                head = number
        arcs[key] = (tail, head)
    return arcs


def complete(equations: Equations, sensitive: Sensitive, always_shown: Set[Key]) -> set[Key]:
    """Cells to hide beside the sensitive ones so that none of these is determined.

    sensitive: every cell already hidden, with a flag per count that is small. always_shown: may
    not be hidden. Cells of nothing never are: a zero would protect nobody. When even hiding
    all that is left would not do, the result protects what it can and the audit tells.
    """
    if exposed(equations, sensitive.keys(), sensitive) is None:
        return set()
    parts_only = set(always_shown) | equations.totals
    if equations.arcs is not None and len(equations.values) <= MOST_CELLS_SEARCHED:
        for kept in (parts_only, always_shown):
            found = fewest(equations, sensitive, kept)
            if found is not None:
                return found
    return near_fewest(equations, sensitive, always_shown)


def exposed(equations: Equations, hidden: Set[Key], sensitive: Sensitive) -> tuple[Key, int] | None:
    """The first sensitive count that hiding these cells leaves determined."""
    for key, flags in sensitive.items():
        for quantity, small in enumerate(flags):
            if small and is_determined(equations, hidden, key, quantity):
                return key, quantity
    return None


def is_determined(equations: Equations, hidden: Set[Key], key: Key, quantity: int) -> bool:
    """Whether everyone can work out this hidden count."""
    if equations.arcs is None:
        return is_in_no_solution_line(equations, hidden, key, quantity)
    tail, head = equations.arcs[key]
    if tail in reachable(equations, hidden, key, quantity, head):
        return False
    if not equations.movable(key, quantity):
        return True
    return head not in reachable(equations, hidden, key, quantity, tail)


def reachable(
    equations: Equations, hidden: Set[Key], without: Key, quantity: int, start: int
) -> set[int]:
    """Equations that a change can flow to from one, through hidden cells other than `without`."""
    assert equations.arcs is not None
    onward: dict[int, list[int]] = {}
    for key in hidden:
        if key == without:
            continue
        tail, head = equations.arcs[key]
        onward.setdefault(tail, []).append(head)
        if equations.movable(key, quantity):
            onward.setdefault(head, []).append(tail)
    found, queue = {start}, [start]
    while queue:
        for there in onward.get(queue.pop(), ()):
            if there not in found:
                found.add(there)
                queue.append(there)
    return found


def is_in_no_solution_line(equations: Equations, hidden: Set[Key], key: Key, quantity: int) -> bool:
    """Rank test: no combination of the other hidden cells makes up for a change of this one."""
    others = [k for k in hidden if k != key and equations.movable(k, quantity)]
    matrix = np.zeros((equations.size, len(others) + 1))
    for column, each in enumerate((*others, key)):
        for number, sign in equations.terms[each]:
            matrix[number, column] += sign
    if not others:
        return bool(matrix.any())
    rank = np.linalg.matrix_rank
    return bool(rank(matrix) > rank(matrix[:, :-1]))


def candidates(equations: Equations, hidden: Set[Key], kept: Set[Key], quantity: int) -> list[Key]:
    """Cells that could be hidden too, in table order."""
    return [
        key
        for key, counts in equations.values.items()
        if key not in hidden and key not in kept and counts[quantity] > 0
    ]


def fewest(equations: Equations, sensitive: Sensitive, kept: Set[Key]) -> set[Key] | None:
    """The smallest set of further cells, of those the least total. None when none was found.

    Breadth first over the cells that cross the cut around an exposed one: every solution must
    hold one of them.
    """
    arcs = equations.arcs
    assert arcs is not None
    order = {key: position for position, key in enumerate(equations.values)}
    level: dict[frozenset[Key], None] = {frozenset(): None}
    states = 0
    for _ in range(MOST_ADDED_IN_SEARCH + 1):
        solved: list[frozenset[Key]] = []
        following: dict[frozenset[Key], None] = {}
        for added in level:
            states += 1
            if states > MOST_STATES_SEARCHED:
                return None
            hidden = sensitive.keys() | added
            problem = exposed(equations, hidden, sensitive)
            if problem is None:
                solved.append(added)
                continue
            key, quantity = problem
            tail, head = arcs[key]
            shores = [reachable(equations, hidden, key, quantity, head)]
            if equations.movable(key, quantity):
                shores.append(reachable(equations, hidden, key, quantity, tail))
            for each in candidates(equations, hidden, kept, quantity):
                start, end = arcs[each]
                if any((start in shore) != (end in shore) for shore in shores):
                    following[added | {each}] = None
        if solved:
            return set(
                min(
                    solved,
                    key=lambda added: (
                        sum(sum(equations.values[k]) for k in added),
                        sorted(order[k] for k in added),
                    ),
                )
            )
        level = following
    return None


def near_fewest(equations: Equations, sensitive: Sensitive, kept: Set[Key]) -> set[Key]:
    """Protect one exposed cell after the other cheaply, then show again what need not hide."""
    added: set[Key] = set()
    unprotected: dict[Key, tuple[bool, ...]] = dict(sensitive)
    while (problem := exposed(equations, sensitive.keys() | added, unprotected)) is not None:
        key, quantity = problem
        hidden = sensitive.keys() | added
        more = (
            neighbour(equations, hidden, kept, key, quantity)
            if equations.arcs is None
            else cheapest_cycle(equations, hidden, kept, key, quantity)
        )
        if more:
            added |= more
        else:
            flags = unprotected[key]
            unprotected[key] = tuple(f and q != quantity for q, f in enumerate(flags))
    for key in sorted(added, key=lambda k: -cost(equations, k)):
        if exposed(equations, sensitive.keys() | (added - {key}), unprotected) is None:
            added.discard(key)
    return added


def cost(equations: Equations, key: Key) -> float:
    """A total costs more than any part; else the fewer people the better."""
    largest = 1 + sum(sum(counts) for counts in equations.values.values())
    return 1 + sum(equations.values[key]) / largest + (1000 if key in equations.totals else 0)


def cheapest_cycle(
    equations: Equations, hidden: Set[Key], kept: Set[Key], key: Key, quantity: int
) -> set[Key]:
    """The cheapest cells that close a cycle through an exposed one; empty when there is none."""
    assert equations.arcs is not None
    onward: dict[int, list[tuple[int, float, Key | None]]] = {}
    for each in hidden - {key}:
        tail, head = equations.arcs[each]
        onward.setdefault(tail, []).append((head, 0.0, None))
        if equations.movable(each, quantity):
            onward.setdefault(head, []).append((tail, 0.0, None))
    for each in candidates(equations, hidden, kept, quantity):
        tail, head = equations.arcs[each]
        price = cost(equations, each)
        onward.setdefault(tail, []).append((head, price, each))
        onward.setdefault(head, []).append((tail, price, each))
    tail, head = equations.arcs[key]
    found = cheapest_path(onward, head, tail)
    if equations.movable(key, quantity):
        found = min(found, cheapest_path(onward, tail, head), key=lambda pair: pair[0])
    return found[1]


def cheapest_path(
    onward: Mapping[int, Sequence[tuple[int, float, Key | None]]], start: int, goal: int
) -> tuple[float, set[Key]]:
    """(price, cells to hide); infinite and empty when there is no way."""
    ticket = count()
    queue: list[tuple[float, int, int, frozenset[Key]]] = [(0.0, next(ticket), start, frozenset())]
    done: set[int] = set()
    while queue:
        price, _, here, taken = heapq.heappop(queue)
        if here == goal:
            return price, set(taken)
        if here in done:
            continue
        done.add(here)
        for there, step, cell in onward.get(here, ()):
            if there not in done:
                path = taken if cell is None else taken | {cell}
                heapq.heappush(queue, (price + step, next(ticket), there, path))
    return float("inf"), set()


def neighbour(
    equations: Equations, hidden: Set[Key], kept: Set[Key], key: Key, quantity: int
) -> set[Key]:
    """The cheapest further cell in a sum with this one, or failing that with any hidden one."""
    possible = candidates(equations, hidden, kept, quantity)
    for near in ((key,), tuple(hidden)):
        around = {number for each in near for number, _ in equations.terms[each]}
        beside = [k for k in possible if any(n in around for n, _ in equations.terms[k])]
        if beside:
            return {min(beside, key=lambda k: cost(equations, k))}
    return set()
