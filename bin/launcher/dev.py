"""bin/dev: bring everything up, say so, watch it, and take it down."""

import argparse
import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from launcher import FAILED, REFUSED, Stop, bootstrap, environment, postgres, say, services, valkey
from launcher.bootstrap import PYTHON, ROOT, tied
from launcher.data import DataFolder
from launcher.services import Service

SIGNALS = [signal.SIGINT, signal.SIGTERM]
if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
    SIGNALS.append(signal.SIGHUP)


class Asked(BaseException):
    """A person or the system asked this process to end."""


def main() -> int:
    options = parsed()
    if options.fresh and not options.yes and not (sys.stdin and sys.stdin.isatty()):
        raise Stop("--fresh deletes data: without a terminal it needs --yes.", REFUSED)
    listener = services.reserve(options.port)
    if listener is None:
        raise Stop(f"Port {options.port} is taken: choose another with --port.", REFUSED)
    bootstrap.enter()
    for number in SIGNALS:
        signal.signal(number, end)
    running: list[Service] = []
    try:
        folder = DataFolder(options.data)
        if options.fresh:
            folder.empty(agreed=options.yes)
        start(folder, listener, options.port, running)
        print(f"Ready: http://127.0.0.1:{options.port}/", flush=True)
        watch(running)
    except Asked:
        say("Stopping.")
        return 0
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        take_down(running)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/dev", description=__doc__)
    parser.add_argument("--port", type=port, default=8000, help="of the web server (8000)")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="data folder (var/)")
    parser.add_argument("--fresh", action="store_true", help="empty the data folder first")
    parser.add_argument("--yes", action="store_true", help="don't ask before --fresh")
    return parser.parse_args()


def port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{number} is not a port")
    return number


def end(number: int, frame: FrameType | None) -> NoReturn:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Asked


def start(folder: DataFolder, listener: socket.socket, port: int, running: list[Service]) -> None:
    """Start everything, in the order in which one needs the other."""
    say("Starting Postgres and Valkey.")
    stores(folder.path, folder.log, folder.state, running, keep_open=folder.services_lock)
    folder.save(folder.state)
    shared = environment.inherited() | environment.shared(folder.state, folder.path)
    shared |= {
        "DEMO_MODE": "1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    owners = environment.owners(folder.state)
    write_environment(folder.path / "environment", shared, owners)
    say("Preparing the database.")
    prepare(folder, shared | owners)
    say("Starting the web server and the worker.")
    keep_open = [folder.services_lock]
    worker = services.python("celery", "-A", "config", "worker", "-B", "-c", "1", "-l", "WARNING")
    running.append(
        Service(
            "The worker",
            worker,
            log=folder.log / "worker.log",
            env=shared | {"DATABASE_URL": owners["DATABASE_WORKER_URL"]},
            keep_open=keep_open,
        )
    )
    gunicorn = ["gunicorn", "config.wsgi:application", "--bind", f"fd://{listener.fileno()}"]
    gunicorn += ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    gunicorn += ["--preload", "--graceful-timeout", "4", "--no-control-socket"]
    web = Service(
        "The web server",
        services.python(*gunicorn),
        log=folder.log / "web.log",
        env=shared,
        keep_open=[*keep_open, listener.fileno()],
    )
    running.append(web)
    listener.close()
    # The worker reports a moment later than the pages open; a slow one is not waited for.
    enough = time.monotonic() + 10
    web.wait_until(lambda: all_run(running) and is_ready(port, patient=time.monotonic() < enough))


def stores(
    data: Path,
    log: Path,
    state: dict[str, Any],
    running: list[Service],
    *,
    keep_open: int,
    throw_away: bool = False,
) -> None:
    """Start Postgres and Valkey side by side and wait for both. Writes their ports into `state`."""
    for store in ("valkey", "postgres"):
        state[f"{store}_port"] = services.free_port(state.get(f"{store}_port"))
    key_store = valkey.start(
        data / "valkey",
        port=state["valkey_port"],
        password=state["valkey"],
        log=log / "valkey.log",
        keep_open=keep_open,
        throw_away=throw_away,
    )
    running.append(key_store)
    database = postgres.start(
        data / "postgres",
        port=state["postgres_port"],
        password=state["postgres"],
        log=log / "postgres.log",
        keep_open=keep_open,
        throw_away=throw_away,
    )
    running.append(database)
    database.wait_until(lambda: postgres.is_ready(data / "postgres", database))
    key_store.wait_until(lambda: valkey.is_ready(state["valkey_port"], state["valkey"]))


def prepare(folder: DataFolder, env: dict[str, str]) -> None:
    """Roles, migrations, static files and demo data, in one process to save its start."""
    log = folder.log / "prepare.log"
    command = [*tied("KILL"), str(PYTHON), str(Path(__file__).with_name("prepare.py"))]
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        status = child.wait()
    finally:
        child.kill()
        child.wait()
    if status:
        tail = "\n    ".join(log.read_text(errors="replace").splitlines()[-20:])
        raise Stop(f"The database could not be prepared. {log} ends:\n    {tail}", FAILED)


def write_environment(path: Path, *parts: dict[str, str]) -> None:
    """For a person's own commands: `set -a; . var/environment; .venv/bin/python manage.py …`."""
    names = sorted(environment.OURS)
    together = {name: value for part in parts for name, value in part.items() if name in names}
    path.touch(mode=0o600)
    path.write_text("".join(f"{k}={shlex.quote(v)}\n" for k, v in together.items()))


def all_run(running: list[Service]) -> bool:
    for service in running:
        service.check()
    return True


def is_ready(port: int, *, patient: bool) -> bool:
    """Whether /readyz says that the product can be used; while patient, also by its worker."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        states = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return answer.status == 200 and (states.get("worker") == "ok" or not patient)


def watch(running: list[Service]) -> NoReturn:
    """Until one ends, which is an error; or until this process is asked to end."""
    while True:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        all_run(running)


def take_down(running: list[Service]) -> None:
    """Within ten seconds: first what uses the database, then the database."""
    stores = [service for service in running if service.name in ("Postgres", "Valkey")]
    services.stop([service for service in running if service not in stores], seconds=5)
    services.stop(stores, seconds=3)
