"""The data folder of bin/dev: its marker, its locks, and the secrets in it."""

import fcntl
import json
import os
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from launcher import REFUSED, Stop

ROLES = ("postgres", "app_owner", "app_web", "app_worker")


class DataFolder:
    """Taken for this process; `services_lock` is for the children to keep open.

    Two locks: one says that a supervisor runs, the other that something which it once started
    still does. Both end with their holders, however those end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.state_file = self.path / "closer.json"  # also marks the folder as one of ours
        try:
            self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
            entries = [entry.name for entry in self.path.iterdir()]
        except OSError as problem:
            raise Stop(f"{self.path} can't be used: {problem.strerror}.", REFUSED) from None
        if entries and self.state_file.name not in entries:
            raise Stop(f"{self.path} holds other things: choose another with --data.", REFUSED)
        self.supervisor_lock = os.open(self.path, os.O_RDONLY)
        if not locked(self.supervisor_lock):
            raise Stop(f"Another bin/dev is using {self.path}.", REFUSED)
        self.save(self.read() or new_state())
        self.services_lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        end = time.monotonic() + 10
        while not locked(self.services_lock):
            if time.monotonic() > end:
                raise Stop(f"An earlier run's processes still use {self.path}.", REFUSED)
            time.sleep(0.05)
        self.log.mkdir(exist_ok=True)

    @property
    def log(self) -> Path:
        return self.path / "log"

    def read(self) -> dict[str, Any]:
        text = self.state_file.read_text() if self.state_file.exists() else ""
        return json.loads(text) if text else {}

    def save(self, state: dict[str, Any]) -> None:
        self.state = state
        new = self.state_file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(state, indent=2))
        new.replace(self.state_file)

    def empty(self, *, agreed: bool) -> None:
        """Delete all that is in it, after asking."""
        if not agreed:
            print(f"Delete everything in {self.path}? [y/N] ", end="", file=sys.stderr, flush=True)
            if input().strip().lower() not in ("y", "yes"):
                raise Stop("Nothing was deleted.", REFUSED)
        for entry in self.path.iterdir():
            if entry.name in (self.state_file.name, "lock"):
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        self.save(new_state())
        self.log.mkdir()


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def new_state() -> dict[str, Any]:
    names = [*ROLES, "valkey", "secret_key"]
    return {name: secrets.token_urlsafe(36) for name in names}
