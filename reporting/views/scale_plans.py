"""A team's plan to sustain and scale its work."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in
from reporting import actions, queries, rules
from reporting.forms import ScalePlanForm
from reporting.views.reports import open_team


@signed_in
def scale_plan(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """Reads for all who may see the team; writes for its members."""
    team, member = open_team(request, team_slug)
    plan, can_write = queries.scale_plan_of(team), rules.can_write(member)
    if request.method == "POST" and not can_write:
        raise PermissionDenied
    form, theirs = ScalePlanForm(request.POST or None, plan=plan), None
    if request.method == "POST" and form.is_valid():
        seen, now = form.cleaned_data["saves"], timezone.now()
        try:
            kept = actions.save_scale_plan(
                team=team, given=form.parts(), saves=seen, now=now, by=request.user
            )
            said = _("The plan is kept.") if kept.is_whole else _("Kept. Go on when you can.")
            messages.success(request, said)
            return redirect("reporting:scale_plan", host_slug, team_slug)
        except actions.SavedMeanwhile as meanwhile:
            theirs = meanwhile.plan
            form = form.again(theirs)
    context = {
        "team": team,
        "plan": plan,
        "form": form,
        "parts": queries.plan_parts(theirs or plan),
        "theirs": theirs,
        "can_write": can_write,
        "is_asked": team.cohort.program.blueprint.scale_plan,
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "reporting/scale_plan.html", context, status=status)
