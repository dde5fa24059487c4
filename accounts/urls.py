"""A person's own pages below /accounts/, a host's people below /<host>/."""

from django.urls import include, path

from accounts import host_urls
from accounts.views import profile, second_factor, start

app_name = "accounts"

own = [
    path("start/", start.start, name="start"),
    path("start/code/", start.start_code, name="start_code"),
    path("profile/", profile.profile, name="profile"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/done/", second_factor.second_factor_done, name="second_factor_done"),
    # Comes before allauth's page at the same address.
    path("2fa/totp/activate/", second_factor.activate, name="activate"),
]

urlpatterns = [
    path("accounts/", include(own)),
    path("<slug:host_slug>/", include(host_urls.urlpatterns)),
]
