"""Whether two entries may be one institution."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

ALIKE = 0.82
# Words that half of all names share say nothing about which one it is.
COMMON = frozenset(
    [
        "and",
        "center",
        "centers",
        "clinic",
        "clinics",
        "community",
        "county",
        "de",
        "del",
        "department",
        "family",
        "for",
        "general",
        "health",
        "healthcare",
        "hospital",
        "hospitals",
        "inc",
        "la",
        "medical",
        "medicine",
        "of",
        "regional",
        "services",
        "system",
        "the",
    ]
)


def words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold().replace("'", "").replace("’", ""))


def telling(name: str) -> list[str]:
    """The words of a name that set it apart."""
    return [word for word in words(name) if word not in COMMON]


def similar(one: str, two: str) -> bool:
    """Whether two names may mean one institution: spelled alike, or with the same telling words."""
    a, b = telling(one), telling(two)
    if a and set(a) == set(b):
        return True
    if not (a and b) or set(a) & set(b):
        a, b = words(one), words(two)
    return SequenceMatcher(None, "".join(a), "".join(b)).ratio() >= ALIKE
