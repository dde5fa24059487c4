"""Codes for what a reader should know about the data behind a chart."""

from collections.abc import Sequence

from analytics.series import on_line


def data_hints(
    values: Sequence[float], few: Sequence[int], natural_bounds: tuple[float, float] | None
) -> list[str]:
    """Hints on data quality; values may hold NaN.

    "few_cases": some point has fewer than 20 cases. "at_bounds": more than half of the points
    sit at 0% or 100%, where a chart of time or cases between events says more (Healthcare
    Improvement Scotland 2017).
    """
    hints: list[str] = []
    if few:
        hints.append("few_cases")
    if natural_bounds is not None:
        low, high = natural_bounds
        shown = [value for value in values if value == value]
        at_bounds = [value for value in shown if on_line(value, low) or on_line(value, high)]
        if 2 * len(at_bounds) > len(shown):
            hints.append("at_bounds")
    return hints
