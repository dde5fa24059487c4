from django.urls import path

from reporting import library_urls
from reporting.views import (
    changes,
    coaching,
    commitments,
    funder,
    milestones,
    periods,
    progress,
    reports,
    scale_plans,
    staff,
    versions,
    work,
    writing,
)

app_name = "reporting"

TEAM = "teams/<slug:team_slug>/"
ONE = f"{TEAM}reports/<slug:period_slug>/"
VERSION = f"{ONE}versions/<int:number>/"
COACHING = "staff/coaching/<slug:team_slug>/<slug:period_slug>/<int:number>/"
FUNDER = "staff/p/<slug:cohort_slug>/funder/"
STAFF = "staff/p/<slug:cohort_slug>/reports/"

urlpatterns = [
    path(f"{TEAM}reports/", reports.team_reports, name="team_reports"),
    path(f"{TEAM}reports/due/", reports.due_for_team, name="due_for_team"),
    path(f"{TEAM}reports/days.ics", reports.due_days, name="due_days"),
    path(ONE, reports.report, name="report"),
    path(f"{ONE}edit/", writing.edit, name="edit"),
    path(f"{ONE}autosave/", writing.autosave, name="autosave"),
    path(f"{ONE}here/", writing.here, name="here"),
    path(f"{ONE}keep-mine/", writing.keep_mine, name="keep_mine"),
    path(f"{ONE}history/", writing.history, name="history"),
    path(f"{ONE}history/<slug:field>/", writing.question, name="question"),
    path(f"{ONE}check/", writing.check, name="check"),
    path(f"{ONE}preview/", writing.preview, name="preview"),
    path(f"{ONE}reopen/", reports.reopen, name="reopen"),
    path(f"{ONE}acknowledge/", commitments.acknowledge, name="acknowledge"),
    path(f"{ONE}feedback/", coaching.answer_as_team, name="answer_as_team"),
    path(f"{TEAM}milestones/", milestones.milestones, name="milestones"),
    path(f"{TEAM}coaching/", coaching.for_team, name="coaching_for_team"),
    path("staff/coaching/", coaching.queue, name="coaching"),
    path(f"{ONE}score/", progress.score, name="score"),
    path(f"{COACHING}score/", progress.coach_score, name="coach_score"),
    path(COACHING, coaching.feedback, name="feedback"),
    path(f"{COACHING}autosave/", coaching.feedback_autosave, name="feedback_autosave"),
    path(f"{COACHING}answer/", coaching.answer, name="answer"),
    path(f"{COACHING}notes/", coaching.note, name="coach_note"),
    path(f"{ONE}numbers.csv", reports.report_csv, name="report_csv"),
    path(f"{TEAM}leader-commitments/", commitments.leader_commitments, name="leader_commitments"),
    path(VERSION, versions.version, name="version"),
    path(f"{VERSION}numbers.csv", versions.version_csv, name="version_csv"),
    path(f"{VERSION}changes/", versions.version_changes, name="version_changes"),
    path(f"{VERSION}pdf/", versions.version_pdf, name="version_pdf"),
    path(f"{VERSION}pdf/state/", versions.version_pdf_state, name="version_pdf_state"),
    path(f"{VERSION}pdf/make/", versions.make_version_pdf, name="make_version_pdf"),
    path(f"{TEAM}work/", work.work, name="work"),
    path(f"{TEAM}work/aims/add/", work.aim_add, name="aim_add"),
    path(f"{TEAM}work/aims/<int:pk>/", work.aim_edit, name="aim_edit"),
    path(f"{TEAM}work/projects/add/", work.project_add, name="project_add"),
    path(f"{TEAM}work/projects/<int:pk>/", work.project_edit, name="project_edit"),
    path(f"{TEAM}work/evidence/add/", work.evidence_add, name="evidence_add"),
    path(f"{TEAM}work/evidence/<int:pk>/", work.evidence_edit, name="evidence_edit"),
    path(f"{TEAM}scale-plan/", scale_plans.scale_plan, name="scale_plan"),
    path(f"{TEAM}changes/", changes.changes, name="changes"),
    path(f"{TEAM}changes/add/", changes.change_add, name="change_add"),
    path(f"{TEAM}changes/<int:pk>/", changes.change_edit, name="change_edit"),
    path(f"{TEAM}changes/<int:pk>/remove/", changes.change_remove, name="change_remove"),
    path("staff/p/<slug:cohort_slug>/board/", staff.cohort_teams, name="cohort_teams"),
    path(
        "staff/p/<slug:cohort_slug>/milestones/", staff.cohort_milestones, name="cohort_milestones"
    ),
    *library_urls.urlpatterns,
    path(FUNDER, funder.funder_reports, name="funder_reports"),
    path(f"{FUNDER}<int:number>/", funder.funder_report, name="funder_report"),
    path(f"{FUNDER}<int:number>/pdf/", funder.funder_pdf, name="funder_pdf"),
    path(f"{FUNDER}<int:number>/pdf/state/", funder.funder_pdf_state, name="funder_pdf_state"),
    path(f"{FUNDER}<int:number>/pdf/draw/", funder.draw_funder_pdf, name="draw_funder_pdf"),
    path(f"{FUNDER}<int:number>/data/", funder.funder_data, name="funder_data"),
    path(STAFF, staff.staff_list, name="staff_list"),
    path(f"{STAFF}numbers/", staff.board_numbers, name="board_numbers"),
    path(f"{STAFF}remind/", staff.remind, name="remind"),
    path(f"{STAFF}plan/", periods.plan, name="plan"),
    path(f"{STAFF}extra/", periods.extra, name="extra"),
    path(f"{STAFF}<slug:period_slug>/", periods.period, name="period"),
    path(f"{STAFF}<slug:period_slug>/<slug:team_slug>/", periods.give, name="give"),
]
