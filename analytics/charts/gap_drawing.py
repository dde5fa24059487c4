"""The gap chart: two lines with the gap shaded, and a strip of the gap with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.charts import svg
from analytics.charts.geometry import (
    MARKERS,
    XY,
    Flag,
    Frame,
    Height,
    Label,
    Level,
    Mark,
    PlacedFlag,
    Tick,
    across,
    bare,
    place_centres,
    place_flags,
    place_goal,
    place_marks,
    place_x_labels,
    top_text,
    unbroken,
)
from analytics.charts.scales import Scale, scale_for
from analytics.gap_series import GapSeries
from analytics.words import Number, gap_sentence, plain_number

FRAME = Frame(760, 430, 46, 190, 30, 166)
STRIP_TOP, STRIP_FLOOR = 314.0, 400.0
SHADE = "#DCEBEC"
LINE_HEIGHT = 17.0


@dataclass(frozen=True, slots=True)
class GapGeometry:
    """Everything to draw, in pixels. whiskers: (x, high end, low end) of each interval."""

    y_ticks: tuple[Tick, ...]
    strip_ticks: tuple[Tick, ...]
    x_labels: tuple[Tick, ...]
    shades: tuple[tuple[XY, ...], ...]
    reference: tuple[tuple[XY, ...], ...]
    group: tuple[tuple[XY, ...], ...]
    reference_marks: tuple[XY, ...]
    group_marks: tuple[XY, ...]
    gap_line: tuple[tuple[XY, ...], ...]
    gap_marks: tuple[Mark, ...]
    whiskers: tuple[tuple[float, float, float], ...]
    centres: tuple[Level, ...]
    zero: float | None
    masked: tuple[XY, ...]
    flags: tuple[PlacedFlag, ...]
    goal: Label | None
    goal_y: float | None
    names: tuple[Label, ...]
    strip_title: Label


def gap_geometry(
    series: GapSeries,
    *,
    labels: Sequence[str],
    reference_name: str,
    group_name: str,
    number: Number,
    gap_name: str = "Gap in points, with 95% interval",
    goal: float | None = None,
    goal_label: str | None = None,
    flags: Sequence[Flag] = (),
    scale: Scale | None = None,
    bounds: tuple[float | None, float | None] = (0, 100),
) -> GapGeometry:
    """Place a gap series. Raises ValueError when the labels or flags do not fit it."""
    count = len(series.gap)
    if len(labels) != count:
        raise ValueError(f"{len(labels)} labels for {count} points.")
    xs = across(FRAME, count, None)
    rates = [[None if i is None else i.value for i in s] for s in (series.reference, series.group)]
    scale = scale or scale_for((*rates[0], *rates[1]), goal=goal, bounds=bounds)
    known = [i for i in series.gap if i is not None]
    strip = scale_for(
        [end for i in known for end in (i.low, i.high)] + [0.0], most_ticks=3, room=0.02
    )

    def y(value: float) -> float:
        return FRAME.top + (FRAME.floor - FRAME.top) * (1 - scale.share(value))

    def strip_y(value: float) -> float:
        return STRIP_TOP + (STRIP_FLOOR - STRIP_TOP) * (1 - strip.share(value))

    points = [[None if v is None else (xs[i], y(v)) for i, v in enumerate(r)] for r in rates]
    both = [
        None if upper is None or lower is None else (upper, lower)
        for upper, lower in zip(*points, strict=True)
    ]
    gap_values = series.chart.value
    heights = [None if v is None else strip_y(v) for v in gap_values]
    goal_y = None if goal is None else y(goal)
    latest = next((v for v in reversed(gap_values) if v is not None), None)
    last_gap = "" if latest is None else bare(number(latest))
    return GapGeometry(
        y_ticks=value_ticks(scale, y, number),
        strip_ticks=tuple(Tick(strip_y(t), bare(number(t))) for t in strip.ticks),
        x_labels=place_x_labels(xs, labels, FRAME),
        shades=shades(both),
        reference=unbroken(points[0]),
        group=unbroken(points[1]),
        reference_marks=tuple(p for p in points[0] if p is not None),
        group_marks=tuple(p for p in points[1] if p is not None),
        gap_line=unbroken([None if h is None else (xs[i], h) for i, h in enumerate(heights)]),
        gap_marks=place_marks(series.chart, xs, heights, labels, number),
        whiskers=tuple(
            (xs[i], strip_y(each.high), strip_y(each.low))
            for i, each in enumerate(series.gap)
            if each is not None and each.low is not None and each.high is not None
        ),
        centres=place_centres(series.chart, xs, strip_y),
        zero=strip_y(0.0) if known else None,
        masked=tuple((xs[i], FRAME.floor - 5) for i in series.masked),
        flags=place_flags(flags, xs, FRAME, count),
        goal=None
        if goal is None or goal_y is None
        else place_goal(
            FRAME, goal_y, (*points[0], None, *points[1]), goal_label or f"Goal {number(goal)}"
        ),
        goal_y=goal_y,
        names=place_names(points, heights, (reference_name, group_name), last_gap),
        strip_title=Label(FRAME.left, STRIP_TOP - 11, gap_name, "centre"),
    )


def value_ticks(scale: Scale, y: Height, number: Number) -> tuple[Tick, ...]:
    top = scale.ticks[-1]
    return tuple(
        Tick(y(t), top_text(number(t)) if t == top else bare(number(t))) for t in scale.ticks
    )


def shades(both: Sequence[tuple[XY, XY] | None]) -> tuple[tuple[XY, ...], ...]:
    """One polygon per stretch in which both lines run: along one and back along the other."""
    pieces: list[tuple[XY, ...]] = []
    current: list[tuple[XY, XY]] = []
    for pair in (*both, None):
        if pair is not None:
            current.append(pair)
            continue
        if len(current) > 1:
            pieces.append((*(a for a, _ in current), *(b for _, b in reversed(current))))
        current = []
    return tuple(pieces)


def place_names(
    points: Sequence[Sequence[XY | None]],
    heights: Sequence[float | None],
    names: tuple[str, str],
    gap: str,
) -> tuple[Label, ...]:
    """Direct labels at the right end of the two lines and the strip, kept apart."""
    blocks: list[tuple[float, list[str], str]] = []
    for line, name, tone in zip(points, names, ("centre", "common"), strict=True):
        last = next((p for p in reversed(line) if p is not None), None)
        if last is not None:
            blocks.append((last[1], wrapped(name), tone))
    blocks.sort(key=lambda block: block[0])
    placed: list[Label] = []
    heights_taken = [LINE_HEIGHT * len(block[1]) for block in blocks]
    tops = [block[0] - taken / 2 for block, taken in zip(blocks, heights_taken, strict=True)]
    if len(tops) == 2 and (overlap := tops[0] + heights_taken[0] - tops[1]) > 0:
        tops = [tops[0] - overlap / 2, tops[1] + overlap / 2]
    for top, (_, texts, tone) in zip(tops, blocks, strict=True):
        for number, each in enumerate(texts):
            y = top + LINE_HEIGHT * number + 12.5
            placed.append(Label(FRAME.edge + 10, y, each, tone))
    last_gap = next((h for h in reversed(heights) if h is not None), None)
    if last_gap is not None:
        placed.append(Label(FRAME.edge + 10, last_gap + 5, gap, "common"))
    return tuple(placed)


def wrapped(name: str, width: int = 22) -> list[str]:
    """A name on as many lines as it needs at the right of the chart."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def gap_chart_svg(
    series: GapSeries,
    *,
    labels: Sequence[str],
    title: str,
    uid: str,
    reference_name: str,
    group_name: str,
    unit: str = "%",
    number: Number | None = None,
    gap_name: str = "Gap in points, with 95% interval",
    goal: float | None = None,
    goal_label: str | None = None,
    flags: Sequence[Flag] = (),
    scale: Scale | None = None,
    bounds: tuple[float | None, float | None] = (0, 100),
    desc: str | None = None,
) -> str:
    """A gap series as SVG text: rates above, the gap in points with its 95% interval below.

    desc: the caption in the reader's language; English without. Raises ValueError when labels
    or flags do not fit the series.
    """
    write = number or plain_number(unit)
    geometry = gap_geometry(
        series,
        labels=labels,
        reference_name=reference_name,
        group_name=group_name,
        number=write,
        gap_name=gap_name,
        goal=goal,
        goal_label=goal_label,
        flags=flags,
        scale=scale,
        bounds=bounds,
    )
    told = desc if desc is not None else gap_sentence(series).text
    return draw_gap(geometry, uid=uid, title=title, desc=told)


def draw_gap(geometry: GapGeometry, *, uid: str, title: str, desc: str) -> str:
    """The drawing, back to front."""
    parts = [svg.opening(uid, FRAME.width, FRAME.height, title, desc)]
    rows = [tick.position for tick in (*geometry.y_ticks, *geometry.strip_ticks)]
    parts.append(svg.grid(rows, FRAME.left, FRAME.edge))
    for tick in (*geometry.y_ticks, *geometry.strip_ticks):
        parts.append(svg.text(FRAME.left - 7, tick.position + 4, tick.text, anchor="end"))
    for tick in geometry.x_labels:
        parts.append(svg.text(tick.position, FRAME.height - 8, tick.text, anchor=tick.anchor))
    for shade in geometry.shades:
        parts.append(f'<path d="{svg.moves(shade)}z" fill="{SHADE}"/>')
    if geometry.goal is not None and geometry.goal_y is not None:
        y, goal = geometry.goal_y, geometry.goal
        parts.append(svg.line(FRAME.left, y, FRAME.edge, y, svg.GOAL, 1.4))
        parts.append(svg.text(goal.x, goal.y, goal.text, fill=svg.GOAL, weight=600))
    for flag in geometry.flags:
        bend = [(flag.badge_x, FRAME.top - 5), (flag.x, FRAME.top), (flag.x, STRIP_FLOOR)]
        parts.append(svg.stroke_path([bend], svg.INK_5, 0.9))
        parts.append(svg.badge(flag.badge_x, FRAME.top - 13, flag.number))
    parts.append(svg.stroke_path(geometry.reference, svg.INK_5, 1.6, "6 3"))
    parts.append(svg.stroke_path(geometry.group, svg.INK_7, 2.2))
    for x, y in geometry.reference_marks:
        parts.append(svg.marker("round", x, y, "common", hollow=True))
    for x, y in geometry.group_marks:
        parts.append(svg.marker("round", x, y, "common"))
    for x, y in geometry.masked:
        parts.append(svg.cross(x, y))
    if geometry.zero is not None:
        parts.append(svg.line(FRAME.left, geometry.zero, FRAME.edge, geometry.zero, svg.INK_7, 1))
    for level in geometry.centres:
        parts.append(svg.line(level.x1, level.y, level.x2, level.y, svg.INK_7, 1.3, "5 4"))
    for x, high, low in geometry.whiskers:
        parts.append(svg.line(x, high, x, low, svg.LIMIT, 1.6))
    parts.append(svg.stroke_path(geometry.gap_line, svg.INK_7, 1.4))
    for mark in geometry.gap_marks:
        shape = svg.marker(
            MARKERS.get(mark.tone, "round"), mark.x, mark.y, mark.tone, weak=mark.weak
        )
        parts.append(
            f'<g data-index="{mark.index}" data-label="{svg.escape(mark.label)}" '
            f'data-value="{svg.escape(mark.value)}">{shape}</g>'
        )
    title_label = geometry.strip_title
    parts.append(svg.text(title_label.x, title_label.y, title_label.text, fill=svg.INK_7))
    for label in geometry.names:
        weight = 700 if label.tone == "common" else 0
        parts.append(svg.text(label.x, label.y, label.text, size=14, fill=svg.INK, weight=weight))
    parts.append("</svg>")
    return "".join(parts)
