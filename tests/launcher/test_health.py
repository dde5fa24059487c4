"""What watches the product from outside asks these two."""

import json
import socket
from contextlib import closing

import pytest
from django.db import connection

from config.worker import worker_seen

NO_HOST_OF_OURS = {"headers": {"Host": "10.0.0.1:8000"}}


@pytest.fixture
def valkey(settings):
    """A numbered database of Valkey that no other test uses."""

    def choose(number: int) -> None:
        address = settings.CELERY_BROKER_URL.rpartition("/")[0]
        settings.CELERY_BROKER_URL = f"{address}/{number}"

    return choose


@pytest.fixture
def silent_port():
    """Takes connections and says nothing, like a server that hangs."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


def states(client) -> tuple[int, dict[str, str]]:
    page = client.get("/readyz", **NO_HOST_OF_OURS)
    return page.status_code, json.loads(page.content)


def test_healthz_touches_nothing(client):
    """This test may not use the database: a query would fail it."""
    page = client.get("/healthz", **NO_HOST_OF_OURS)
    assert (page.status_code, page.content, page.cookies) == (200, b"ok", {})


def test_readyz_is_all_ok_once_a_worker_has_reported(client, valkey):
    valkey(11)
    worker_seen()
    assert states(client) == (200, {"database": "ok", "cache": "ok", "worker": "ok"})


def test_readyz_misses_a_worker_that_says_nothing(client, valkey):
    valkey(12)
    assert states(client) == (
        200,
        {
            "database": "ok",
            "cache": "ok",
            "worker": "No worker has reported in the last 60 seconds.",
        },
    )


def test_without_a_cache_the_product_is_still_ready(client, settings, silent_port):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent_port}/0"
    worker_seen()
    assert states(client) == (
        200,
        {
            "database": "ok",
            "cache": "The cache does not answer.",
            "worker": "Unknown while the cache does not answer.",
        },
    )


def test_without_a_database_it_is_not(client, monkeypatch, silent_port):
    monkeypatch.setitem(connection.settings_dict, "PORT", silent_port)
    status, answer = states(client)
    assert (status, answer["database"]) == (503, "The database does not answer.")
