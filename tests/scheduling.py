"""Which tests go to the same process when `bin/test` runs them on several cores, and when.

The mark `xdist_group` would say the first, but pytest 9.2 does not keep the names that
pytest-xdist 3.8 gives to the tests of a group.
"""

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# What takes longest begins first, so that no process is left alone with it at the end.
TOGETHER = ("tests/browser", "tests/architecture")
EARLY = (*TOGETHER, "tests/launcher", "tests/messaging")


def _folder(file: str) -> str:
    return str(PurePosixPath(file).parent)


def begin_with_what_takes_long(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        folder = _folder(item.nodeid.split("::", 1)[0])
        return EARLY.index(folder) if folder in EARLY else len(EARLY)

    items.sort(key=rank)


class ByFile(LoadScopeScheduling):
    """A file's tests share what the file sets up; all browser tests share one running site."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # not by the number of tests: that says little

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return _folder(file) if _folder(file) in TOGETHER else file
