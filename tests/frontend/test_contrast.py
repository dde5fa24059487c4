"""Contrast of the tokens as the built style sheet has them: text 4.5, controls and marks 3."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static/css/app.css").read_text()
ACCENTS = ("lake", "harbor", "forest", "plum", "clay", "slate")


def tokens(accent: str = "lake") -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+): ?(#[0-9a-f]{3,6})", CSS.split("@font-face")[0]))
    block = re.search(rf"\[data-accent=\"?{accent}\"?\]\{{(.*?)\}}", CSS)
    assert block, accent
    return found | dict(re.findall(r"--([\w-]+): ?(#[0-9a-f]{3,6})", block[1]))


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    ("ink-9", "white"),
    ("ink-9", "mist"),
    ("ink-9", "mari-5"),
    ("ink-7", "white"),
    ("ink-7", "mist"),
    ("ink-7", "mist-2"),
    ("ink-5", "white"),
    ("ink-5", "mist"),
    ("ink-5", "mist-2"),
    ("mari-8", "mari-1"),
    ("mari-8", "white"),
    ("brick-7", "brick-1"),
    ("brick-7", "white"),
    ("leaf-7", "white"),
    ("leaf-7", "leaf-1"),
    ("leaf-8", "leaf-1"),
    ("plum-7", "plum-1"),
    ("plum-7", "white"),
    ("improve", "white"),
    ("concern", "white"),
    ("ink-9", "brick-1"),
    ("ink-9", "leaf-1"),
    ("ink-9", "mari-1"),
]
ACCENT_TEXT = [
    ("white", "lake-8"),
    ("white", "lake-7"),
    ("white", "lake-6"),
    ("lake-1", "lake-8"),
    ("lake-8", "lake-1"),
    ("lake-8", "lake-0"),
    ("lake-7", "lake-0"),
    ("lake-7", "white"),
    ("lake-8", "white"),
    ("lake-7", "mist"),
    ("lake-7", "plum-1"),
    ("ink-5", "lake-0"),
    ("ink-7", "lake-0"),
]
MARKS = [
    ("line-strong", "white"),
    ("line-strong", "mist"),
    ("ink-9", "white"),
    ("brick-7", "white"),
    ("plum-7", "plum-1"),
]
ACCENT_MARKS = [
    ("lake-7", "track"),
    ("lake-6", "white"),
    ("lake-7", "lake-0"),
    ("lake-5", "lake-8"),
    ("mari-5", "lake-8"),
]


@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_is_readable(front: str, back: str) -> None:
    color = tokens()
    assert contrast(color[front], color[back]) >= 4.5


@pytest.mark.parametrize(("front", "back"), MARKS)
def test_marks_are_visible(front: str, back: str) -> None:
    color = tokens()
    assert contrast(color[front], color[back]) >= 3


@pytest.mark.parametrize("accent", ACCENTS)
def test_every_accent_is_readable(accent: str) -> None:
    color = tokens(accent)
    weak = [
        (front, back, round(contrast(color[front], color[back]), 2))
        for pairs, least in ((ACCENT_TEXT, 4.5), (ACCENT_MARKS, 3))
        for front, back in pairs
        if contrast(color[front], color[back]) < least
    ]
    assert weak == []


def test_people_are_readable_in_each_tone() -> None:
    tones = re.findall(r"\.avatar-[a-e]\{background:(#\w+);color:(#\w+)\}", CSS)
    assert len(tones) == 5
    assert [tone for tone in tones if contrast(*tone) < 4.5] == []
