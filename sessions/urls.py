from django.urls import path

from sessions import views

app_name = "program_sessions"

STAFF = "staff/p/<slug:cohort_slug>/sessions/"
TEAM = "teams/<slug:team_slug>/sessions/"

urlpatterns = [
    path("p/<slug:cohort_slug>/sessions/", views.calendar_of_cohort, name="calendar"),
    path(STAFF, views.staff_list, name="staff_list"),
    path(f"{STAFF}plan/", views.plan, name="plan"),
    path(f"{STAFF}add/", views.add, name="add"),
    path(f"{STAFF}numbers/", views.board_numbers, name="board_numbers"),
    path(f"{STAFF}attendance/", views.attendance_board, name="attendance_board"),
    path(f"{STAFF}<int:pk>/", views.staff_session, name="staff_session"),
    path(f"{STAFF}<int:pk>/publish/", views.publish, name="publish"),
    path(f"{STAFF}<int:pk>/group/", views.choose_group, name="choose_group"),
    path(f"{STAFF}<int:pk>/move/", views.move, name="move"),
    path(f"{STAFF}<int:pk>/cancel/", views.cancel, name="cancel"),
    path(f"{STAFF}<int:pk>/attendance/", views.attendance, name="attendance"),
    path(TEAM, views.for_team, name="for_team"),
    path(f"{TEAM}next/", views.next_for_team, name="next_for_team"),
    path(f"{TEAM}<int:pk>/answer/", views.team_answer, name="team_answer"),
    path(f"{TEAM}<int:pk>/session.ics", views.calendar_file, name="calendar_file"),
]
