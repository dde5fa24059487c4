"""What every page is given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Nothing here asks the database for a visitor without a login session."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    host = getattr(request, "host", None)
    return {
        "host": host,
        "person": person,
        "membership": getattr(request, "membership", None),
        "demo_mode": settings.DEMO_MODE,
        "navigation": [],
        "staff_navigation": [],
    }
