"""The map. Each room's `urls.py` holds its pages below /<host>/; its `links.py`, where there
is one, the pages that open by an emailed link below /r/."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from config import health, pages

handler429 = "config.pages.too_many"

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # No seal: public pages set no cookie, and a language is no harm.
    path("about/accessibility/", pages.accessibility, name="accessibility"),
    path("about/privacy/", pages.privacy, name="privacy"),
    path("i18n/language/", csrf_exempt(set_language), name="set_language"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("demo/", include("config.demo.urls")),
    path("r/", include("accounts.links")),
    path("r/", include("collaboratives.links")),
    path("r/", include("applications.links")),
    path("r/", include("sessions.links")),
    path("r/", include("charters.links")),
    path("r/", include("reporting.links")),
    path("<slug:host_slug>/", include("accounts.host_urls")),
    path("<slug:host_slug>/", include("collaboratives.urls")),
    path("<slug:host_slug>/", include("applications.urls")),
    path("<slug:host_slug>/", include("sessions.urls")),
    path("<slug:host_slug>/", include("charters.urls")),
    path("<slug:host_slug>/", include("reporting.urls")),
    path("<slug:host_slug>/", include("messaging.urls")),
    path("<slug:host_slug>/", include("documents.urls")),
]
