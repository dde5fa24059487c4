"""A team's reports: the list, and the report as it is read."""

import csv
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import signed_in, staff_membership
from collaboratives.models import Team, TeamMember
from collaboratives.queries.measures import Reader, member_of
from reporting import actions, queries, rules
from reporting.calendars import CALENDAR_TYPE, calendar
from reporting.forms import AnswerForm, ReopenForm
from reporting.models import Report, ReportVersion
from reporting.queries.progress import scores_of
from reporting.states import ReportStatus, Side
from tenancy.models import AuditEvent


def open_team(request: HttpRequest, team_slug: str) -> tuple[Team, TeamMember | None]:
    teams = Team.objects.visible_to(request.user, staff_membership(request))
    team = get_object_or_404(
        teams.select_related("organization", "cohort__program"), slug=team_slug
    )
    return team, member_of(team, request.user)


@signed_in
def team_reports(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    context = {
        "team": team,
        "standings": queries.team_standings(team, now=timezone.now()),
        "others": queries.shared_by_others(team, request.user) if member else [],
        "can_write": rules.can_write(member),
    }
    return render(request, "reporting/team_reports.html", context)


@signed_in
def due_for_team(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """The part of a team's home that says which report is due."""
    team, member = open_team(request, team_slug)
    context = {
        "team": team,
        "due": queries.next_due(team, now=timezone.now()),
        "can_write": rules.can_write(member),
    }
    return render(request, "reporting/_due_for_team.html", context)


@signed_in
def due_days(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """The days on which the team's reports are due, for a calendar."""
    team, _member = open_team(request, team_slug)
    page = request.build_absolute_uri(
        reverse("reporting:team_reports", args=[host_slug, team_slug])
    )
    file = calendar(queries.team_standings(team, now=timezone.now()), page=page)
    response = HttpResponse(file, content_type=CALENDAR_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{team.slug}-reports.ics"'
    return response


# --- reading -------------------------------------------------------------------------------------


def open_to_read(
    request: HttpRequest, team_slug: str, period_slug: str
) -> tuple[Report, TeamMember | None]:
    reports = Report.objects.visible_to(request.user, staff_membership(request)).submitted()
    report = get_object_or_404(
        reports.select_related("team__organization", "team__cohort__program", "period__form"),
        team__slug=team_slug,
        period__slug=period_slug,
    )
    return report, member_of(report.team, request.user)


@signed_in
def report(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    report, member = open_to_read(request, team_slug, period_slug)
    membership = staff_membership(request)
    version = queries.latest_version(report)
    version.report = report
    page = queries.report_page(
        report,
        version,
        reader=Reader.member(member),
        person=request.user,
        membership=membership,
    )
    context = {
        "report": report,
        "team": report.team,
        "page": page,
        "own": member is not None,
        "answers_reports": rules.can_write(member),
        "can_edit": member is not None and report.status == ReportStatus.REOPENED,
        "can_reopen": rules.can_reopen(member, report),
        "can_share": rules.can_write(member),
        "can_acknowledge": rules.can_acknowledge(member, page.reply),
        "call": queries.leadership_call(report.team, now=timezone.now()) if member else None,
        "versions": queries.versions_of(report),
        **coaching_of(request, version, member),
        "events": AuditEvent.objects.about(report)[:20] if member else [],
    }
    return render(request, "reporting/report.html", context)


def coaching_of(
    request: HttpRequest, version: ReportVersion, member: TeamMember | None
) -> dict[str, Any]:
    """What the coach said, for the team and who coaches it."""
    membership, team = staff_membership(request), version.report.team
    shown = queries.feedback_shown(version, request.user, membership)
    return {
        "scores": scores_of(version.report, Side.TEAM) if member else None,
        "feedback": shown[0] if shown else None,
        "earlier_feedback": shown[1:],
        "may_coach": queries.may_coach(team, request.user, membership),
        "answer_form": AnswerForm(needs_words=bool(shown and shown[0].feedback.acknowledged_at))
        if shown and rules.can_write(member)
        else None,
    }


@signed_in
def report_csv(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """The numbers of the report as this reader may see them."""
    report, member = open_to_read(request, team_slug, period_slug)
    version = queries.latest_version(report)
    return numbers_of(version, report, member)


def numbers_of(version: ReportVersion, report: Report, member: TeamMember | None) -> HttpResponse:
    tables = queries.tables_for(version, report.team, Reader.member(member))
    if not tables:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{report.team.slug}-{report.period.slug}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(["measure", "month", "group", "numerator", "denominator"])
    for table in tables:
        for row in table.as_rows():
            cells = [table.name, *row]
            writer.writerow([f"'{c}" if c[:1] in "=+-@\t\r" and c else c for c in cells])
    return response


@signed_in
def reopen(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    open_team(request, team_slug)  # for who only reads the report there is no such page
    report, member = open_to_read(request, team_slug, period_slug)
    if not rules.can_reopen(member, report):
        raise PermissionDenied
    form = ReopenForm(request.POST or None, initial={"reason": queries.asked_by_coach(report)})
    if request.method == "POST" and form.is_valid():
        actions.reopen(
            report=report,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            by=request.user,
        )
        return redirect("reporting:edit", host_slug, team_slug, period_slug)
    status = 422 if form.errors else 200
    context = {"report": report, "team": report.team, "form": form}
    return render(request, "reporting/reopen.html", context, status=status)
