"""Run and control charts as SVG text."""

from collections.abc import Sequence

from analytics.chart import Chart
from analytics.charts import svg
from analytics.charts.geometry import Flag, RunGeometry, Size, run_geometry
from analytics.charts.scales import Scale, scale_for
from analytics.words import Number, plain_number, sentence


def run_chart_svg(
    chart: Chart,
    *,
    labels: Sequence[str],
    title: str,
    uid: str,
    unit: str = "",
    decimals: int = 0,
    number: Number | None = None,
    goal: float | None = None,
    goal_label: str | None = None,
    flags: Sequence[Flag] = (),
    scale: Scale | None = None,
    others: Sequence[Sequence[float | None]] = (),
    positions: Sequence[float] | None = None,
    desc: str | None = None,
    size: Size = "small",
    bounds: tuple[float | None, float | None] = (None, None),
    centre_name: str = "Median",
) -> str:
    """A run or control chart, the same text for the page and the PDF.

    labels: each period's name. uid: unique on the page, it makes the ids. unit: "%" and the like,
    written after numbers; or number: writes a value itself. others: values of the other groups,
    already masked, as faint lines. desc: the sentence in the reader's language; English without.
    scale: shared by small multiples (`shared_scale`); made here within bounds without. Raises
    ValueError when labels, flags or others do not fit the chart.
    """
    write = number or plain_number(unit, decimals)
    if scale is None:
        lines = (chart.value, chart.cl, chart.lcl, chart.ucl)
        values = [value for line in lines for value in line]
        scale = scale_for(values, goal=goal, bounds=bounds, smallest_step=10.0**-decimals)
    geometry = run_geometry(
        chart,
        labels=labels,
        number=write,
        goal=goal,
        goal_label=goal_label,
        flags=flags,
        scale=scale,
        others=others,
        positions=positions,
        size=size,
        centre_name=centre_name,
    )
    told = sentence(chart, labels=labels, number=write).text if desc is None else desc
    return draw_run(geometry, uid=uid, title=title, desc=told)


def draw_run(geometry: RunGeometry, *, uid: str, title: str, desc: str) -> str:
    """The drawing, back to front: grid, context, goal, limits, lines, marks, labels."""
    frame = geometry.frame
    parts = [svg.opening(uid, frame.width, frame.height, title, desc)]
    rows = [tick.position for tick in geometry.y_ticks]
    parts.append(svg.grid(rows, frame.left, frame.edge))
    for tick in geometry.y_ticks:
        parts.append(svg.text(frame.left - 7, tick.position + 4, tick.text, anchor="end"))
    parts.append(svg.ticks(geometry.x_ticks, frame.floor))
    for tick in geometry.x_labels:
        parts.append(svg.text(tick.position, frame.height - 6, tick.text, anchor=tick.anchor))
    parts.append(svg.stroke_path(geometry.others, svg.CONTEXT, 1, opacity=0.75))
    for x in geometry.phase_breaks:
        parts.append(svg.line(x, frame.top, x, frame.floor, svg.INK_5, 0.9, "1.5 3"))
    if geometry.goal_y is not None and geometry.goal is not None:
        y, goal = geometry.goal_y, geometry.goal
        parts.append(svg.line(frame.left, y, frame.edge, y, svg.GOAL, 1.4))
        parts.append(svg.text(goal.x, goal.y, goal.text, fill=svg.GOAL, weight=600))
    parts.append(svg.stroke_path(geometry.limits, svg.LIMIT, 1.1))
    parts.append(svg.stroke_path(geometry.trial_limits, svg.LIMIT, 1.1, "3 3"))
    for level in geometry.centres:
        parts.append(svg.line(level.x1, level.y, level.x2, level.y, svg.INK_7, 1.3, "5 4"))
    for flag in geometry.flags:
        parts.append(
            svg.stroke_path(
                [[(flag.badge_x, frame.top - 5), (flag.x, frame.top), (flag.x, frame.floor)]],
                svg.INK_5,
                0.9,
            )
        )
        parts.append(svg.badge(flag.badge_x, frame.top - 13, flag.number))
    parts.append(svg.stroke_path(geometry.line, svg.INK_7, 1.9))
    for x, y in geometry.masked:
        parts.append(svg.cross(x, y))
    for mark in geometry.marks:
        shape = svg.marker(
            mark.marker, mark.x, mark.y, mark.tone, hollow=mark.hollow, weak=mark.weak
        )
        parts.append(
            f'<g data-index="{mark.index}" data-label="{svg.escape(mark.label)}" '
            f'data-value="{svg.escape(mark.value)}">{shape}</g>'
        )
    if geometry.last_value is not None:
        last = geometry.last_value
        fill = svg.INK if last.tone in ("common", "excluded") else svg.TONES[last.tone]
        parts.append(svg.text(last.x, last.y, last.text, size=16, fill=fill, weight=700))
    if geometry.centre_label is not None:
        label = geometry.centre_label
        parts.append(svg.text(label.x, label.y, label.text, fill=svg.INK_7))
    parts.append("</svg>")
    return "".join(parts)
