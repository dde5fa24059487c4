"""The team says who reads a report or a tested change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in
from reporting import actions, rules
from reporting.forms.sharing import SharingForm
from reporting.models import ChangeTested, Report
from reporting.queries.sharing import default_level
from reporting.views.changes import writers_team
from reporting.views.reports import open_team


@signed_in
def change_sharing(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    team = writers_team(request, team_slug)
    change = get_object_or_404(ChangeTested.objects.with_team(), team=team, pk=pk)
    return sharing(request, change, name=change.title, back="reporting:changes", to=())


@signed_in
def report_sharing(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    team, member = open_team(request, team_slug)
    if not rules.can_write(member):
        raise PermissionDenied
    reports = Report.objects.filter(team=team).select_related("team__cohort", "period")
    report = get_object_or_404(reports, period__slug=period_slug)
    back = "reporting:report" if report.first_submitted_at else "reporting:check"
    return sharing(request, report, name=report.period.label, back=back, to=(period_slug,))


def sharing(
    request: HttpRequest,
    item: ChangeTested | Report,
    *,
    name: str,
    back: str,
    to: tuple[str, ...],
) -> HttpResponse:
    """back, to: the page from which people come, and lead back to."""
    back_url = reverse(back, args=[request.host.slug, item.team.slug, *to])
    form = SharingForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        level = form.cleaned_data["level"]
        actions.share(item=item, level=level, now=timezone.now(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(back_url)
    context = {
        "team": item.team,
        "item": item,
        "name": name,
        "form": form,
        "back_url": back_url,
        "default": default_level(item.team).label,
    }
    status = 422 if form.errors else 200
    return render(request, "reporting/sharing.html", context, status=status)
