"""Hiding small numbers, and the other numbers they could be worked out from.

One rule for every audience that may not see a team's numbers whole: counts from 1 to 10 are
hidden (CMS cell suppression policy; the threshold is a choice of the program), a zero is shown.
A proportion is hidden when its numerator, its complement or its denominator is small: "38 of
40" tells of two. Statistics are computed after masking, never before.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analytics.disclosure import Equations, complete

Key = Hashable
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Policy:
    """threshold: counts from 1 to threshold - 1 are hidden.

    hidden_at_least: what everyone knows of a hidden count. Since zeros are shown it is 1; 0
    gives the weaker reader of published examples. hide_totals: a total may be hidden too, when
    it is small or when its parts cannot be protected otherwise.
    """

    threshold: int = 11
    hidden_at_least: int = 1
    hide_totals: bool = True

    def is_small(self, count: float | None) -> bool:
        return count is not None and 0 < count < self.threshold


@dataclass(frozen=True, slots=True)
class Sum:
    """The published fact that `total` is the sum of `parts` (keys of cells)."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by key and every sum among them that a reader knows to hold.

    A cell is a tuple of counts: (count,) or (numerator, complement); None where nothing was
    reported. Build it with `counts_table` or `strata_table`. Sums that hold a missing part are
    kept: a part nobody reported adds nothing.
    """

    cells: Mapping[Key, tuple[float, ...] | None]
    sums: tuple[Sum, ...] = ()
    proportion: bool = False

    def is_total(self, key: Key) -> bool:
        return any(each.total == key for each in self.sums)


@dataclass(frozen=True, slots=True)
class Published:
    """What a reader sees: hidden cells by key, the others' counts, and the sums that hold."""

    shown: Mapping[Key, tuple[float, ...]]
    hidden: tuple[Key, ...]
    sums: tuple[Sum, ...]
    quantities: int
    at_least: float


@dataclass(frozen=True, slots=True)
class Masked:
    """A table after suppression.

    cells: None where hidden or not reported. primary: hidden because small. complementary:
    hidden so that primaries cannot be worked out; readers see the same mark for both.
    """

    cells: Mapping[Key, tuple[float, ...] | None]
    primary: tuple[Key, ...]
    complementary: tuple[Key, ...]
    policy: Policy
    published: Published = field(repr=False)

    @property
    def hidden(self) -> frozenset[Key]:
        return frozenset(self.primary) | frozenset(self.complementary)


def counts_table(
    cells: Sequence[Sequence[float | None]],
    *,
    row_totals: bool = True,
    col_totals: bool = False,
) -> Table:
    """A grid of counts with its margins, which are summed here.

    Keys are (row, column); totals are (row, "total"), ("total", column), ("total", "total").
    One row with row_totals is a list of groups with their total.
    """
    filled: dict[Key, tuple[float, ...] | None] = {}
    for r, line in enumerate(cells):
        for c, count in enumerate(line):
            filled[r, c] = None if count is None else (checked(count),)
    rows, columns = range(len(cells)), range(len(cells[0]) if cells else 0)
    sums: list[Sum] = []
    if row_totals:
        sums += [Sum((r, TOTAL), tuple((r, c) for c in columns)) for r in rows]
    if col_totals:
        sums += [Sum((TOTAL, c), tuple((r, c) for r in rows)) for c in columns]
    if row_totals and col_totals:
        sums += [
            Sum((TOTAL, TOTAL), tuple((r, TOTAL) for r in rows)),
            Sum((TOTAL, TOTAL), tuple((TOTAL, c) for c in columns)),
        ]
    add_totals(filled, sums, 1)
    return Table(filled, tuple(sums))


def strata_table(
    cells: Mapping[tuple[Hashable, Hashable], tuple[float, float] | None],
    *,
    totals: Mapping[Hashable, tuple[float, float] | None] | None = None,
    windows: Mapping[Hashable, Sequence[Hashable]] | None = None,
    exclusive: bool = True,
) -> Table:
    """Proportions by period and group, with whatever totals are published beside them.

    cells: (period, group) to (numerator, denominator), unknown groups among them. totals:
    period to the counts of all patients, published as (period, "total"). windows: name to the
    periods pooled under it, published as (window, group) and (window, "total"). exclusive: False
    for sets where a person counts in several groups, so nothing adds up to the total. Raises
    ValueError for impossible counts.
    """
    filled: dict[Key, tuple[float, ...] | None] = {}
    for key, counts in cells.items():
        filled[key] = None if counts is None else split(*counts)
    periods = list(dict.fromkeys(period for period, _ in cells))
    groups: list[Hashable] = list(dict.fromkeys(group for _, group in cells))
    sums: list[Sum] = []
    columns = list(groups)
    if totals is not None:
        columns.append(TOTAL)
        for period, counts in totals.items():
            filled[period, TOTAL] = None if counts is None else split(*counts)
            parts = tuple((period, g) for g in groups if (period, g) in filled)
            if exclusive and parts and counts is not None:
                sums.append(Sum((period, TOTAL), parts))
    for window, pooled in (windows or {}).items():
        inside = set(pooled)
        for group in columns:
            parts = tuple((p, group) for p in periods if p in inside and (p, group) in filled)
            if parts:
                sums.append(Sum((window, group), parts))
        if exclusive and totals is not None:
            sums.append(Sum((window, TOTAL), tuple((window, group) for group in groups)))
    add_totals(filled, sums, 2)
    return Table(filled, tuple(s for s in sums if s.total in filled), proportion=True)


def split(num: float, den: float) -> tuple[float, float]:
    """(numerator, complement). Raises ValueError when the numerator is not within the whole."""
    if checked(num) > checked(den):
        raise ValueError(f"A proportion cannot count {num:g} of {den:g}.")
    return num, den - num


def checked(count: float) -> float:
    if not math.isfinite(count) or count < 0:
        raise ValueError("Counts are finite and not negative.")
    return count


def add_totals(
    cells: dict[Key, tuple[float, ...] | None], sums: Iterable[Sum], quantities: int
) -> None:
    """Fill in the totals that were not given."""
    for each in sums:
        if each.total not in cells:
            known = [counts for part in each.parts if (counts := cells.get(part)) is not None]
            cells[each.total] = tuple(sum(c[q] for c in known) for q in range(quantities))


def is_primary(counts: tuple[float, ...] | None, policy: Policy, proportion: bool) -> bool:
    """Small in itself: any of its counts, or for a proportion their sum, the denominator."""
    if counts is None:
        return False
    small = any(policy.is_small(count) for count in counts)
    return small or (proportion and policy.is_small(sum(counts)))


def suppress(
    table: Table,
    policy: Policy | None = None,
    *,
    keep_hidden: Collection[Key] = (),
    already_shown: Collection[Key] = (),
) -> Masked:
    """Hide every small cell and as few others as protect it from subtraction.

    keep_hidden: cells that an earlier release hid, so that two releases are not set against each
    other. already_shown: cells that an earlier release showed as they are now; to hide them would
    protect nobody, so others are hidden in their place. Small tables get the fewest complementary
    cells there are, and among those the least hidden total; large ones a near-least set.
    `analytics.audit` proves the outcome.
    """
    policy = policy or Policy()
    totals = set() if policy.hide_totals else {s.total for s in table.sums}
    always_shown = totals | set(already_shown)
    primary = [
        key
        for key, counts in table.cells.items()
        if key not in totals
        and (is_primary(counts, policy, table.proportion) or (key in keep_hidden and counts))
    ]
    at_least = 0.0 if table.proportion else float(policy.hidden_at_least)
    equations = Equations.of(table.cells, [(s.total, s.parts) for s in table.sums], at_least)
    sensitive = {
        key: tuple(policy.is_small(count) for count in table.cells[key] or ()) for key in primary
    }
    complementary = complete(equations, sensitive, always_shown)
    hidden = set(primary) | complementary
    shown = {
        key: counts
        for key, counts in table.cells.items()
        if key not in hidden and counts is not None
    }
    ordered = [key for key in table.cells if key in hidden]
    return Masked(
        cells={key: shown.get(key) for key in table.cells},
        primary=tuple(primary),
        complementary=tuple(key for key in ordered if key in complementary),
        policy=policy,
        published=Published(
            shown=shown,
            hidden=tuple(ordered),
            sums=tuple(s for s in table.sums if adds_up(s, table.cells)),
            quantities=2 if table.proportion else 1,
            at_least=at_least,
        ),
    )


def adds_up(each: Sum, cells: Mapping[Key, tuple[float, ...] | None]) -> bool:
    """Whether a sum holds in the data: figures that do not reconcile lead a reader astray."""
    total = cells.get(each.total)
    if total is None:
        return False
    parts = [counts for part in each.parts if (counts := cells.get(part)) is not None]
    return all(
        abs(sum(counts[q] for counts in parts) - amount) < 1e-9 for q, amount in enumerate(total)
    )
