"""A driver diagram: the aim on the left, what drives it to the right, ideas at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from analytics.charts import svg

COLUMN, GAP, PAD, LINE, BETWEEN = 220.0, 44.0, 10.0, 16.0, 12.0
LETTERS = 30  # in a line of a box
MOST_LINES = 6


@dataclass(frozen=True)
class Branch:
    """One driver or idea, with what hangs on it."""

    text: str
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Box:
    """A box with its lines of text; y is its top."""

    lines: tuple[str, ...]
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def lines_of(text: str) -> tuple[str, ...]:
    """The text in lines that fit a box; a long one ends in an ellipsis."""
    found = wrap(" ".join(text.split()), LETTERS) or [""]
    if len(found) > MOST_LINES:
        found = [*found[: MOST_LINES - 1], found[MOST_LINES - 1][: LETTERS - 1] + "…"]
    return tuple(found)


def driver_diagram_svg(
    aim: str, branches: Sequence[Branch], *, title: str, desc: str, uid: str
) -> str:
    """The tree as boxes in columns, joined by lines. desc: the same in words, for readers."""
    boxes: list[Box] = []
    joints: list[tuple[Box, Box]] = []
    height = _place(Branch(aim, tuple(branches)), 0, 0.0, boxes, joints)[1]
    columns = 1 + max(int(box.x // (COLUMN + GAP)) for box in boxes)
    width = columns * COLUMN + (columns - 1) * GAP
    parts = [svg.opening(uid, width + 2, height + 2, title, desc)]
    parts += [_joint(parent, child) for parent, child in joints]
    parts += [_drawn(box, first=box.x == 0) for box in boxes]
    parts.append("</svg>")
    return "".join(parts)


def _place(
    branch: Branch,
    depth: int,
    top: float,
    boxes: list[Box],
    joints: list[tuple[Box, Box]],
) -> tuple[Box, float]:
    """Lay a branch and all that hangs on it from `top` down. Returns its box and the bottom."""
    lines = lines_of(branch.text)
    own = 2 * PAD + LINE * len(lines)
    children, bottom = [], top
    for number, one in enumerate(branch.branches):
        start = bottom + (BETWEEN if number else 0)
        child, bottom = _place(one, depth + 1, start, boxes, joints)
        children.append(child)
    middle = (children[0].middle + children[-1].middle) / 2 if children else top + own / 2
    y = max(top, middle - own / 2)
    box = Box(lines, depth * (COLUMN + GAP), y, own)
    boxes.append(box)
    joints += [(box, child) for child in children]
    return box, max(bottom, y + own)


def _joint(parent: Box, child: Box) -> str:
    start, end = parent.x + COLUMN + 1, child.x + 1
    turn = (start + end) / 2
    return (
        f'<path d="M{svg.n(start)} {svg.n(parent.middle + 1)}H{svg.n(turn)}'
        f'V{svg.n(child.middle + 1)}H{svg.n(end)}" fill="none" stroke="{svg.LIMIT}" '
        f'stroke-width="1.4"/>'
    )


def _drawn(box: Box, *, first: bool) -> str:
    stroke, weight = (svg.GOAL, 2) if first else (svg.INK_7, 1.2)
    rect = (
        f'<rect x="{svg.n(box.x + 1)}" y="{svg.n(box.y + 1)}" width="{svg.n(COLUMN)}" '
        f'height="{svg.n(box.height)}" rx="6" fill="{svg.PAPER}" stroke="{stroke}" '
        f'stroke-width="{weight}"/>'
    )
    texts = [
        svg.text(
            box.x + 1 + PAD,
            box.y + 1 + PAD + LINE * (number + 0.78),
            line,
            size=13,
            fill=svg.INK,
            weight=600 if first else 0,
        )
        for number, line in enumerate(box.lines)
    ]
    return rect + "".join(texts)
