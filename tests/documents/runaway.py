"""Checks that never end or never have enough, started as the real ones are."""

import sys

from documents.checks import alone


def time(_path: object) -> None:
    while True:
        pass


def memory(_path: object) -> None:
    kept = []
    while True:
        kept.append(b"x" * 2**24)


if __name__ == "__main__":
    alone.SECONDS = 1
    alone.CHECKS |= {one: f"tests.documents.runaway:{one}" for one in ("time", "memory")}
    alone.main(*sys.argv[1:])
