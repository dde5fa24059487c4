"""Pages that open by an emailed link."""

from django.urls import path

from reporting.views import replies

app_name = "reporting_links"

urlpatterns = [
    path("reply/<str:token>/", replies.reply, name="reply"),
    path("reply/<str:token>/autosave/", replies.autosave, name="autosave"),
    path("reply/<str:token>/report/", replies.full_report, name="report"),
    path("reply/<str:token>/not-you/", replies.not_you, name="not_you"),
    path("reply/<str:token>/later/", replies.later, name="later"),
]
