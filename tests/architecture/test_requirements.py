"""Each requirement of the kinds that an application must meet is named by a test.

F: a question of the form. L: a letter or document. D: a deadline or promised time. C: something
said or sent. The rows of `tests/collaboratives/test_blueprint_parameters.py` show only that the
program's data say it; what people see and do is shown elsewhere, and named there.
"""

import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings

IDS = frozenset(
    """
S0-05 S0-06 S0-10 S0-13 S0-24 S0-27 S0-28 S0-29 S0-30 S0-31 S0-32 S0-33
S1-15 S1-25
S2-11 S2-12
S3-06 S3-23 S3-25 S3-26 S3-27 S3-28 S3-29 S3-30
S4-06 S4-16 S4-26 S4-27 S4-28 S4-29 S4-30 S4-31 S4-33 S4-37
""".split()  # noqa: SIM905
)
DATA_ONLY = "test_blueprint_parameters.py"
NAMED = re.compile(r"\bS[0-4]-\d\d\b")


def named() -> dict[str, set[str]]:
    """By requirement: the files of tests that name it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((settings.BASE_DIR / "tests").rglob("test_*.py")):
        if path != Path(__file__):
            for one in NAMED.findall(path.read_text()):
                found[one].add(path.name)
    return found


def test_every_requirement_of_an_application_is_shown_by_what_the_product_does():
    found = named()
    assert [one for one in sorted(IDS) if not found[one] - {DATA_ONLY}] == []
