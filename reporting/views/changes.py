"""The changes that a team tests."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from collaboratives.models import Team
from reporting import actions, queries, rules
from reporting.forms import ChangeForm
from reporting.models import ChangeTested
from reporting.views.reports import open_team


def writers_team(request: HttpRequest, team_slug: str) -> Team:
    team, member = open_team(request, team_slug)
    if not rules.can_write(member):
        raise PermissionDenied
    return team


@signed_in
def changes(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    context = {
        "team": team,
        "ramps": queries.ramps(queries.changes_until(team)),
        "can_write": rules.can_write(member),
    }
    return render(request, "reporting/changes.html", context)


@signed_in
def change_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = writers_team(request, team_slug)
    form = ChangeForm(request.POST or None, team=team)
    if request.method == "POST" and form.is_valid():
        actions.add_change(team=team, given=form.as_fields(), by=request.user)
        return redirect("reporting:changes", host_slug, team_slug)
    status = 422 if form.errors else 200
    context = {"team": team, "form": form, "change": None}
    return render(request, "reporting/change.html", context, status=status)


@signed_in
def change_edit(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    team = writers_team(request, team_slug)
    change = get_object_or_404(ChangeTested, team=team, pk=pk)
    form = ChangeForm(request.POST or None, team=team, change=change)
    if request.method == "POST" and form.is_valid():
        actions.edit_change(change=change, given=form.as_fields(), by=request.user)
        return redirect("reporting:changes", host_slug, team_slug)
    status = 422 if form.errors else 200
    context = {"team": team, "form": form, "change": change}
    return render(request, "reporting/change.html", context, status=status)


@signed_in
@require_POST
def change_remove(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    team = writers_team(request, team_slug)
    change = get_object_or_404(ChangeTested, team=team, pk=pk)
    actions.remove_change(change=change, by=request.user)
    messages.success(request, _("The change is removed. Submitted reports keep it."))
    return redirect("reporting:changes", host_slug, team_slug)
