"""Pages where a measure's numbers are typed in or sent as a file."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from collaboratives.actions import measure_numbers as actions
from collaboratives.forms.measure_numbers import GridForm, UploadForm
from collaboratives.models import DataUpload, Measure
from collaboratives.models.measures import UploadState
from collaboratives.queries.measure_pages import mismatches
from collaboratives.queries.measures import Reader, measure_table, months_between, period_of
from collaboratives.states import Frequency
from collaboratives.views.measures import must_edit, open_measure, record_seen
from documents.intake import Refused
from documents.states import JobState
from workflow.machine import TransitionNotAllowed

GRID_MONTHS = 12
MOST_GRID_MONTHS = 36
MOST_TOLD = 3


def grid_months(request: HttpRequest, measure: Measure) -> list[date]:
    """The last months or quarters up to now, more when asked."""
    today = timezone.localdate(timezone=measure.team.cohort.zone)
    this, step = period_of(today, measure.frequency), Frequency(measure.frequency).months
    wanted = request.GET.get("months", "")
    count = min(int(wanted), MOST_GRID_MONTHS) if wanted.isdecimal() else GRID_MONTHS
    first = this.year * 12 + this.month - 1 - step * (max(count, 1) - 1)
    return list(months_between(date(first // 12, first % 12 + 1, 1), this, step))


@signed_in
def measure_data(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    must_edit(member)
    table = measure_table(measure, reader=Reader.member(member))
    record_seen(measure.team, member, "page")
    months = grid_months(request, measure)
    form = GridForm(table, months, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not form.errors:
        kept = actions.save_points(measure=measure, points=form.points, by=request.user)
        messages.success(request, _kept_words(kept.added + kept.changed))
        for warning in mismatches(measure_table(measure, reader=Reader.member(member)))[:MOST_TOLD]:
            messages.warning(request, warning)
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
    must_edit(member)
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
    must_edit(member)
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
        "warnings": [
            *upload.warnings,
            *mismatches(measure_table(measure, reader=Reader(frozenset([measure.team_id])))),
        ],
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
        job = actions.job_of(upload)
        if job is not None and job.state == JobState.FAILED:
            return JsonResponse({"state": "failed", "progress": 100, "error": job.error})
        return JsonResponse({"state": "running", "progress": max(job.progress if job else 0, 2)})
    url = reverse("collaboratives:measure_upload", args=[host_slug, team_slug, measure_slug, pk])
    return JsonResponse(
        {"state": "done", "progress": 100, "result_url": url, "result_label": _("See the result")}
    )


@signed_in
@require_POST
def measure_upload_cancel(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str, pk: int
) -> HttpResponse:
    _measure, upload = _open_upload(request, team_slug, measure_slug, pk)
    try:
        actions.cancel_upload(upload=upload, by=request.user, now=timezone.now())
    except TransitionNotAllowed:
        messages.info(request, _("The check had ended already."))
    return redirect("collaboratives:measure_upload", host_slug, team_slug, measure_slug, pk)


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
