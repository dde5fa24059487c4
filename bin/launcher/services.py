"""Long-running children: started with a log, watched, stopped, and never left behind."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from launcher import FAILED, Stop
from launcher.bootstrap import PYTHON, ROOT, tied


class Service:
    """One child in a process group of its own, so that Ctrl-C reaches only the supervisor."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: dict[str, str] | None = None,
        keep_open: Sequence[int] = (),
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self.log, self.stop_signal = name, log, stop_signal
        if log.exists():
            log.replace(log.with_name(log.name + ".1"))
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                list(map(str, command)),
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=keep_open,
            )

    def check(self) -> None:
        """Raise when the child has ended by itself."""
        status = self.process.poll()
        if status is not None:
            lines = self.log.read_text(errors="replace").splitlines()[-20:]
            tail = "".join(f"\n    {line}" for line in lines)
            raise Stop(f"{self.name} ended with status {status}. {self.log} ends:{tail}", FAILED)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise Stop(f"{self.name} was not ready after {seconds:.0f} s: {self.log}", FAILED)
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Also what it started itself, even when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop(services: Sequence[Service], *, seconds: float) -> None:
    """Ask all at once, then stop asking."""
    for service in services:
        service.signal(service.stop_signal)
    end = time.monotonic() + seconds
    for service in services:
        with contextlib.suppress(subprocess.TimeoutExpired):
            service.process.wait(max(0.0, end - time.monotonic()))
    for service in services:
        service.kill()


def free_port(preferred: int | None = None) -> int:
    """A free port that no outgoing connection will take: below Linux' range for those."""
    candidates = random.sample(range(16000, 32000), 100)
    for port in [preferred, *candidates] if preferred else candidates:
        if listener := reserve(port):
            listener.close()
            return port
    raise Stop("There is no free port between 16000 and 32000.", FAILED)


def reserve(port: int) -> socket.socket | None:
    """A socket bound to the port on this machine's own address; None when it is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        return None
    return listener


def python(module: str, *arguments: str) -> list[str]:
    """A command that runs a module whose own children die with it. See child.py."""
    child = Path(__file__).with_name("child.py")
    return [*tied("KILL"), str(PYTHON), str(child), module, *arguments]
