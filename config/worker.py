"""The worker's sign of life, kept where the web processes can see it."""

import time
from contextlib import closing
from typing import Any

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

KEY = "closer:worker_seen"
SILENT_AFTER = 60  # seconds


def worker_seen(**signal: Any) -> None:
    """Say that a worker is at work. A dead cache is not the worker's trouble."""
    try:
        with closing(store()) as valkey:
            valkey.set(KEY, int(time.time()), ex=SILENT_AFTER)
    except RedisError:
        pass


def cache_and_worker_state() -> tuple[str, str]:
    """Each "ok" or a sentence."""
    try:
        with closing(store()) as valkey:
            seen = valkey.exists(KEY)
    except RedisError:
        return "The cache does not answer.", "Unknown while the cache does not answer."
    if not seen:
        return "ok", f"No worker has reported in the last {SILENT_AFTER} seconds."
    return "ok", "ok"


def store() -> Redis:
    """One quick attempt, so that a page which asks is never held up."""
    return Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )
