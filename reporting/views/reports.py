"""A team's reports: the list, the editor, the report itself."""

import csv

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in, staff_membership
from collaboratives.models import Team, TeamMember
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measures import Reader, measure_tables, member_of
from questionnaires.actions import Saved
from questionnaires.forms import controls, errors, submitted
from questionnaires.queries import form_of
from questionnaires.rules import Problem
from reporting import actions, queries, rules
from reporting.calendars import CALENDAR_TYPE, calendar
from reporting.forms import ReopenForm
from reporting.models import Period, Report
from reporting.report_forms import ASKS, NEXT, WORDS
from reporting.states import ReportStatus
from tenancy.models import AuditEvent
from workflow.machine import TransitionNotAllowed


def open_team(request: HttpRequest, team_slug: str) -> tuple[Team, TeamMember | None]:
    teams = Team.objects.visible_to(request.user, staff_membership(request))
    team = get_object_or_404(teams.select_related("organization", "cohort"), slug=team_slug)
    return team, member_of(team, request.user)


def _open_for_writing(
    request: HttpRequest, team_slug: str, period_slug: str
) -> tuple[Team, TeamMember, Period, Report | None]:
    """What a writer of the team needs; the report may not have been begun."""
    team, member = open_team(request, team_slug)
    if member is None or not rules.can_write(member):
        raise PermissionDenied
    periods = Period.objects.asked_of(team).begun(timezone.now()).select_related("form")
    period = get_object_or_404(periods, slug=period_slug)
    return team, member, period, queries.report_of(team, period)


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


# --- writing -------------------------------------------------------------------------------------


@signed_in
def edit(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """GET shows what is there; POST saves and checks nothing."""
    team, member, period, report = _open_for_writing(request, team_slug, period_slug)
    if not rules.can_edit(member, report):
        return redirect("reporting:report", host_slug, team_slug, period_slug)
    if request.method == "POST":
        if _save(request, team, period, report).conflicts:
            theirs = _("Somebody else changed the same text. Theirs is shown, yours is kept.")
            messages.warning(request, theirs)
        if "submit" in request.POST:
            return redirect("reporting:check", host_slug, team_slug, period_slug)
        messages.success(request, _("Saved."))
        return redirect("reporting:edit", host_slug, team_slug, period_slug)
    return render(request, "reporting/edit.html", _editor(team, member, period, report))


def _save(request: HttpRequest, team: Team, period: Period, report: Report | None) -> Saved:
    now = timezone.now()
    report = report or actions.start_report(team=team, period=period, now=now, by=request.user)
    sent = [submitted(s, request.POST) for s in form_of(period.form).sections]
    return actions.save_answers(
        report=report,
        values={code: value for part in sent for code, value in part.values.items()},
        base_revisions={code: base for part in sent for code, base in part.bases.items()},
        now=now,
        by=request.user,
    )


def _editor(
    team: Team,
    member: TeamMember,
    period: Period,
    report: Report | None,
    missing: list[Problem] | None = None,
) -> dict[str, object]:
    form = form_of(period.form)
    answers = report.response.answers if report else {}
    revisions = report.response.revisions if report else {}
    missing = missing or []
    before = queries.report_before(team, period)
    changes = queries.numbered_changes(team, period.ends_on)
    return {
        "team": team,
        "period": period,
        "report": report,
        "words": controls(form, WORDS, answers, revisions=revisions, problems=missing),
        "asks": controls(form, ASKS, answers, revisions=revisions, problems=missing),
        "errors": errors(form, missing),
        "changes": queries.changes_until(team, period.ends_on),
        "charts": [
            measure_charts(table.until(period.ends_on), changes=changes)
            for table in measure_tables(team, reader=Reader.member(member))
        ],
        "planned": before.response.answers.get(NEXT, "") if before else "",
        "before": before,
        "promised": queries.still_open(team, now=timezone.now()),
        "standing": queries.standing_of(team, period, now=timezone.now()),
        "can_submit": rules.can_submit(member, report),
    }


@signed_in
@require_POST
def autosave(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """Keep the changed fields; the answer is what `<auto-save>` expects."""
    team, member, period, report = _open_for_writing(request, team_slug, period_slug)
    if not rules.can_edit(member, report):
        return JsonResponse({"detail": _("This report was submitted.")}, status=423)
    saved = _save(request, team, period, report)
    clock = timezone.now().astimezone(team.cohort.zone)
    body = {
        "revisions": saved.revisions,
        "saved_at": f"{clock:%-I:%M} {'a.m.' if clock.hour < 12 else 'p.m.'}",
        "conflicts": [
            {"field": c.field, "theirs": c.theirs or "", "name": c.name, "revision": c.revision}
            for c in saved.conflicts
        ],
        "people": [],
    }
    return JsonResponse(body, status=409 if saved.conflicts else 200)


@signed_in
def check(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """Before sending: what is missing, who will read it. POST submits."""
    team, member, period, report = _open_for_writing(request, team_slug, period_slug)
    if report is None or not rules.can_edit(member, report):
        return redirect("reporting:report", host_slug, team_slug, period_slug)
    if request.method == "POST":
        if not rules.can_submit(member, report):
            raise PermissionDenied
        try:
            actions.submit(report=report, now=timezone.now(), by=request.user)
            messages.success(request, _("Your report is submitted."))
            return redirect("reporting:report", host_slug, team_slug, period_slug)
        except actions.NotComplete as error:
            context = _editor(team, member, period, report, error.problems)
            return render(request, "reporting/edit.html", context, status=422)
        except TransitionNotAllowed:
            messages.info(request, _("Somebody else has just submitted this report."))
            return redirect("reporting:report", host_slug, team_slug, period_slug)
    context = {**_editor(team, member, period, report), "answers": report.response.answers}
    return render(request, "reporting/check.html", context)


# --- reading -------------------------------------------------------------------------------------


def _open_to_read(
    request: HttpRequest, team_slug: str, period_slug: str
) -> tuple[Report, TeamMember | None]:
    reports = Report.objects.visible_to(request.user, staff_membership(request)).submitted()
    report = get_object_or_404(
        reports.select_related("team__organization", "team__cohort", "period__form"),
        team__slug=team_slug,
        period__slug=period_slug,
    )
    return report, member_of(report.team, request.user)


@signed_in
def report(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    report, member = _open_to_read(request, team_slug, period_slug)
    version = queries.latest_version(report)
    page = queries.report_page(
        report,
        version,
        reader=Reader.member(member),
        person=request.user,
        membership=staff_membership(request),
    )
    context = {
        "report": report,
        "team": report.team,
        "page": page,
        "own": member is not None,
        "can_edit": member is not None and report.status == ReportStatus.REOPENED,
        "can_reopen": rules.can_reopen(member, report),
        "can_acknowledge": rules.can_acknowledge(member, page.reply),
        "call": queries.leadership_call(report.team, now=timezone.now()) if member else None,
        "events": AuditEvent.objects.about(report)[:20] if member else [],
    }
    return render(request, "reporting/report.html", context)


@signed_in
def report_csv(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """The numbers of the report as this reader may see them."""
    report, member = _open_to_read(request, team_slug, period_slug)
    version = queries.latest_version(report)
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
    report, member = _open_to_read(request, team_slug, period_slug)
    if not rules.can_reopen(member, report):
        raise PermissionDenied
    form = ReopenForm(request.POST or None)
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
