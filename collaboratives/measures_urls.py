"""Pages of measures, below a team and below a cohort; part of the namespace `collaboratives`."""

from django.urls import path

from collaboratives.views import cohort_measures as cohort
from collaboratives.views import measure_data as data
from collaboratives.views import measure_decisions as decisions
from collaboratives.views import measure_files as files
from collaboratives.views import measures as views

TEAM = "teams/<slug:team_slug>/measures/"
ONE = f"{TEAM}<slug:measure_slug>/"
COHORT = "staff/p/<slug:cohort_slug>/measures/"
UPLOAD = f"{ONE}data/import/<int:pk>/"

urlpatterns = [
    path(COHORT, cohort.cohort_measures, name="cohort_measures"),
    path("staff/p/<slug:cohort_slug>/gaps/", cohort.cohort_gaps, name="cohort_gaps"),
    path(f"{COHORT}<slug:measure_slug>/", cohort.cohort_measure, name="cohort_measure"),
    path(
        f"{COHORT}<slug:measure_slug>/benchmark/", cohort.cohort_benchmark, name="cohort_benchmark"
    ),
    path(TEAM, views.measures, name="measures"),
    path(f"{TEAM}add/", views.measure_add, name="measure_add"),
    path(ONE, views.measure, name="measure"),
    path(f"{ONE}edit/", views.measure_edit, name="measure_edit"),
    path(f"{ONE}decide/", decisions.measure_decide, name="measure_decide"),
    path(f"{ONE}decide/<int:pk>/undo/", decisions.measure_undo, name="measure_undo"),
    path(f"{ONE}data/", data.measure_data, name="measure_data"),
    path(f"{ONE}data/import/", data.measure_import, name="measure_import"),
    path(f"{ONE}data/template.csv", files.measure_template, name="measure_template"),
    path(f"{ONE}data/template.xlsx", files.measure_template_xlsx, name="measure_template_xlsx"),
    path(f"{ONE}data/numbers.csv", files.measure_csv, name="measure_csv"),
    path(f"{ONE}data/numbers.xlsx", files.measure_xlsx, name="measure_xlsx"),
    path(UPLOAD, data.measure_upload, name="measure_upload"),
    path(f"{UPLOAD}state/", data.measure_upload_state, name="measure_upload_state"),
    path(f"{UPLOAD}cancel/", data.measure_upload_cancel, name="measure_upload_cancel"),
    path(f"{UPLOAD}save/", data.measure_upload_save, name="measure_upload_save"),
]
