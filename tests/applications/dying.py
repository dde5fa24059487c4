"""The product's own WSGI application in a process that can die as if by `kill -9`: everything is
committed, and not a byte of the answer has left."""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

settings.STORAGES["staticfiles"] = {  # as in the other tests: nothing was collected
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

from config.wsgi import application as product  # noqa: E402


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Dies once at a submission while the file named in DIES_ONCE is there."""
    answer = product(environ, start_response)
    flag = Path(os.environ["DIES_ONCE"])
    sends = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/submit/")
    if sends and flag.exists():
        flag.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
