"""The pages of the network's library, of who reads what, and of what leaves the network."""

from django.urls import path

from reporting.views import library, outreach, public, sharing

TEAM = "teams/<slug:team_slug>/"

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/<int:pk>/", library.item, name="item"),
    path("library/<int:pk>/public/", public.public_page, name="public_page"),
    path("library/<int:pk>/adapt/", library.adapt, name="adapt"),
    path("library/<int:pk>/comment/", library.comment, name="comment"),
    path(
        "library/<int:pk>/comment/<int:number>/remove/",
        library.remove_comment,
        name="remove_comment",
    ),
    path(
        f"{TEAM}reports/<slug:period_slug>/sharing/", sharing.report_sharing, name="report_sharing"
    ),
    path(f"{TEAM}told/", outreach.disseminations, name="disseminations"),
    path(f"{TEAM}told/add/", outreach.dissemination_add, name="dissemination_add"),
    path(f"{TEAM}told/<int:pk>/", outreach.dissemination_edit, name="dissemination_edit"),
    path(f"{TEAM}feedback-calls/", outreach.feedback_calls, name="feedback_calls"),
    path(f"{TEAM}feedback-calls/add/", outreach.feedback_call_add, name="feedback_call_add"),
    path(f"{TEAM}feedback-calls/<int:pk>/", outreach.feedback_call_edit, name="feedback_call_edit"),
    path("staff/p/<slug:cohort_slug>/outreach/", outreach.outreach, name="outreach"),
    path(f"{TEAM}changes/<int:pk>/sharing/", sharing.change_sharing, name="change_sharing"),
]
