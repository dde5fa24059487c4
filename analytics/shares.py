"""Rates from counts, with the reason wherever there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.series import MISSING_NONE_ELIGIBLE, MISSING_NOT_REPORTED, clean


@dataclass(frozen=True, slots=True)
class Rates:
    """One value per period, None with its reason where there is none."""

    value: tuple[float | None, ...]
    missing: tuple[str | None, ...]


def rates(
    num: Sequence[float | None],
    den: Sequence[float | None],
    *,
    kind: Literal["proportion", "rate", "ratio"] = "proportion",
    multiplier: float = 100.0,
) -> Rates:
    """num over den times the multiplier.

    Nobody eligible (den 0) is a missing value, never 0%. A proportion with more events than cases
    is refused; a rate or ratio may pass the multiplier. Raises ValueError also for negative or
    infinite counts and series of unequal length.
    """
    events, cases = clean(num), clean(den)
    if len(events) != len(cases):
        raise ValueError(f"{len(events)} numerators for {len(cases)} denominators.")
    values: list[float | None] = []
    missing: list[str | None] = []
    for count, whole in zip(events, cases, strict=True):
        if count < 0 or whole < 0:
            raise ValueError("Counts cannot be negative.")
        if kind == "proportion" and count > whole:
            raise ValueError(f"A proportion cannot count {count:g} of {whole:g}.")
        if whole == 0 or count != count or whole != whole:
            values.append(None)
            missing.append(MISSING_NONE_ELIGIBLE if whole == 0 else MISSING_NOT_REPORTED)
        else:
            values.append(multiplier * count / whole)
            missing.append(None)
    return Rates(tuple(values), tuple(missing))
