"""Where everything of a run or control chart goes, in pixels of the drawing, as plain data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import Literal

from analytics.chart import Chart
from analytics.charts.scales import Scale, scale_for
from analytics.words import Number, plain_number

Size = Literal["small", "wide"]
Anchor = Literal["start", "middle", "end"]
Marker = Literal["round", "diamond", "square", "up", "down"]
XY = tuple[float, float]
Height = Callable[[float], float]

FLAG_RADIUS = 8.2
FLAG_SPACING = 17.6
LABEL_WIDTH = 58


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and its plot area."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def floor(self) -> float:
        return self.height - self.bottom

    @property
    def edge(self) -> float:
        return self.width - self.right


FRAMES: dict[Size, Frame] = {
    "small": Frame(372, 214, 34, 48, 26, 26),
    "wide": Frame(760, 380, 46, 128, 30, 32),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A tested change: its number in the list below the chart and the index of its period."""

    number: int
    index: int


@dataclass(frozen=True, slots=True)
class Tick:
    position: float
    text: str
    anchor: Anchor = "end"


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn point. hollow: few cases. weak: only a trend, the weaker finding.

    tone: common, improvement, concern, high, low, or excluded.
    """

    x: float
    y: float
    marker: Marker
    tone: str
    hollow: bool
    weak: bool
    index: int
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal stretch, for a centre line of one phase."""

    x1: float
    x2: float
    y: float


@dataclass(frozen=True, slots=True)
class PlacedFlag:
    number: int
    x: float
    badge_x: float


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    tone: str = "common"


@dataclass(frozen=True, slots=True)
class RunGeometry:
    """Everything to draw, in pixels from the top left. Lists of points are unbroken lines."""

    frame: Frame
    size: Size
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[float, ...]
    x_labels: tuple[Tick, ...]
    others: tuple[tuple[XY, ...], ...]
    line: tuple[tuple[XY, ...], ...]
    marks: tuple[Mark, ...]
    masked: tuple[XY, ...]
    centres: tuple[Level, ...]
    limits: tuple[tuple[XY, ...], ...]
    trial_limits: tuple[tuple[XY, ...], ...]
    phase_breaks: tuple[float, ...]
    goal: Label | None
    goal_y: float | None
    flags: tuple[PlacedFlag, ...]
    last_value: Label | None
    centre_label: Label | None


MARKERS: dict[str, Marker] = {
    "improvement": "diamond",
    "concern": "square",
    "high": "up",
    "low": "down",
}


def unbroken(points: Sequence[XY | None]) -> tuple[tuple[XY, ...], ...]:
    """Split at gaps; single points are left to their marks."""
    pieces: list[tuple[XY, ...]] = []
    current: list[XY] = []
    for point in (*points, None):
        if point is not None:
            current.append(point)
            continue
        if len(current) > 1:
            pieces.append(tuple(current))
        current = []
    return tuple(pieces)


def run_geometry(
    chart: Chart,
    *,
    labels: Sequence[str],
    number: Number | None = None,
    goal: float | None = None,
    goal_label: str | None = None,
    flags: Sequence[Flag] = (),
    scale: Scale | None = None,
    others: Sequence[Sequence[float | None]] = (),
    positions: Sequence[float] | None = None,
    size: Size = "small",
    bounds: tuple[float | None, float | None] = (None, None),
    centre_name: str = "Median",
) -> RunGeometry:
    """Place a chart in its frame.

    positions: where each period lies on the time axis (days, say), when they are unequal; equal
    steps otherwise, with a slot for every missing period. bounds: natural ends for a scale made
    here. Raises ValueError when labels, positions, others or flags do not fit the chart.
    """
    count = len(chart.value)
    if len(labels) != count or any(len(other) != count for other in others):
        raise ValueError("Labels and other groups need one entry per point.")
    if positions is not None and len(positions) != count:
        raise ValueError("Positions need one entry per point.")
    write = number or plain_number()
    frame = FRAMES[size]
    scale = scale or scale_for((*chart.value, *chart.cl), goal=goal, bounds=bounds)
    xs = across(frame, count, positions)

    per_unit = (frame.floor - frame.top) / (scale.high - scale.low)
    zero = frame.floor + scale.low * per_unit

    def y(value: float) -> float:
        return zero - value * per_unit

    def path(values: Sequence[float | None]) -> tuple[tuple[XY, ...], ...]:
        return unbroken([None if v is None else (xs[i], y(v)) for i, v in enumerate(values)])

    goal_y = goal_text = None
    if goal is not None:
        goal_y = y(goal)
        goal_text = goal_label or f"Goal {write(goal)}"
    heights = [None if v is None else y(v) for v in chart.value]
    joined = [
        None if h is None or c == "excluded" else (xs[i], h)
        for i, (h, c) in enumerate(zip(heights, chart.point_class, strict=True))
    ]
    marks = place_marks(chart, xs, heights, labels, write)
    last = marks[-1] if marks else None
    centres = place_centres(chart, xs, y)
    last_value = None
    if last is not None:
        last_value = Label(frame.edge + 9, last.y + 5.5, last.value, last.tone)
    return RunGeometry(
        frame=frame,
        size=size,
        y_ticks=tuple(
            Tick(y(tick), top_text(write(tick)) if tick == scale.ticks[-1] else bare(write(tick)))
            for tick in scale.ticks
        ),
        x_ticks=tuple(xs[i] for i in range(0, count, 3 if count > 9 else 1)),
        x_labels=place_x_labels(xs, labels, frame),
        others=tuple(piece for other in others for piece in path(other)),
        line=unbroken(joined),
        marks=marks,
        masked=tuple((xs[i], frame.floor - 5) for i in chart.masked),
        centres=centres,
        limits=limit_steps(chart, xs, y, trial=False),
        trial_limits=limit_steps(chart, xs, y, trial=True),
        phase_breaks=tuple((xs[p.start - 1] + xs[p.start]) / 2 for p in chart.phases[1:]),
        goal=None if goal_y is None else place_goal(frame, goal_y, joined, goal_text or ""),
        goal_y=goal_y,
        flags=place_flags(flags, xs, frame, count),
        last_value=last_value,
        centre_label=place_centre_label(chart, centres, last_value, size, write, centre_name),
    )


def top_text(text: str) -> str:
    """The top tick carries the unit where it is short; a word would not fit beside the axis."""
    return text if " " not in text else bare(text)


def bare(text: str) -> str:
    """A number without its unit."""
    return text.rstrip("%").split(" ")[0]


def across(frame: Frame, count: int, positions: Sequence[float] | None) -> list[float]:
    """The x of every period."""
    width = frame.edge - frame.left
    if count == 1:
        return [frame.left + width / 2]
    if positions is None:
        return [frame.left + width * i / (count - 1) for i in range(count)]
    first, last = positions[0], positions[-1]
    if any(b <= a for a, b in pairwise(positions)):
        raise ValueError("Positions must increase.")
    return [frame.left + width * (p - first) / (last - first) for p in positions]


def place_marks(
    chart: Chart,
    xs: Sequence[float],
    ys: Sequence[float | None],
    labels: Sequence[str],
    write: Number,
) -> tuple[Mark, ...]:
    strong = {i for s in chart.signals if s.kind not in ("trend", "candidate") for i in s.indices}
    few = frozenset(chart.few)
    marks: list[Mark] = []
    for i, height in enumerate(ys):
        value = chart.value[i]
        if height is None or value is None:
            continue
        tone = chart.point_class[i]
        marks.append(
            Mark(
                x=xs[i],
                y=height,
                marker=MARKERS.get(tone, "round"),
                tone=tone,
                hollow=i in few or tone == "excluded",
                weak=tone in MARKERS and i not in strong,
                index=i,
                label=labels[i],
                value=write(value),
            )
        )
    return tuple(marks)


def place_centres(chart: Chart, xs: Sequence[float], y: Height) -> tuple[Level, ...]:
    """One level per phase, reaching half a step out but never into its neighbour."""
    levels: list[Level] = []
    for phase in chart.phases:
        if phase.centre is None:
            continue
        x1, x2 = xs[phase.start], xs[phase.end - 1]
        if phase.start > 0:
            x1 -= min(4.0, (xs[phase.start] - xs[phase.start - 1]) * 0.3)
        if phase.end < len(xs):
            x2 += min(4.0, (xs[phase.end] - xs[phase.end - 1]) * 0.3)
        if x2 - x1 < 8:
            x1, x2 = x1 - 4, x2 + 4
        centre = chart.cl[phase.start]
        levels.append(Level(x1, x2, y(phase.centre if centre is None else centre)))
    return tuple(levels)


def limit_steps(
    chart: Chart, xs: Sequence[float], y: Height, *, trial: bool
) -> tuple[tuple[XY, ...], ...]:
    """Limits as steps from half way to half way, broken between phases.

    trial: those of phases too short to lock, or else the others.
    """
    pieces: list[tuple[XY, ...]] = []
    for limits in (chart.lcl, chart.ucl):
        for phase in chart.phases:
            if (phase.status == "trial_limits") != trial:
                continue
            steps: list[XY] = []
            for i in range(phase.start, phase.end):
                value = limits[i]
                if value is None:
                    continue
                left = xs[i] if i == phase.start else (xs[i - 1] + xs[i]) / 2
                right = xs[i] if i == phase.end - 1 else (xs[i] + xs[i + 1]) / 2
                steps += [(left, y(value)), (right, y(value))]
            if steps:
                pieces.append(tuple(steps))
    return tuple(pieces)


def place_x_labels(xs: Sequence[float], labels: Sequence[str], frame: Frame) -> tuple[Tick, ...]:
    """First and last period, and the January (or else the middle) nearest to half way."""
    count = len(xs)
    if count == 0:
        return ()
    if count == 1:
        return (Tick(xs[0], labels[0], "middle"),)
    chosen = [Tick(xs[0], labels[0], "start"), Tick(xs[-1], labels[-1], "end")]
    inner = [i for i in range(1, count - 1) if labels[i].lower().startswith(("jan", "ene"))]
    for i in (*inner, count // 2):
        free = xs[i] - xs[0] > 1.55 * LABEL_WIDTH and xs[-1] - xs[i] > 1.55 * LABEL_WIDTH
        if free and all(abs(xs[i] - t.position) > LABEL_WIDTH * 1.3 for t in chosen[2:]):
            chosen.append(Tick(xs[i], labels[i], "middle"))
    return tuple(chosen)


def place_goal(frame: Frame, goal_y: float, line: Sequence[XY | None], text: str) -> Label:
    """The goal's label stands on its line at the left, or beside it where the least of the drawn
    line runs through the words: above before under, left before right."""
    width = 7.0 * len(text)
    heights = (goal_y - 5, goal_y + 14)
    starts = [frame.left + 3, (frame.left + frame.edge - width) / 2, frame.edge - width - 3]
    places = [
        (x, y) for x in starts for y in heights if frame.top - 8 <= y - 9 and y <= frame.floor
    ] or [(starts[0], heights[0])]
    x, y = min(places, key=lambda at: crossed(line, at[0], at[0] + width, at[1] - 13, at[1] + 4))
    return Label(x, y, text, "goal")


def crossed(line: Sequence[XY | None], left: float, right: float, top: float, bottom: float) -> int:
    """How many of a box's columns, 4 pixels apart, the line runs through."""
    hit: set[int] = set()
    for one, two in pairwise(line):
        if one is None or two is None:
            continue
        first, last = ceil(max(one[0], left) / 4), floor(min(two[0], right) / 4)
        for column in range(first, last + 1):
            share = (4 * column - one[0]) / (two[0] - one[0])
            if top < one[1] + share * (two[1] - one[1]) < bottom:
                hit.add(column)
    return len(hit)


def place_flags(
    flags: Sequence[Flag], xs: Sequence[float], frame: Frame, count: int
) -> tuple[PlacedFlag, ...]:
    """Badges above the plot, moved apart where two would overlap; their lines stay true."""
    placed: list[PlacedFlag] = []
    lowest = frame.left
    for flag in sorted(flags, key=lambda f: (f.index, f.number)):
        if not 0 <= flag.index < count:
            raise ValueError(f"No point {flag.index} to put flag {flag.number} on.")
        badge = max(xs[flag.index], lowest)
        placed.append(PlacedFlag(flag.number, xs[flag.index], badge))
        lowest = badge + FLAG_SPACING
    limit = frame.width - FLAG_RADIUS - 1
    for position in range(len(placed) - 1, -1, -1):
        each = placed[position]
        placed[position] = PlacedFlag(each.number, each.x, min(each.badge_x, limit))
        limit = placed[position].badge_x - FLAG_SPACING
    return tuple(placed)


def place_centre_label(
    chart: Chart,
    centres: Sequence[Level],
    last_value: Label | None,
    size: Size,
    write: Number,
    name: str,
) -> Label | None:
    """On wide charts the line says its name and value at the right, clear of the last value."""
    centre = chart.phases[-1].centre if chart.phases else None
    if size == "small" or not centres or centre is None:
        return None
    height = centres[-1].y + 4.5
    if last_value is not None and abs(height - last_value.y) < 17:
        height = last_value.y + (17 if height >= last_value.y else -17)
    return Label(FRAMES[size].edge + 9, height, f"{name} {write(centre)}", "centre")
