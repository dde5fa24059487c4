"""Which tests go to the same process when `bin/test` runs them on several cores.

The mark `xdist_group` would say it, but pytest 9.2 does not keep the names that pytest-xdist 3.8
gives to the tests of a group.
"""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser", "tests/architecture")


class ByFile(LoadScopeScheduling):
    """A file's tests share what the file sets up. All browser tests share one running site, and
    the rules about the whole come early, since the longest is one of them."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder = str(PurePosixPath(file).parent)
        return folder if folder in TOGETHER else file
