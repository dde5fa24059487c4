"""What a signal means for people: better or worse, and whether the target will be met."""

from collections.abc import Sequence

from analytics.chart import Direction, PointClass, Side

HIGH_SIDES = ("above", "up")


def sign_of(side: Side | None) -> int:
    """1 for above or up, -1 for below or down, 0 for no side."""
    if side is None:
        return 0
    return 1 if side in HIGH_SIDES else -1


def class_of(sign: int, direction: Direction | None) -> PointClass:
    """The class of a point that a signal put on the high (1) or low (-1) side.

    Without a direction, or with a neutral one, a point is only high or low.
    """
    if sign == 0:
        return "common"
    if direction == "increase":
        return "improvement" if sign > 0 else "concern"
    if direction == "decrease":
        return "concern" if sign > 0 else "improvement"
    return "high" if sign > 0 else "low"


def variation(point_class: Sequence[PointClass], point_side: Sequence[int]) -> str | None:
    """The variation icon: that of the last point.

    "common", or improvement, concern or neutral with "_high" or "_low"; a last point that is
    missing or excluded is "common". None for an empty series.
    """
    if not point_class:
        return None
    last = point_class[-1]
    if last not in ("improvement", "concern", "high", "low"):
        return "common"
    family = last if last in ("improvement", "concern") else "neutral"
    return f"{family}_{'high' if point_side[-1] > 0 else 'low'}"


def assurance(
    *,
    target: float | None,
    direction: Direction | None,
    lower: float | None,
    upper: float | None,
) -> str | None:
    """Will the target be met by the process as it is, judged by its latest limits?

    "pass" or "fail" when the target lies beyond a limit, "hit_or_miss" when within, None
    without target, direction or limits. NHS Making Data Count.
    """
    if target is None or direction in (None, "neutral") or lower is None or upper is None:
        return None
    if target > upper:
        return "fail" if direction == "increase" else "pass"
    if target < lower:
        return "pass" if direction == "increase" else "fail"
    return "hit_or_miss"
