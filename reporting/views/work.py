"""A team's improvement work: aims with their drivers, projects, and what people told it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import signed_in
from collaboratives.models import Team
from reporting import actions, queries, rules
from reporting.forms import AimForm, EvidenceForm, ProjectForm
from reporting.forms.work import PieceForm
from reporting.models import Aim, Evidence, Project
from reporting.views.changes import writers_team
from reporting.views.reports import open_team


@signed_in
def work(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """All of it on one page: the portfolio."""
    team, member = open_team(request, team_slug)
    context = {
        "team": team,
        "aims": queries.aims_of(team),
        "projects": queries.projects_of(team),
        "ramps": queries.ramps(queries.changes_until(team)),
        "evidence": queries.evidence_of(team),
        "plan": queries.scale_plan_of(team),
        "is_plan_asked": team.cohort.program.blueprint.scale_plan,
        "can_write": rules.can_write(member),
    }
    return render(request, "reporting/work.html", context)


def piece(
    request: HttpRequest,
    team: Team,
    kind: type[Aim] | type[Project] | type[Evidence],
    form_class: type[PieceForm],
    *,
    pk: int | None,
    words: dict[str, Any],
) -> HttpResponse:
    """The one page on which a row is added, changed or removed."""
    one = get_object_or_404(kind, team=team, pk=pk) if pk is not None else None
    if one is not None and "remove" in request.POST:
        actions.remove_piece(one, by=request.user)
        messages.success(request, _("It is removed. Submitted reports keep it."))
        return redirect("reporting:work", request.host.slug, team.slug)
    form = form_class(request.POST or None, team=team, piece=one)
    if request.method == "POST" and form.is_valid():
        if one is None:
            actions.add_piece(kind, team=team, given=form.cleaned_data, by=request.user)
        else:
            actions.edit_piece(one, given=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("reporting:work", request.host.slug, team.slug)
    context = {"team": team, "form": form, "one": one, **words}
    return render(request, "reporting/piece.html", context, status=422 if form.errors else 200)


def aim_page(request: HttpRequest, team_slug: str, pk: int | None) -> HttpResponse:
    words = {
        "title": _("Add an aim") if pk is None else _("Aim"),
        "lede": _("What, for whom, how much, by when."),
    }
    return piece(request, writers_team(request, team_slug), Aim, AimForm, pk=pk, words=words)


@signed_in
def aim_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    return aim_page(request, team_slug, None)


@signed_in
def aim_edit(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    return aim_page(request, team_slug, pk)


def project_page(request: HttpRequest, team_slug: str, pk: int | None) -> HttpResponse:
    words = {
        "title": _("Add a project") if pk is None else _("Project"),
        "lede": _("One part of your work on an aim. Tests belong to it."),
    }
    team = writers_team(request, team_slug)
    return piece(request, team, Project, ProjectForm, pk=pk, words=words)


@signed_in
def project_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    return project_page(request, team_slug, None)


@signed_in
def project_edit(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    return project_page(request, team_slug, pk)


def evidence_page(request: HttpRequest, team_slug: str, pk: int | None) -> HttpResponse:
    words = {
        "title": _("Add what people told you") if pk is None else _("What people told you"),
        "lede": _("Experience that no number shows. Write no names."),
    }
    team = writers_team(request, team_slug)
    return piece(request, team, Evidence, EvidenceForm, pk=pk, words=words)


@signed_in
def evidence_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    return evidence_page(request, team_slug, None)


@signed_in
def evidence_edit(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    return evidence_page(request, team_slug, pk)
