"""Run a module, like `python -m`, such that the processes it forks are killed when it dies.

gunicorn's and Celery's own children would otherwise outlive a killed parent.
"""

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1

if sys.platform == "linux":
    prctl = ctypes.CDLL(None).prctl
    os.register_at_fork(after_in_child=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL))

sys.path[0] = str(Path(__file__).resolve().parents[2])
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
