"""Captions in WebVTT: text with times. Browsers show them as text; nothing in them runs."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from documents.checks import Refused

CUE = re.compile(
    r"^(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3} --> (?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}", re.M
)


def check(path: Path) -> None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _damaged() from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", lines) or "\0" in lines or not CUE.search(lines):
        raise _damaged()


def _damaged() -> Refused:
    return Refused(
        _("These are no captions in WebVTT (.vtt). Save them in that form and upload them."),
        "damaged",
    )
