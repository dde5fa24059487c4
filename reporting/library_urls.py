"""The pages of the network's library, of who reads what, and of what leaves the network."""

from django.urls import path

from reporting.views import library, sharing

TEAM = "teams/<slug:team_slug>/"

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/<int:pk>/", library.item, name="item"),
    path(
        f"{TEAM}reports/<slug:period_slug>/sharing/", sharing.report_sharing, name="report_sharing"
    ),
    path(f"{TEAM}changes/<int:pk>/sharing/", sharing.change_sharing, name="change_sharing"),
]
