"""Chart drawing in two steps: geometry as plain data, then SVG text with attributes only."""

from analytics.charts.dumbbells import dumbbell_axis_svg, dumbbell_svg
from analytics.charts.gap_drawing import gap_chart_svg
from analytics.charts.geometry import Flag, RunGeometry, run_geometry
from analytics.charts.icons import assurance_icon_svg, variation_icon_svg
from analytics.charts.run_drawing import run_chart_svg
from analytics.charts.scales import Scale, scale_for, shared_scale

__all__ = [
    "Flag",
    "RunGeometry",
    "Scale",
    "assurance_icon_svg",
    "dumbbell_axis_svg",
    "dumbbell_svg",
    "gap_chart_svg",
    "run_chart_svg",
    "run_geometry",
    "scale_for",
    "shared_scale",
    "variation_icon_svg",
]
