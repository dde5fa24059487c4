"""Mail rows, and the worker's way into the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from os import environ

import environ as urls
import factory
from django.db import connection
from django.utils import timezone

from messaging.models import OutboundMessage
from messaging.outbox import new_message_id
from messaging.sealing import Body, seal
from tests.factories import HostFactoryBase


class OutboundMessageFactory(HostFactoryBase):
    class Meta:
        model = OutboundMessage
        exclude = ["text", "secrets"]

    text = "Good news."
    secrets = ()
    dedupe_key = factory.Sequence(lambda n: f"key-{n}")
    to = factory.Sequence(lambda n: f"reader{n}@example.org")
    subject = factory.Sequence(lambda n: f"Subject {n}")
    template = "messaging/example"
    body = factory.LazyAttribute(lambda o: seal(Body(text=o.text, secrets=tuple(o.secrets))))
    next_attempt_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
    message_id = factory.LazyFunction(new_message_id)


@contextmanager
def as_worker() -> Iterator[None]:
    """The default connection as `app_worker`, who alone may claim across hosts.

    For tests with `transaction=True`: the other role sees only what is committed.
    """
    role = urls.Env.db_url_config(environ["DATABASE_WORKER_URL"])
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=role["USER"], PASSWORD=role["PASSWORD"])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
