from django.conf import settings
from django.urls import path

from messaging.views import staff

app_name = "messaging"

urlpatterns = [
    path("staff/p/<slug:cohort_slug>/messages/", staff.message_list, name="list"),
    path("staff/p/<slug:cohort_slug>/messages/<int:pk>/", staff.detail, name="detail"),
    path(
        "staff/p/<slug:cohort_slug>/messages/<int:pk>/again/",
        staff.confirm_send_again,
        name="confirm_send_again",
    ),
    path(
        "staff/p/<slug:cohort_slug>/messages/<int:pk>/send/",
        staff.send_again,
        name="send_again",
    ),
    path("staff/p/<slug:cohort_slug>/messages/<int:pk>/cancel/", staff.cancel, name="cancel"),
]


def absolute(path: str) -> str:
    """The address of a page, as it can stand in a mail."""
    return f"{settings.PUBLIC_URL}{path}"
