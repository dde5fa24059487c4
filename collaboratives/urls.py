from django.urls import path

from collaboratives import form_urls, measures_urls
from collaboratives.views import (
    leadership,
    organizations,
    programs,
    public,
    staff,
    team_care,
    teams,
)

app_name = "collaboratives"

STAFF = "staff/p/<slug:cohort_slug>/"
TEAM = "teams/<slug:team_slug>/"
MEMBER = f"{TEAM}members/<int:pk>/"

urlpatterns = [
    path("", public.host_home, name="host_home"),
    path("programs/", public.programs, name="programs"),
    path("p/<slug:cohort_slug>/", public.cohort, name="cohort"),
    path("p/<slug:cohort_slug>/form/<slug:language>/", public.blank_form, name="blank_form"),
    path(
        "p/<slug:cohort_slug>/request/<slug:language>/",
        public.request_for_application,
        name="request_for_application",
    ),
    path("me/", staff.mine, name="mine"),
    path("staff/", staff.staff_home, name="staff_home"),
    path("staff/log/", staff.activity, name="activity"),
    path("staff/programs/", programs.blueprints, name="blueprints"),
    path("staff/programs/adopt/<slug:key>/", programs.adopt, name="adopt"),
    path("staff/programs/<slug:program_slug>/", programs.program, name="program"),
    path("staff/programs/<slug:program_slug>/plan/", programs.plan_cohort, name="plan_cohort"),
    path("staff/organizations/", organizations.organizations, name="organizations"),
    path("staff/organizations/<int:pk>/", organizations.organization, name="organization"),
    path("staff/organizations/<int:pk>/merge/<int:other_pk>/", organizations.merge, name="merge"),
    path("staff/organizations/<int:pk>/merge/undo/", organizations.undo_merge, name="undo_merge"),
    path(STAFF, staff.cohort_board, name="cohort_board"),
    path(f"{STAFF}setup/", programs.setup, name="setup"),
    path(f"{STAFF}setup/publish/", programs.publish, name="publish"),
    path(f"{STAFF}teams/", teams.teams, name="teams"),
    path(f"{STAFF}groups/", team_care.groups, name="groups"),
    path(f"{STAFF}groups/add/", team_care.group_add, name="group_add"),
    path(f"{STAFF}groups/<int:pk>/", team_care.group_edit, name="group_edit"),
    path(f"{STAFF}groups/<int:pk>/remove/", team_care.group_remove, name="group_remove"),
    path(TEAM, teams.team_home, name="team_home"),
    path(f"{TEAM}edit/", team_care.team_edit, name="team_edit"),
    path(f"{TEAM}end/", team_care.team_end, name="team_end"),
    path(f"{TEAM}resume/", team_care.team_resume, name="team_resume"),
    path(f"{TEAM}members/", teams.members, name="members"),
    path(f"{TEAM}members/add/", teams.member_add, name="member_add"),
    path(MEMBER, teams.member_edit, name="member_edit"),
    path(f"{MEMBER}remove/", teams.member_remove, name="member_remove"),
    path(f"{MEMBER}lead/", teams.hand_over, name="hand_over"),
    path(f"{MEMBER}ask/", leadership.ask_leader, name="ask_leader"),
    path(f"{MEMBER}invite/", teams.member_invite, name="member_invite"),
    path(f"{MEMBER}withdraw/", teams.member_withdraw, name="member_withdraw"),
    *form_urls.urlpatterns,
    *measures_urls.urlpatterns,
]
