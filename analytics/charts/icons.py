"""Small signs for variation and assurance: a curve with its dot, or a letter, in a ring."""

from analytics.charts import svg

SIZE = 44.0
LETTERS = {"high": "H", "low": "L", "pass": "P", "fail": "F", "hit_or_miss": "?"}
TONES = {"improvement": "improvement", "concern": "concern", "neutral": "high", "common": "common"}


def variation_icon_svg(variation: str, *, title: str, uid: str, desc: str = "") -> str:
    """The sign of `Chart.variation`: a level curve, or one that ends high or low with its letter.

    Raises ValueError for anything else.
    """
    family, _, side = variation.partition("_")
    if family not in TONES or (side not in ("high", "low")) != (family == "common"):
        raise ValueError(f"No variation {variation!r}.")
    color = svg.TONES[TONES[family]]
    parts = [ring(uid, title, desc, color)]
    if family == "common":
        parts.append(curve("M9 24q6 -9 13 0t13 0", color))
        parts.append(dot(35, 24, color))
    else:
        rises = side == "high"
        parts.append(curve("M9 29q10 1 14 -5t11 -9" if rises else "M9 15q10 -1 14 5t11 9", color))
        parts.append(dot(34, 15 if rises else 29, color))
        parts.append(letter(LETTERS[side], 14, 20 if rises else 33, color))
    parts.append("</svg>")
    return "".join(parts)


def assurance_icon_svg(assurance: str, *, title: str, uid: str, desc: str = "") -> str:
    """The sign of `Chart.assurance`: P, F or a question mark over the target line.

    Raises ValueError for anything else.
    """
    if assurance not in ("pass", "fail", "hit_or_miss"):
        raise ValueError(f"No assurance {assurance!r}.")
    tone = {"pass": "improvement", "fail": "concern"}.get(assurance, "common")
    color = svg.TONES[tone]
    parts = [
        ring(uid, title, desc, color),
        letter(LETTERS[assurance], SIZE / 2, 25, color, 17),
        svg.line(11, 31, 33, 31, svg.GOAL, 1.6),
        "</svg>",
    ]
    return "".join(parts)


def ring(uid: str, title: str, desc: str, color: str) -> str:
    return (
        svg.opening(uid, SIZE, SIZE, title, desc or title)
        + f'<circle cx="22" cy="22" r="20" fill="{svg.PAPER}" stroke="{color}" stroke-width="2"/>'
    )


def curve(path: str, color: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="2"/>'


def dot(x: float, y: float, color: str) -> str:
    return f'<circle cx="{svg.n(x)}" cy="{svg.n(y)}" r="3.2" fill="{color}"/>'


def letter(text: str, x: float, y: float, color: str, size: float = 13) -> str:
    return svg.text(x, y, text, size=size, fill=color, anchor="middle", weight=700)
