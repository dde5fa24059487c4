"""What stands behind bin/dev and bin/test. This file must also parse in an old Python."""

import contextlib
import os
import subprocess
import sys
from typing import Callable  # noqa: UP035

FAILED, REFUSED, LACKING = 1, 2, 3


class Stop(Exception):
    """The end of the command: a sentence for the person, an exit status for the machine."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def require_python() -> None:
    """Go on in a Python that is new enough, where there is one."""
    if sys.version_info >= (3, 11):  # noqa: UP036
        return
    for minor in range(11, 20):
        name = f"python3.{minor}"
        with contextlib.suppress(OSError):
            if subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL) == 0:
                os.execvp(name, [name, *sys.argv])
    say(f"This needs Python 3.11 or newer; this one is {sys.version.split()[0]}.")
    sys.exit(LACKING)


def say(sentence: object) -> None:
    """Progress goes to standard error, so that standard output ends with what was promised."""
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)


def run(main: Callable[[], int]) -> None:
    try:
        sys.exit(main())
    except Stop as stop:
        say(stop)
        sys.exit(stop.status)
    except KeyboardInterrupt:
        sys.exit(130)
