"""Pages of measures, below a team; part of the namespace `collaboratives`."""

from django.urls import path

from collaboratives.views import measures as views

TEAM = "teams/<slug:team_slug>/measures/"
ONE = f"{TEAM}<slug:measure_slug>/"
UPLOAD = f"{ONE}data/import/<int:pk>/"

urlpatterns = [
    path(TEAM, views.measures, name="measures"),
    path(f"{TEAM}add/", views.measure_add, name="measure_add"),
    path(ONE, views.measure, name="measure"),
    path(f"{ONE}edit/", views.measure_edit, name="measure_edit"),
    path(f"{ONE}data/", views.measure_data, name="measure_data"),
    path(f"{ONE}data/import/", views.measure_import, name="measure_import"),
    path(f"{ONE}data/template.csv", views.measure_template, name="measure_template"),
    path(f"{ONE}data/numbers.csv", views.measure_csv, name="measure_csv"),
    path(UPLOAD, views.measure_upload, name="measure_upload"),
    path(f"{UPLOAD}state/", views.measure_upload_state, name="measure_upload_state"),
    path(f"{UPLOAD}save/", views.measure_upload_save, name="measure_upload_save"),
]
