"""bin/dev as a person meets it: started for real, on a data folder and a port of its own."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

BIN_DEV = Path(__file__).resolve().parents[2] / "bin" / "dev"


def free_port() -> int:
    """Out of the range from which outgoing connections take theirs."""
    for candidate in random.SystemRandom().sample(range(12000, 15000), 100):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", candidate)):
                return candidate
    raise RuntimeError("no free port")


@pytest.fixture
def port() -> int:
    return free_port()


@contextmanager
def bin_dev(port: int, data: Path) -> Iterator[subprocess.Popen[str]]:
    """Ready for visitors."""
    with (data.parent / "stderr").open("w") as stderr:
        dev = subprocess.Popen(
            [BIN_DEV, "--port", str(port), "--data", data],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    with dev:
        try:
            ready = dev.stdout.readline()
            said = (data.parent / "stderr").read_text()
            assert ready == f"Ready: http://127.0.0.1:{port}/\n", said
            yield dev
        finally:
            dev.kill()


def refusal(*arguments: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [BIN_DEV, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def get(port: int, path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Without those that have ended and only wait for the system to count them out."""
    return [
        each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE
    ]


def database(data: Path) -> psycopg.Connection:
    lines = (data / "environment").read_text().splitlines()
    url = dict(line.split("=", 1) for line in lines)["DATABASE_OWNER_URL"]
    return psycopg.connect(url.strip("'"), autocommit=True)


def test_it_starts_stops_and_comes_back_with_its_data(tmp_path, port):
    data = tmp_path / "data"
    with bin_dev(port, data) as dev:
        assert get(port, "/healthz") == (200, b"ok")
        status, states = get(port, "/readyz")
        assert (status, json.loads(states)["database"]) == (200, "ok")
        children = psutil.Process(dev.pid).children(recursive=True)
        with closing(database(data)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'yes' AS answer")
        dev.send_signal(signal.SIGTERM)
        assert dev.wait(timeout=10) == 0
        assert dev.stdout.read() == ""
        assert alive(children) == []

    with bin_dev(port, data) as dev:
        assert refusal("--port", str(port), "--data", data)[0] == 2
        other = refusal("--port", str(free_port()), "--data", data)
        assert other == (2, "", f"Another bin/dev is using {data}.\n")
        children = psutil.Process(dev.pid).children(recursive=True)
        dev.kill()
        dev.wait()
        psutil.wait_procs(children, timeout=10)
        assert alive(children) == []

    with bin_dev(port, data) as dev:
        with closing(database(data)) as connection:
            assert connection.execute("SELECT * FROM kept").fetchall() == [("yes",)]
        children = psutil.Process(dev.pid).children(recursive=True)
        key_store = next(each for each in children if each.name().startswith("valkey"))
        key_store.kill()
        assert dev.wait(timeout=10) == 1
        assert "Valkey ended with status -9." in (tmp_path / "stderr").read_text()
        assert alive(children) == []


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path, port):
    with closing(socket.create_server(("127.0.0.1", port))):
        assert refusal("--port", str(port), "--data", tmp_path / "data") == (
            2,
            "",
            f"Port {port} is taken: choose another with --port.\n",
        )
    assert os.listdir(tmp_path) == []


def test_fresh_needs_yes_where_nobody_can_be_asked(tmp_path, port):
    assert refusal("--port", str(port), "--data", tmp_path, "--fresh") == (
        2,
        "",
        "--fresh deletes data: without a terminal it needs --yes.\n",
    )


def test_a_folder_of_other_things_is_neither_used_nor_emptied(tmp_path, port):
    (tmp_path / "letter.txt").write_text("dear")
    refused = (2, "", f"{tmp_path} holds other things: choose another with --data.\n")
    assert refusal("--port", str(port), "--data", tmp_path) == refused
    assert refusal("--port", str(port), "--data", tmp_path, "--fresh", "--yes") == refused
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [
        ("letter.txt", "dear")
    ]
