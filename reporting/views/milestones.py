"""The milestones of a team's program: rated by the team, confirmed by nobody."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in
from reporting import rules
from reporting.actions.milestones import RatedMeanwhile, moment, rate_milestone
from reporting.forms.milestones import MilestoneForm
from reporting.queries.milestones import MilestoneShown, milestones_of
from reporting.views.reports import open_team


@signed_in
def milestones(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """All of them with the team's word on each. A POST rates the one that it names."""
    team, member = open_team(request, team_slug)
    found, may_rate = milestones_of(team, host_slug), rules.can_write(member)
    refused = None
    if request.method == "POST":
        if not may_rate:
            raise PermissionDenied
        one = found.of(request.POST.get("milestone", ""))
        if one is None:
            raise Http404
        refused = form_of(one, request)
        if refused.is_valid() and _rated(request, team, one.code, refused):
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}#milestone-{one.code}")
    rows = [(one, form_of(one)) for one in found.shown]
    if refused is not None:
        rows = [(one, refused if refused.prefix == one.code else form) for one, form in rows]
    context = {
        "team": team, "rows": rows, "found": found, "may_rate": may_rate, "refused": refused,
    }  # fmt: skip
    return render(request, "reporting/milestones.html", context, status=422 if refused else 200)


def form_of(one: MilestoneShown, request: HttpRequest | None = None) -> MilestoneForm:
    """With what was sent, where this is the milestone that it is about."""
    data = request.POST if request is not None else None
    return MilestoneForm(data, code=one.code, rating=one.rating, seen=moment(one.rating))


def _rated(request: HttpRequest, team: object, code: str, form: MilestoneForm) -> bool:
    try:
        rate_milestone(
            team=team,
            code=code,
            reach=form.cleaned_data["reach"],
            evidence=form.cleaned_data["evidence"].strip(),
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
            by=request.user,
        )
    except RatedMeanwhile as other:
        form.show_beside(other.rating, moment(other.rating))
        return False
    return True
