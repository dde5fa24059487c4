"""Celery as it runs: two beats by mistake, two workers, real Valkey, a real mail server."""

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as now_set
from django.utils import timezone

from messaging.models import OutboundMessage, ReminderOccurrence
from messaging.states import Planned, State
from sessions.models import Invitee
from tenancy.active import open_host
from tests.browser.site import launcher
from tests.factories.sessions import InviteeFactory, SessionFactory

VALKEY = 13  # the last three databases; the other tests use those before them


@contextmanager
def celery(folder: Path, mail: str, *, beats: int, workers: int) -> Iterator[dict[str, Any]]:
    """Beats and workers by their names, on the database of this test."""
    services = launcher()
    number = VALKEY + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 3
    broker = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(broker) as valkey:
        valkey.flushdb()
    database = now_set.DATABASES["default"]["NAME"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "PYTEST"))} | {
        "DATABASE_URL": f"{os.environ['DATABASE_WORKER_URL'].rpartition('/')[0]}/{database}",
        "REDIS_URL": broker,
        "DATA_DIR": str(folder),
        "EMAIL_URL": mail,
        "PYTHONUNBUFFERED": "1",
    }
    commands = {f"beat{n}": ["beat", "-s", str(folder / f"plan{n}")] for n in range(beats)}
    commands |= {f"worker{n}": ["worker", "-c", "1", "-n", f"worker{n}"] for n in range(workers)}
    running = {}
    try:
        for name, words in commands.items():
            command = services.python("celery", "-A", "config", *words, "-l", "INFO")
            running[name] = services.Service(name, command, log=folder / f"{name}.log", env=env)
        yield running
    finally:
        services.stop(list(running.values()), seconds=5)


def said(running: dict[str, Any], kind: str, words: str) -> list[int]:
    """How often the log of each says something."""
    logs = [one.log.read_text(errors="replace") for name, one in running.items() if kind in name]
    return [len(re.findall(words, log)) for log in logs]


@pytest.fixture
def invited(host, transactional_db) -> list[Invitee]:
    """Six people of a session that begins tomorrow, so that their reminder is due."""
    starts_at = timezone.now() + timedelta(hours=23)
    session = SessionFactory(
        host=host, published=True, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    return [
        InviteeFactory(host=host, session=session, member__email=f"reader{n}@grove.example")
        for n in range(6)
    ]


def everything_is_sent(host: Any, mails: int) -> bool:
    with open_host(host.pk):
        return OutboundMessage.objects.filter(state=State.SENT).count() == mails


def test_each_reminder_leaves_once_when_beat_is_doubled(host, invited, sink, tmp_path):
    """Both beats have asked, both workers have planned, and asked again after the mail left."""
    with celery(tmp_path, sink.url, beats=2, workers=2) as running:
        watched = running["worker0"]
        watched.wait_until(lambda: everything_is_sent(host, 6), seconds=90)
        planned = sum(said(running, "worker", r"plan_reminders\[\S+\] succeeded"))

        def asked_again() -> bool:
            done = sum(said(running, "worker", r"plan_reminders\[\S+\] succeeded"))
            return done >= planned + 2 and min(said(running, "beat", "Sending due task plan-")) >= 2

        watched.wait_until(asked_again, seconds=90)
    to = Counter(letter["To"] for letter in sink.taken)
    assert to == {one.member.email: 1 for one in invited}
    with open_host(host.pk):
        states = ReminderOccurrence.objects.values_list("state", flat=True)
        assert list(states) == [Planned.SENT] * 6
        assert OutboundMessage.objects.count() == 6


@pytest.mark.soak
def test_no_reminder_is_lost_when_workers_are_killed(host, invited, sink, tmp_path):
    """A worker killed between the server's 250 and our commit sends again, with the same id."""
    kills = 0
    sink.data = ["451 later"] * 2
    with celery(tmp_path, sink.url, beats=3, workers=3) as running:
        victims = random.Random(7).sample(["worker0", "worker1"], 2)
        for number, name in enumerate(victims, start=1):
            running["worker2"].wait_until(lambda n=number: len(sink.taken) >= n, seconds=120)
            running[name].kill()
            kills += 1
        running["worker2"].wait_until(lambda: everything_is_sent(host, 6), seconds=400)
    by_reader = {one.member.email: set() for one in invited}
    for letter in sink.taken:
        by_reader[letter["To"]].add(letter["Message-ID"])
    assert all(len(ids) == 1 for ids in by_reader.values())
    assert len(sink.taken) <= 6 + kills
