"""The product as it runs: gunicorn as app_web, a Celery worker with beat as app_worker."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import redis

from tests.conftest import copy_migrated_database, drop_database

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, "manage.py"]


def launcher() -> ModuleType:
    """How bin/dev starts and stops what runs long."""
    if str(ROOT / "bin") not in sys.path:
        sys.path.append(str(ROOT / "bin"))
    from launcher import services

    return services


@dataclass
class Site:
    """One installation with the demo's data, on a database, a port and a folder of its own."""

    data: Path
    number: int
    port: int = field(default_factory=lambda: launcher().free_port())
    running: list[Any] = field(default_factory=list)
    logged: dict[str, str] = field(default_factory=dict)  # by processes that are gone

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        return f"test_browser_{os.environ.get('TEST_DATABASE', 'closer')}_{self.number}"

    def address(self, variable: str) -> str:
        return f"{os.environ[variable].rpartition('/')[0]}/{self.database}"

    @property
    def redis_url(self) -> str:
        """Numbered databases from 1: 0 belongs to the other tests."""
        return f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{self.number}"

    def environment(self, role: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "PYTEST"))}
        return kept | {
            "DATABASE_URL": self.address(role),
            "REDIS_URL": self.redis_url,
            "DATA_DIR": str(self.data),
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEMO_MODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "default",
        }

    def prepare(self) -> None:
        """The database, made and migrated as owner; the demo; the static files with hashes."""
        copy_migrated_database(self.database)
        with redis.Redis.from_url(self.redis_url) as valkey:
            valkey.flushdb()
        env = self.environment("DATABASE_URL")
        env |= {"DATABASE_OWNER_URL": self.address("DATABASE_OWNER_URL")}
        collecting = self.manage("collectstatic", "--noinput", "-i", "django_htmx/ext/*", env=env)
        self.wait(self.manage("load_demo", env=env))
        self.wait(collecting)

    def manage(self, *words: str, env: dict[str, str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*MANAGE, *words],
            cwd=ROOT,
            env=env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def wait(self, command: "subprocess.Popen[str]") -> None:
        said, _nothing = command.communicate(timeout=400)
        assert command.returncode == 0, f"{command.args}\n{said}"

    def start(self) -> None:
        worker = ["celery", "-A", "config", "worker", "-B", "-c", "1", "-l", "WARNING"]
        self.running += [self.web(), self.child("worker", worker, "DATABASE_WORKER_URL")]
        for service in self.running:
            service.wait_until(self.is_ready, seconds=90)

    def web(self) -> Any:
        command = ["gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "1", "--worker-class", "gthread", "--threads", "4"]
        command += ["--graceful-timeout", "2", "--no-control-socket"]
        return self.child("web", command, "DATABASE_URL")

    def child(self, name: str, command: list[str], role: str) -> Any:
        services = launcher()
        log, env = self.data / f"{name}.log", self.environment(role)
        return services.Service(name, services.python(*command), log=log, env=env)

    @contextmanager
    def web_away(self, *, killed: bool = False) -> Iterator[None]:
        """The web server is gone for a while: asked to stop, or killed amid its work."""
        if killed:
            self.running[0].kill()
        else:
            launcher().stop(self.running[:1], seconds=5)
        self.logged["web"] = self.log("web")
        (self.data / "web.log").unlink()
        try:
            yield
        finally:
            self.running[0] = self.web()
            self.running[0].wait_until(self.is_ready, seconds=90)

    def is_ready(self) -> bool:
        """The worker too."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            states = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()
        return all(state == "ok" for state in states.values())

    def stop(self) -> None:
        launcher().stop(self.running, seconds=5)

    def drop(self) -> None:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
            drop_database(owner, self.database)

    def log(self, name: str) -> str:
        now = (self.data / f"{name}.log").read_text(errors="replace")
        return self.logged.get(name, "") + now

    def outbox(self) -> list[dict[str, Any]]:
        """The demo's outbox, newest first."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/demo/outbox.json")
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            letters: list[dict[str, Any]] = json.loads(answer.read())
        finally:
            connection.close()
        return letters

    def until(self, happened: Callable[[], bool], *, seconds: float) -> None:
        """Wait for what the worker does by its own clock."""
        self.running[1].wait_until(happened, seconds=seconds)

    def mail(self, to: str, subject: str = "", *, seconds: float = 30) -> dict[str, Any]:
        """The newest mail to somebody; the subject may be given in part."""
        found: list[dict[str, Any]] = []

        def came() -> bool:
            found[:] = self.mails(to, subject)
            return bool(found)

        self.until(came, seconds=seconds)
        return found[0]

    def mails(self, to: str, subject: str = "") -> list[dict[str, Any]]:
        return [
            letter
            for letter in self.outbox()
            if letter["to"] == to and subject.lower() in letter["subject"].lower()
        ]


@contextmanager
def running_site(data: Path, number: int) -> Iterator[Site]:
    site = Site(data, number)
    try:
        site.prepare()
        site.start()
        yield site
    finally:
        site.stop()
        site.drop()
