"""How a background task works for one host."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from tenancy.active import open_host


def host_task(work: Callable[..., Any]) -> Callable[..., Any]:
    """Run `work(host_id, …)` with that host open. For short work: one transaction around all."""

    @wraps(work)
    def wrapper(host_id: str, *args: Any, **kwargs: Any) -> Any:
        with open_host(UUID(str(host_id))):
            return work(host_id, *args, **kwargs)

    return wrapper
