"""What the team does with its leader's reply."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from reporting import actions, queries, rules
from reporting.forms import FollowForm
from reporting.models import Report
from reporting.views.reports import open_team
from workflow.machine import TransitionNotAllowed


@signed_in
def leader_commitments(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """All that the team's leaders said yes to. POST notes a day, done, or not done."""
    team, member = open_team(request, team_slug)
    form = None
    if request.method == "POST":
        if not rules.can_write(member):
            raise PermissionDenied
        form = FollowForm(request.POST, team=team)
        if form.is_valid():
            _follow(request, form)
            return redirect("reporting:leader_commitments", host_slug, team_slug)
    context = {
        "team": team,
        "items": queries.followed(team, now=timezone.now()),
        "can_write": rules.can_write(member),
        "form": form,
    }
    status = 422 if form is not None else 200
    return render(request, "reporting/leader_commitments.html", context, status=status)


def _follow(request: HttpRequest, form: FollowForm) -> None:
    one = form.cleaned_data["commitment"]
    match form.cleaned_data["act"]:
        case "done":
            actions.finish_commitment(commitment=one, now=timezone.now(), by=request.user)
            messages.success(request, _("Noted as done. Your leader sees it next time."))
        case "open":
            actions.reopen_commitment(commitment=one, by=request.user)
            messages.success(request, _("Open again."))
        case _day:
            day = form.cleaned_data["due_on"]
            actions.set_commitment_day(commitment=one, due_on=day, by=request.user)
            messages.success(request, _("Saved."))


@signed_in
@require_POST
def acknowledge(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """The team has read the reply."""
    team, member = open_team(request, team_slug)
    reports = Report.objects.visible_to(request.user).submitted()
    report = get_object_or_404(reports, team=team, period__slug=period_slug)
    reply = queries.newest_reply(report)
    if not rules.can_acknowledge(member, reply) or reply is None:
        raise PermissionDenied
    try:
        actions.acknowledge(reply=reply, now=timezone.now(), by=request.user)
        messages.success(request, _("Your leader has been told that you read it."))
    except TransitionNotAllowed:
        messages.info(request, _("Somebody else has just done that."))
    return redirect("reporting:report", host_slug, team_slug, period_slug)
