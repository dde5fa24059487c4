"""Pages of demo mode. All of them answer 404 outside it."""

from django.urls import path

from accounts.views.demo import sign_in_as
from config import gallery
from config.demo import views
from messaging.views import demo as outbox

urlpatterns = [
    path("", views.cast, name="demo"),
    path("as/<str:address>/", sign_in_as, name="demo_sign_in"),
    path("outbox/", outbox.outbox_page, name="demo_outbox"),
    path("outbox.json", outbox.outbox_json, name="demo_outbox_json"),
    path("components/", gallery.components, name="demo_components"),
]
