"""Scores as numbers: weighted means, spreads, and where readers are far apart. No queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collaboratives.blueprints.schema import Reviewing

Scores = Mapping[str, int]  # by criterion; one without a score is not in it


def weighted(scores: Scores, reviewing: Reviewing) -> float | None:
    """The mean of one reader's scores by the rubric's weights; None before the first score."""
    given = [(one.weight, scores[one.code]) for one in reviewing.rubric if one.code in scores]
    if not given:
        return None
    return sum(weight * value for weight, value in given) / sum(weight for weight, _v in given)


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


@dataclass(frozen=True)
class Spread:
    """How several readers scored one thing. apart: the highest less the lowest."""

    values: tuple[float, ...]
    far: bool  # so far apart that it is worth a talk

    @property
    def mean(self) -> float | None:
        return mean(self.values)

    @property
    def apart(self) -> float:
        return max(self.values) - min(self.values) if self.values else 0


def by_criterion(reviews: Sequence[Scores], reviewing: Reviewing) -> dict[str, Spread]:
    found = {}
    for one in reviewing.rubric:
        values = tuple(scores[one.code] for scores in reviews if one.code in scores)
        far = len(values) > 1 and max(values) - min(values) >= reviewing.apart
        found[one.code] = Spread(values, far)
    return found


def overall(reviews: Sequence[Scores], reviewing: Reviewing) -> Spread:
    """Each reader's weighted mean. Far: some criterion is, or the means themselves are."""
    means = [value for scores in reviews if (value := weighted(scores, reviewing)) is not None]
    far = any(spread.far for spread in by_criterion(reviews, reviewing).values())
    far = far or (len(means) > 1 and max(means) - min(means) >= reviewing.apart)
    return Spread(tuple(means), far)


def leanings(table: Mapping[int, Mapping[int, float]]) -> dict[int, float]:
    """How much higher or lower each reader scores than the others on the same applications.

    table: by application, each reader's mean. Readers who share no application have no entry.
    """
    differences: dict[int, list[float]] = {}
    for row in table.values():
        for reader, value in row.items():
            others = [other for one, other in row.items() if one != reader]
            if others:
                differences.setdefault(reader, []).append(value - sum(others) / len(others))
    return {reader: sum(found) / len(found) for reader, found in differences.items()}
