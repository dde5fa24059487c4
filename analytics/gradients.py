"""Slopes along the order of disadvantage: SII, RII and concentration indices."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Pair = tuple[float, float | None]
Matrix = NDArray[np.float64]


def ridit_ranks(sizes: Sequence[float]) -> Matrix:
    """The middle of each group's place among all people, from 0 to 1."""
    n = np.asarray(sizes, dtype=float)
    reached = np.cumsum(n)
    middle: Matrix = (reached - n / 2) / reached[-1]
    return middle


def gradient_measures(
    rates: Sequence[float], sizes: Sequence[float], scale: float
) -> dict[str, Pair]:
    """(value, standard error or None) by name; names that cannot be estimated are absent.

    rates: from the most to the least disadvantaged group, in a unit of which scale is a whole
    (100 for percent). sii and rii come from weighted least squares on the rank, with robust
    (HC1) errors; the logit variants from a logistic regression weighted once by size; aci and
    rci from the convenient regression.
    """
    y, n = np.asarray(rates, dtype=float), np.asarray(sizes, dtype=float)
    if float(np.ptp(y)) == 0:
        return {}
    rank = ridit_ranks(sizes)
    found: dict[str, Pair] = {}
    intercept, slope, se = weighted_line(rank, y, n)
    found["sii"] = slope, se
    if intercept > 0 and intercept + slope > 0:
        found["rii"] = (intercept + slope) / intercept, None
    fitted = logistic_line(rank, y / scale, n)
    if fitted is not None:
        bottom, top = (1 / (1 + math.exp(-edge)) for edge in (fitted[0], sum(fitted)))
        found["sii_logit"] = scale * (top - bottom), None
        found["rii_logit"] = top / bottom, None
    found["aci"] = concentration(rank, y, n)
    mean = float(n @ y / n.sum())
    if mean:
        found["rci"] = concentration(rank, y / mean, n)
    return found


def weighted_line(rank: Matrix, y: Matrix, n: Matrix) -> tuple[float, float, float | None]:
    """(intercept, slope, robust standard error of the slope) of weighted least squares."""
    design = np.column_stack([np.ones_like(rank), rank])
    bread = np.linalg.inv(design.T @ (design * n[:, None]))
    line = bread @ (design.T @ (n * y))
    spare = len(y) - 2
    if spare < 1:
        return float(line[0]), float(line[1]), None
    score = n * (y - design @ line)
    meat = design.T @ (design * (score**2)[:, None])
    variance = (bread @ meat @ bread)[1, 1] * len(y) / spare
    return float(line[0]), float(line[1]), math.sqrt(max(0.0, float(variance)))


def logistic_line(rank: Matrix, share: Matrix, n: Matrix) -> tuple[float, float] | None:
    """(intercept, slope) of a logistic regression of shares by Newton's method.

    None for rates that are no shares, and when the groups separate perfectly.
    """
    if bool((share < 0).any()) or bool((share > 1).any()):
        return None
    overall = float(n @ share / n.sum())
    if not 0 < overall < 1:
        return None
    design = np.column_stack([np.ones_like(rank), rank])
    line = np.array([math.log(overall / (1 - overall)), 0.0])
    for _ in range(100):
        fitted = 1 / (1 + np.exp(-np.clip(design @ line, -500, 500)))
        weight = n * fitted * (1 - fitted)
        information = design.T @ (design * weight[:, None])
        if abs(float(np.linalg.det(information))) < 1e-300:
            return None
        step = np.linalg.solve(information, design.T @ (n * (share - fitted)))
        line = line + step
        if float(np.abs(step).max()) < 1e-13:
            break
    if not bool(np.isfinite(line).all()) or float(np.abs(line).max()) > 500:
        return None
    return float(line[0]), float(line[1])


def concentration(rank: Matrix, y: Matrix, n: Matrix) -> Pair:
    """Sum of p(2X-1)y with the standard error of the convenient regression."""
    p = n / n.sum()
    spread = float(p @ (rank - 0.5) ** 2)
    root = np.sqrt(n)
    left = 2 * spread * y * root
    design = np.column_stack([rank * root, root])
    line, _, _, _ = np.linalg.lstsq(design, left, rcond=None)
    spare = len(y) - 2
    if spare < 1:
        return float(line[0]), None
    residual = left - design @ line
    variance = float(residual @ residual) / spare * np.linalg.inv(design.T @ design)[0, 0]
    return float(line[0]), math.sqrt(max(0.0, float(variance)))
