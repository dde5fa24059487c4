"""What the clock starts."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from messaging import tasks
from messaging.models import OutboundMessage
from messaging.states import State
from tenancy.active import all_hosts, open_host
from tests.factories.messaging import OutboundMessageFactory


def test_the_clock_delivers(worker, host, sink):
    OutboundMessageFactory(host=host)
    assert tasks.deliver_due() == 1
    with open_host(host.pk):
        assert OutboundMessage.objects.get().state == State.SENT


def test_the_clock_asks_every_host_for_reminders(host, other_host):
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
