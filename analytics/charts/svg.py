"""Pieces of SVG text. Presentation attributes only: no style attribute, no CSS, no script."""

from collections.abc import Sequence

FONT = "'Source Sans 3', sans-serif"
INK, INK_7, INK_5 = "#15232B", "#33454E", "#566770"
GRID, CONTEXT, PAPER = "#DADFDF", "#C3CCCE", "#FFFFFF"
IMPROVE, CONCERN, GOAL, PLUM, LIMIT = "#1B5FAA", "#B84A08", "#256B45", "#6A3B66", "#8A989E"
TONES = {
    "common": INK_7,
    "improvement": IMPROVE,
    "concern": CONCERN,
    "high": PLUM,
    "low": PLUM,
    "excluded": INK_5,
    "goal": GOAL,
    "centre": INK_7,
}
SHAPES = {
    "diamond": ((0, -5.4), "l5.2 5.4l-5.2 5.4l-5.2 -5.4z"),
    "square": ((-4.4, -4.4), "h8.8v8.8h-8.8z"),
    "up": ((0, -5.2), "l5 8.8h-10z"),
    "down": ((0, 5.2), "l5 -8.8h-10z"),
}
WEAK_SHAPES = {
    "diamond": ((0, -3.9), "l3.8 3.9l-3.8 3.9l-3.8 -3.9z"),
    "square": ((-3.1, -3.1), "h6.2v6.2h-6.2z"),
    "up": ((0, -3.8), "l3.6 6.4h-7.2z"),
    "down": ((0, 3.8), "l3.6 -6.4h-7.2z"),
}
ESCAPES = dict.fromkeys(range(32)) | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("'"): "&#39;",
    ord("\t"): " ",
    ord("\n"): " ",
}


def escape(text: str) -> str:
    """Text safe inside an element or a quoted attribute; control characters are dropped."""
    return text.translate(ESCAPES)


def n(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it gets."""
    return f"{value:.1f}".removesuffix(".0")


def opening(uid: str, width: float, height: float, title: str, desc: str) -> str:
    """The svg element with its title, first, and its description. uid: unique on the page."""
    safe = escape(uid)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}" '
        f'width="{n(width)}" height="{n(height)}" role="img" '
        f'aria-labelledby="{safe}-title {safe}-desc" font-family="{FONT}">'
        f'<title id="{safe}-title">{escape(title)}</title>'
        f'<desc id="{safe}-desc">{escape(desc)}</desc>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str, width: float, dash: str = ""
) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{n(x1)}" x2="{n(x2)}" y1="{n(y1)}" y2="{n(y2)}" '
        f'stroke="{stroke}" stroke-width="{width}"{dashed}/>'
    )


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = 12.5,
    fill: str = INK_5,
    anchor: str = "start",
    weight: int = 0,
) -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{size}" fill="{fill}"{bold}{aligned}>'
        f"{escape(content)}</text>"
    )


def moves(points: Sequence[tuple[float, float]]) -> str:
    """Path commands through points."""
    return "M" + "L".join([f"{x:.1f} {y:.1f}" for x, y in points])


def grid(rows: Sequence[float], left: float, right: float) -> str:
    """Horizontal grid lines as one path."""
    lines = "".join([f"M{n(left)} {y:.1f}H{n(right)}" for y in rows])
    return f'<path d="{lines}" stroke="{GRID}" stroke-width="1" fill="none"/>'


def ticks(columns: Sequence[float], y: float) -> str:
    """Short marks under a time axis as one path."""
    lines = "".join([f"M{x:.1f} {n(y)}v4" for x in columns])
    return f'<path d="{lines}" stroke="{INK_5}" stroke-width="1" fill="none"/>'


def stroke_path(
    pieces: Sequence[Sequence[tuple[float, float]]],
    stroke: str,
    width: float,
    dash: str = "",
    opacity: float = 1,
) -> str:
    """All pieces as one path; "" when there are none."""
    if not pieces:
        return ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    faint = f' stroke-opacity="{opacity}"' if opacity < 1 else ""
    return (
        f'<path d="{"".join([moves(piece) for piece in pieces])}" fill="none" stroke="{stroke}" '
        f'stroke-width="{width}"{dashed}{faint} stroke-linejoin="round"/>'
    )


def marker(
    kind: str, x: float, y: float, tone: str, *, hollow: bool = False, weak: bool = False
) -> str:
    """A round dot, diamond, square or triangle; hollow for few cases, small for a weak finding."""
    color = TONES[tone]
    fill, edge, width = (PAPER, color, "1.6") if hollow else (color, PAPER, "1")
    paint = f'fill="{fill}" stroke="{edge}" stroke-width="{width}"'
    if kind == "round":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" {paint}/>'
    (dx, dy), shape = (WEAK_SHAPES if weak else SHAPES)[kind]
    return f'<path d="M{x + dx:.1f} {y + dy:.1f}{shape}" {paint}/>'


def cross(x: float, y: float) -> str:
    """The mark of a number hidden for privacy."""
    return (
        f'<path d="M{n(x - 2.6)} {n(y - 2.6)}l5.2 5.2m0 -5.2l-5.2 5.2" '
        f'stroke="{INK_5}" stroke-width="1.2" fill="none"/>'
    )


def badge(x: float, y: float, number: int) -> str:
    """A numbered flag."""
    size = 12 if number < 10 else 10
    return (
        f'<circle cx="{n(x)}" cy="{n(y)}" r="8.2" fill="{PAPER}" stroke="{INK_7}" '
        f'stroke-width="1.2"/>'
        + text(x, y + 4.2, str(number), size=size, fill=INK, anchor="middle", weight=700)
    )
