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
    return given
