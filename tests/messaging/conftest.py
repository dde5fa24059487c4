from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from messaging import outbox
from messaging.models import OutboundMessage
from tests.factories.messaging import as_worker
from tests.messaging.sink import Sink, running_sink


@pytest.fixture(autouse=True)
def templates_of_these_tests(settings: Any) -> None:
    changed = deepcopy(settings.TEMPLATES)
    changed[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = changed


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Everything in this test is done as `app_worker`."""
    with as_worker():
        yield


@pytest.fixture
def post(host: Any) -> Callable[..., OutboundMessage | None]:
    """Post the example mail; the host must be open."""

    def _post(**given: Any) -> OutboundMessage | None:
        return outbox.post(
            **{
                "host_id": host.pk,
                "to": "dana@riverbend.example",
                "template": "messaging/example",
                "context": {"name": "D'Arcy", "token": "t0ken"},
                "dedupe_key": "example:1",
                **given,
            }
        )

    return _post


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as running:
        settings.EMAIL_URL = running.url
        yield running
