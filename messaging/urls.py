from django.conf import settings
from django.urls import URLPattern, URLResolver

app_name = "messaging"

urlpatterns: list[URLPattern | URLResolver] = []


def absolute(path: str) -> str:
    """The address of a page, as it can stand in a mail."""
    return f"{settings.PUBLIC_URL}{path}"
