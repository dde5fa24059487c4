"""Baseline and now as two marks on a line, one drawing per row of a table."""

from analytics.chart import PointClass
from analytics.charts import svg
from analytics.charts.geometry import MARKERS
from analytics.charts.scales import Scale
from analytics.words import Number, plain_number

WIDTH, HEIGHT, SIDE = 150.0, 26.0, 12.0


def across(scale: Scale, value: float) -> float:
    return SIDE + (WIDTH - 2 * SIDE) * min(1.0, max(0.0, scale.share(value)))


def dumbbell_svg(
    baseline: float | None,
    now: float | None,
    *,
    scale: Scale,
    title: str,
    uid: str,
    goal: float | None = None,
    point_class: PointClass = "common",
    few: bool = False,
    number: Number | None = None,
    desc: str | None = None,
) -> str:
    """One row: a ring for the baseline, a mark for now, joined. None where hidden or missing.

    scale: the same for every row and for `dumbbell_axis_svg`. point_class: the finding of the
    group's chart. few: a hollow mark for small numbers.
    """
    write = number or plain_number("%")
    told = desc
    if told is None:
        told = f"{spoken(baseline, write)} at baseline, {spoken(now, write)} now."
    parts = [svg.opening(uid, WIDTH, HEIGHT, title, told)]
    middle = HEIGHT / 2
    for tick in scale.ticks:
        x = across(scale, tick)
        parts.append(svg.line(x, 0, x, HEIGHT, svg.GRID, 1))
    if goal is not None:
        x = across(scale, goal)
        parts.append(svg.line(x, 0, x, HEIGHT, svg.GOAL, 1.6))
    tone = point_class if point_class in MARKERS else "common"
    if baseline is not None and now is not None:
        start, end = across(scale, baseline), across(scale, now)
        parts.append(svg.line(start, middle, end, middle, svg.TONES[tone], 2.4))
    if baseline is not None:
        parts.append(
            f'<circle cx="{svg.n(across(scale, baseline))}" cy="{svg.n(middle)}" r="4.6" '
            f'fill="{svg.PAPER}" stroke="{svg.INK_7}" stroke-width="1.4"/>'
        )
    if now is not None:
        shape = MARKERS.get(tone, "round")
        parts.append(svg.marker(shape, across(scale, now), middle, tone, hollow=few))
    else:
        parts.append(svg.cross(WIDTH / 2, middle))
    parts.append("</svg>")
    return "".join(parts)


def anchor_at(x: float) -> str:
    """Labels near an end lean inwards so that none is cut off."""
    if x < 20:
        return "start"
    return "end" if x > WIDTH - 20 else "middle"


def spoken(value: float | None, write: Number) -> str:
    return "not shown" if value is None else write(value)


def dumbbell_axis_svg(
    scale: Scale,
    *,
    title: str,
    uid: str,
    goal: float | None = None,
    goal_label: str = "Goal",
    number: Number | None = None,
) -> str:
    """The axis under the last row: the ends of the scale and the goal by name."""
    write = number or plain_number("%")
    parts = [svg.opening(uid, WIDTH, 18, title, f"{write(scale.low)} to {write(scale.high)}")]
    taken: list[float] = []
    if goal is not None:
        x = across(scale, goal)
        taken.append(x)
        parts.append(svg.text(x, 13, goal_label, fill=svg.GOAL, anchor=anchor_at(x), weight=600))
    for tick in scale.ticks:
        x = across(scale, tick)
        if all(abs(x - other) > 36 for other in taken):
            taken.append(x)
            parts.append(svg.text(x, 13, write(tick), anchor=anchor_at(x)))
    parts.append("</svg>")
    return "".join(parts)
