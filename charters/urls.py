from django.urls import path

from charters import views

app_name = "charters"

STAFF = "staff/p/<slug:cohort_slug>/charters/"
TEAM = "teams/<slug:team_slug>/charter/"
VERSION = f"{TEAM}versions/<int:number>/"

urlpatterns = [
    path(STAFF, views.staff_list, name="staff_list"),
    path(f"{STAFF}numbers/", views.board_numbers, name="board_numbers"),
    path(TEAM, views.team_charter, name="team_charter"),
    path(f"{TEAM}short/", views.for_team, name="for_team"),
    path(f"{TEAM}edit/", views.edit, name="edit"),
    path(f"{TEAM}commitments/add/", views.add_commitment, name="add_commitment"),
    path(f"{TEAM}commitments/<int:pk>/", views.change_commitment, name="change_commitment"),
    path(f"{TEAM}commitments/<int:pk>/remove/", views.remove_commitment, name="remove_commitment"),
    path(f"{TEAM}commitments/<int:pk>/settle/", views.settle, name="settle"),
    path(f"{TEAM}propose/", views.propose, name="propose"),
    path(f"{TEAM}take-back/", views.take_back, name="take_back"),
    path(f"{TEAM}reopen/", views.reopen, name="reopen"),
    path(VERSION, views.version, name="version"),
    path(f"{VERSION}pdf/make/", views.make_pdf, name="make_pdf"),
    path(f"{VERSION}pdf/state/", views.pdf_state, name="pdf_state"),
    path(f"{VERSION}pdf/", views.pdf, name="pdf"),
]
