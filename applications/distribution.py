"""Who reads what: shared out evenly, or to those who know the topic. No queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wanting:
    """An application that lacks readers."""

    pk: int
    lacks: int
    has: frozenset[int] = frozenset()  # readers it has
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reader:
    pk: int
    load: int  # applications they still have to read
    topics: frozenset[str] = frozenset()


def share_out(
    wanting: Sequence[Wanting],
    readers: Sequence[Reader],
    hidden: Mapping[int, Collection[int]],
    *,
    by_topic: bool = False,
) -> list[tuple[int, int]]:
    """(application, reader) for every place that can be filled.

    One reader for each application in turn, the least read first, so that none waits for a
    first reader while another gets its third. Each goes to whoever has the least to read; by
    topic, to whoever knows most of its topics, and among those to whoever has the least.
    hidden: applications with which a reader has a conflict of interest.
    """
    loads = {reader.pk: reader.load for reader in readers}
    given: list[tuple[int, int]] = []
    has = {one.pk: set(one.has) for one in wanting}
    for turn in range(max((one.lacks for one in wanting), default=0)):
        order = sorted(wanting, key=lambda one: (len(has[one.pk]), one.pk))
        for one in (one for one in order if one.lacks > turn):
            free = [
                reader
                for reader in readers
                if reader.pk not in has[one.pk] and one.pk not in hidden.get(reader.pk, ())
            ]
            if not free:
                continue
            chosen = min(
                free,
                key=lambda reader: (
                    -len(reader.topics & one.topics) if by_topic else 0,
                    loads[reader.pk],
                    reader.pk,
                ),
            )
            has[one.pk].add(chosen.pk)
            loads[chosen.pk] += 1
            given.append((one.pk, chosen.pk))
    return given if by_topic else _balanced(given, has, loads, hidden)


def _balanced(
    given: list[tuple[int, int]],
    has: Mapping[int, set[int]],
    loads: dict[int, int],
    hidden: Mapping[int, Collection[int]],
) -> list[tuple[int, int]]:
    """One after the other gives what the last readers may not take to those who have most: pass
    on what can be passed on, until nobody has two more than somebody who could take one."""
    given = list(given)
    while True:
        for place, (one, most) in enumerate(given):
            able = [
                reader
                for reader in loads
                if reader not in has[one]
                and one not in hidden.get(reader, ())
                and loads[reader] <= loads[most] - 2
            ]
            if able:
                least = min(able, key=lambda reader: (loads[reader], reader))
                has[one].symmetric_difference_update({most, least})
                loads[most] -= 1
                loads[least] += 1
                given[place] = (one, least)
                break
        else:
            return given
