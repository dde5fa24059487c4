from collections.abc import Iterator

import pytest

from tests.factories.messaging import as_worker


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Everything in this test is done as `app_worker`."""
    with as_worker():
        yield
