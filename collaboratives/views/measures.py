"""Pages of a team's measures and their numbers."""

import csv
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in, staff_membership
from collaboratives.actions import measures as actions
from collaboratives.category_sets import BY_KEY, SETS
from collaboratives.forms.measures import GridForm, MeasureForm, UploadForm
from collaboratives.measure_rules import can_edit_measures
from collaboratives.models import DataUpload, Measure, Team, TeamMember
from collaboratives.models.measures import UploadState
from collaboratives.queries.measure_charts import MeasureCharts, measure_charts
from collaboratives.queries.measures import (
    MeasureTable,
    Reader,
    measure_table,
    measure_tables,
    member_of,
    months_between,
)
from documents.intake import Refused
from workflow.machine import TransitionNotAllowed

GRID_MONTHS = 12
MOST_GRID_MONTHS = 36


def open_team(request: HttpRequest, team_slug: str) -> tuple[Team, TeamMember | None]:
    """A team that this person may see, and their own place on it."""
    teams = Team.objects.visible_to(request.user, staff_membership(request)).for_list()
    team = get_object_or_404(teams, slug=team_slug)
    return team, member_of(team, request.user)


def open_measure(
    request: HttpRequest, team_slug: str, measure_slug: str
) -> tuple[Measure, TeamMember | None]:
    team, member = open_team(request, team_slug)
    measure = get_object_or_404(Measure, team=team, slug=measure_slug)
    measure.team = team
    return measure, member


def _must_edit(member: TeamMember | None) -> None:
    if not can_edit_measures(member):
        raise PermissionDenied


@signed_in
def measures(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    tables = measure_tables(team, reader=Reader.member(member))
    context = {
        "team": team,
        "charts": [measure_charts(table) for table in tables],
        "masked": member is None,
        "can_edit": can_edit_measures(member),
    }
    return render(request, "collaboratives/measures/list.html", context)


@signed_in
def measure_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    _must_edit(member)
    axis = request.GET.get("axis", "")
    if axis not in BY_KEY:
        return render(
            request, "collaboratives/measures/choose_axis.html", {"team": team, "sets": SETS}
        )
    form = MeasureForm(request.POST or None, axis=axis)
    if request.method == "POST" and form.is_valid():
        measure = actions.add_measure(team=team, definition=form.as_definition(), by=request.user)
        return redirect("collaboratives:measure_data", host_slug, team_slug, measure.slug)
    context = {"team": team, "form": form, "axis": BY_KEY[axis], "measure": None}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/edit.html", context, status=status)


@signed_in
def measure_edit(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    _must_edit(member)
    table = measure_table(measure, reader=Reader.member(member))
    initial = MeasureForm.of(table, measure.level)
    form = MeasureForm(request.POST or None, axis=measure.axis, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_measure(
                measure=measure, definition=form.as_definition(), by=request.user
            )
            return redirect("collaboratives:measure", host_slug, team_slug, measure.slug)
        except actions.HasNumbers:
            form.add_error(None, _("Numbers are there already: keep the type and their groups."))
    context = {"team": measure.team, "form": form, "axis": form.axis, "measure": measure}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/edit.html", context, status=status)


@signed_in
def measure(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    table = measure_table(measure, reader=Reader.member(member))
    charts: MeasureCharts = measure_charts(table)
    context = {
        "team": measure.team,
        "measure": measure,
        "charts": charts,
        "can_edit": can_edit_measures(member),
    }
    return render(request, "collaboratives/measures/measure.html", context)


# --- numbers typed in ----------------------------------------------------------------------------


def _grid_months(table: MeasureTable, request: HttpRequest, team: Team) -> list[date]:
    """The last months up to now, more when asked; never before the first with data."""
    this = timezone.localdate(timezone=team.cohort.zone).replace(day=1)
    wanted = request.GET.get("months", "")
    count = min(int(wanted), MOST_GRID_MONTHS) if wanted.isdecimal() else GRID_MONTHS
    first = this
    for _month in range(max(count, 1) - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return list(months_between(first, this))


@signed_in
def measure_data(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    _must_edit(member)
    table = measure_table(measure, reader=Reader.member(member))
    months = _grid_months(table, request, measure.team)
    form = GridForm(table, months, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not form.errors:
        kept = actions.save_points(measure=measure, points=form.points, by=request.user)
        messages.success(request, _kept_words(kept.added + kept.changed))
        return redirect("collaboratives:measure", host_slug, team_slug, measure_slug)
    context = {
        "team": measure.team,
        "measure": measure,
        "form": form,
        "months": len(months),
        "more": min(len(months) + GRID_MONTHS, MOST_GRID_MONTHS),
        "upload_form": UploadForm(),
    }
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/data.html", context, status=status)


def _kept_words(count: int) -> str:
    if not count:
        return _("Nothing changed: these numbers were here already.")
    return ngettext("%(n)s number saved.", "%(n)s numbers saved.", count) % {"n": count}


# --- numbers from a file -------------------------------------------------------------------------


@signed_in
def measure_import(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    _must_edit(member)
    form = UploadForm(request.POST or None, request.FILES or None)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if request.method == "POST" and form.is_valid():
        try:
            upload = actions.receive_file(
                measure=measure, file=form.cleaned_data["file"], by=request.user
            )
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            url = reverse(
                "collaboratives:measure_upload",
                args=[host_slug, team_slug, measure_slug, upload.pk],
            )
            return JsonResponse({"next": url}) if wants_json else redirect(url)
    if wants_json and form.errors:
        return JsonResponse({"error": form.errors["file"][0]}, status=422)
    context = {"team": measure.team, "measure": measure, "form": form}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/import.html", context, status=status)


def _open_upload(
    request: HttpRequest, team_slug: str, measure_slug: str, pk: int
) -> tuple[Measure, DataUpload]:
    measure, member = open_measure(request, team_slug, measure_slug)
    _must_edit(member)
    uploads = DataUpload.objects.visible_to(request.user)
    return measure, get_object_or_404(uploads, pk=pk, measure=measure)


@signed_in
def measure_upload(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str, pk: int
) -> HttpResponse:
    measure, upload = _open_upload(request, team_slug, measure_slug, pk)
    context = {
        "team": measure.team,
        "measure": measure,
        "upload": upload,
        "good": len(upload.rows),
        "unlisted": upload.problem_count - len(upload.problems),
        "form": UploadForm(),
    }
    return render(request, "collaboratives/measures/upload.html", context)


@signed_in
def measure_upload_state(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str, pk: int
) -> HttpResponse:
    """What the progress line asks every moment."""
    _measure, upload = _open_upload(request, team_slug, measure_slug, pk)
    if upload.state == UploadState.WAITING:
        return JsonResponse({"state": "running", "progress": 40})
    url = reverse("collaboratives:measure_upload", args=[host_slug, team_slug, measure_slug, pk])
    return JsonResponse(
        {"state": "done", "progress": 100, "result_url": url, "result_label": _("See the result")}
    )


@signed_in
@require_POST
def measure_upload_save(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str, pk: int
) -> HttpResponse:
    measure, upload = _open_upload(request, team_slug, measure_slug, pk)
    try:
        upload = actions.save_upload(upload=upload, by=request.user, now=timezone.now())
        messages.success(request, _kept_words(upload.added + upload.changed))
    except TransitionNotAllowed:
        messages.info(request, _("These rows were saved already."))
    return redirect("collaboratives:measure", host_slug, team_slug, measure.slug)


# --- numbers to take away ------------------------------------------------------------------------


@signed_in
def measure_template(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    """An empty file for this measure: its groups, the last twelve months."""
    measure, member = open_measure(request, team_slug, measure_slug)
    _must_edit(member)
    table = measure_table(measure, reader=Reader.outsider())
    rows = [
        [f"{month:%Y-%m}", group.label, "", ""]
        for month in _grid_months(table, request, measure.team)
        for group in table.groups
    ]
    return _csv(f"{measure.slug}-template.csv", rows)


@signed_in
def measure_csv(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    """The numbers as this reader may see them; a hidden one is empty and says so."""
    measure, member = open_measure(request, team_slug, measure_slug)
    table = measure_table(measure, reader=Reader.member(member))
    if not table.has_numbers:
        raise Http404
    return _csv(f"{measure.slug}.csv", table.as_rows())


def _csv(name: str, rows: list[list[str]]) -> HttpResponse:
    """With the mark by which spreadsheet programs know UTF-8; no cell can be a formula."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow(["month", "group", "numerator", "denominator"])
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row])
    return response
