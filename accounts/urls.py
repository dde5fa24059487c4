"""A person's own pages below /accounts/. The people of a host are in host_urls.py."""

from django.urls import path

from accounts.views import profile, second_factor, start

app_name = "accounts"

urlpatterns = [
    path("start/", start.start, name="start"),
    path("start/code/", start.start_code, name="start_code"),
    path("time-left/", profile.time_left, name="time_left"),
    path("profile/", profile.profile, name="profile"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/done/", second_factor.second_factor_done, name="second_factor_done"),
    # Comes before allauth's page at the same address.
    path("2fa/totp/activate/", second_factor.activate, name="activate"),
]
