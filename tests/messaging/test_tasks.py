"""What the clock starts."""

from datetime import timedelta
from time import time

import pytest
from django.core.cache import caches
from django.db import ProgrammingError
from django.utils import timezone

from messaging import tasks
from messaging.models import OutboundMessage
from messaging.states import State
from tenancy.active import all_hosts, open_host
from tests.factories.messaging import OutboundMessageFactory
from tests.messaging.sink import free_port


@pytest.fixture
def fast_cache(settings):
    settings.CACHES = {
        **settings.CACHES,
        "fast": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }


def test_it_delivers_and_says_that_a_worker_lives(worker, host, sink, fast_cache):
    OutboundMessageFactory(host=host)
    assert tasks.deliver_due() == 1
    assert time() - caches["fast"].get("worker_seen") < 60


def test_mail_goes_out_while_cache_and_broker_are_away(worker, host, sink, settings):
    settings.CACHES = {
        **settings.CACHES,
        "fast": {**settings.CACHES["fast"], "LOCATION": f"redis://127.0.0.1:{free_port()}/0"},
    }
    OutboundMessageFactory(host=host)
    assert tasks.deliver_due() == 1
    with open_host(host.pk):
        assert OutboundMessage.objects.get().state == State.SENT


def test_reminders_are_planned_for_every_host(host, other_host, fast_cache):
    assert tasks.plan_reminders() == 0


def test_the_worker_sees_open_mail_only_and_only_while_no_host_is_open(worker, host, other_host):
    """What the extra policy of `app_worker` grants, read as that role."""
    now = timezone.now()
    OutboundMessageFactory(host=host, subject="open")
    OutboundMessageFactory(host=other_host, subject="open too")
    OutboundMessageFactory(host=host, subject="sent", state=State.SENT, sent_at=now)
    with all_hosts():
        seen = OutboundMessage.objects.order_by("subject").values_list("subject", flat=True)
        assert list(seen) == ["open", "open too"]
        changed = OutboundMessage.objects.filter(subject="open").update(
            state=State.SENDING, locked_by="me", lease_until=now + timedelta(minutes=1)
        )
        assert changed == 1
    with open_host(other_host.pk), all_hosts():
        assert [m.subject for m in OutboundMessage.objects.all()] == ["open too"]


def test_the_worker_cannot_change_a_foreign_mail_but_to_claim_it(worker, host):
    OutboundMessageFactory(host=host)
    with pytest.raises(ProgrammingError, match="row-level security"), all_hosts():
        OutboundMessage.objects.update(state=State.CANCELLED)
    with all_hosts():
        assert OutboundMessage.objects.all().delete()[0] == 0
