"""Pages about a team as a whole, and the groups of a cohort's teams."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in, staff_membership
from accounts.roles import Permission
from collaboratives.actions import CohortFull
from collaboratives.actions import team_care as actions
from collaboratives.forms.team_care import EndForm, GroupForm, PlaceForm, PlansForm
from collaboratives.models import Cohort, Team, TeamGroup
from collaboratives.queries import team_care as queries
from collaboratives.views.teams import page_to_edit


def _runs_teams(request: HttpRequest) -> bool:
    membership = staff_membership(request)
    return membership is not None and membership.may(Permission.TEAM_EDIT)


@signed_in
def team_edit(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """The lead's plans; for staff also who coaches the team and its group."""
    page = page_to_edit(request, team_slug)
    team = page.team
    data = request.POST if request.method == "POST" else None
    plans = PlansForm(data, team=team)
    place = None
    if _runs_teams(request):
        listed, _alone = queries.groups(team.cohort)
        place = PlaceForm(
            data, team=team, coaches=queries.coaches(), groups=[one.group for one in listed]
        )
    forms = [form for form in (plans, place) if form is not None]
    if data is not None and all(form.is_valid() for form in forms):
        if place is not None:
            team = actions.place_team(team=team, **place.place(), now=now(), by=request.user)
        actions.write_plans(team=team, **plans.plans(), by=request.user)
        messages.success(request, gettext("Saved."))
        return redirect("collaboratives:team_home", host_slug, team_slug)
    failed = any(form.errors for form in forms)
    context = {"team": team, "plans": plans, "place": place, "failed": failed}
    status = 422 if failed else 200
    return render(request, "collaboratives/team_edit.html", context, status=status)


def _team_of_staff(request: HttpRequest, team_slug: str) -> Team:
    teams = Team.objects.visible_to(request.user, request.membership).with_program()
    return get_object_or_404(teams, slug=team_slug)


@requires(Permission.TEAM_EDIT)
def team_end(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team_of_staff(request, team_slug)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.end_team(team=team, reason=form.cleaned_data["reason"], now=now(), by=request.user)
        said = gettext("%(name)s has ended. Its seat is free, and its leads are told.")
        messages.success(request, said % {"name": team.name})
        return redirect("collaboratives:team_home", host_slug, team_slug)
    status = 422 if form.errors else 200
    context = {"team": team, "form": form}
    return render(request, "collaboratives/team_end.html", context, status=status)


@requires(Permission.TEAM_EDIT)
@require_POST
def team_resume(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team_of_staff(request, team_slug)
    try:
        actions.resume_team(team=team, by=request.user)
    except CohortFull:
        messages.error(request, gettext("Every seat has a team now, so this one can’t go on."))
    else:
        messages.success(request, gettext("%(name)s goes on.") % {"name": team.name})
    return redirect("collaboratives:team_home", host_slug, team_slug)


# --- groups of teams -----------------------------------------------------------------------------


@requires(Permission.TEAM_EDIT)
def groups(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    listed, alone = queries.groups(cohort)
    context = {"cohort": cohort, "groups": listed, "alone": alone}
    return render(request, "collaboratives/groups.html", context)


@requires(Permission.TEAM_EDIT)
def group_add(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    return _edit_group(request, cohort, None)


@requires(Permission.TEAM_EDIT)
def group_edit(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    group = get_object_or_404(TeamGroup.objects.for_list(), cohort=cohort, pk=pk)
    return _edit_group(request, cohort, group)


def _edit_group(request: HttpRequest, cohort: Cohort, group: TeamGroup | None) -> HttpResponse:
    listed, alone = queries.groups(cohort)
    teams = sorted([*alone, *(t for one in listed for t in one.teams)], key=lambda t: t.name)
    data = request.POST if request.method == "POST" else None
    form = GroupForm(data, teams=teams, people=queries.coaches(), group=group)
    if data is not None and form.is_valid():
        try:
            actions.save_group(cohort=cohort, group=group, **form.values(), by=request.user)
        except actions.NameTaken:
            form.add_error("name", gettext("Another group has this name."))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("collaboratives:groups", cohort.host.slug, cohort.slug)
    context = {"cohort": cohort, "group": group, "form": form}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/group.html", context, status=status)


@requires(Permission.TEAM_EDIT)
@require_POST
def group_remove(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    group = get_object_or_404(TeamGroup.objects.for_list(), cohort=cohort, pk=pk)
    try:
        actions.remove_group(group=group, by=request.user)
        messages.success(request, gettext("The group is gone. Its teams stay in the cohort."))
    except actions.GroupMeets:
        messages.error(
            request, gettext("This group has sessions, so it stays. You can take its teams out.")
        )
    return redirect("collaboratives:groups", host_slug, cohort_slug)
