"""Pages that open by an emailed link."""

from django.urls import path

from sessions import views

app_name = "sessions_links"

urlpatterns = [path("rsvp/<str:token>/", views.rsvp, name="rsvp")]
