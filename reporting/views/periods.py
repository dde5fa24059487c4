"""Staff pages on periods: the plan, one period, what one team was given."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.models import Cohort, Team
from reporting import actions, queries
from reporting.forms import ExtraForm, GiveForm, PlanForm, WindowForm
from reporting.models import Period


def _cohort(slug: str) -> Cohort:
    return get_object_or_404(Cohort.objects.for_list(), slug=slug)


def _period(cohort_slug: str, period_slug: str) -> Period:
    periods = Period.objects.select_related("cohort__program", "team")
    return get_object_or_404(periods, cohort__slug=cohort_slug, slug=period_slug)


@requires(Permission.PROGRAM_EDIT)
def plan(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Which dates a plan gives, and then the plan itself."""
    cohort = _cohort(cohort_slug)
    reporting = cohort.program.blueprint.reporting
    sent = request.POST or ("due_after_end" in request.GET and request.GET) or None
    form = PlanForm(sent, plan=actions.Plan.of(reporting), every=reporting.every or "")
    chosen = form.plan() if form.is_bound and form.is_valid() else actions.Plan.of(reporting)
    try:
        if request.method == "POST" and form.is_valid():
            made = actions.plan_periods(
                cohort=cohort, plan=chosen, now=timezone.now(), by=request.user
            )
            messages.success(request, _("%(n)s periods planned.") % {"n": len(made)})
            return redirect("reporting:staff_list", host_slug, cohort_slug)
        laid_out = actions.lay_out(cohort, chosen)
    except (actions.AlreadyPlanned, actions.NothingToReport) as refused:
        messages.info(request, _refusal(refused))
        return redirect("reporting:staff_list", host_slug, cohort_slug)
    context = {"cohort": cohort, "form": form, "periods": laid_out}
    return render(request, "reporting/plan.html", context, status=422 if form.errors else 200)


def _refusal(refused: Exception) -> str:
    if isinstance(refused, actions.AlreadyPlanned):
        return _("This cohort has its periods already.")
    return _("This program asks for no reports.")


@requires(Permission.REPORT_VIEW)
def period(
    request: HttpRequest, host_slug: str, cohort_slug: str, period_slug: str
) -> HttpResponse:
    """Every team with this period. POST moves the window for all."""
    one = _period(cohort_slug, period_slug)
    may_move = request.membership.may(Permission.PROGRAM_EDIT)
    form = WindowForm(request.POST if may_move and request.POST else None, period=one)
    if form.is_bound and form.is_valid():
        try:
            actions.move_window(
                period=one, now=timezone.now(), by=request.user, **form.cleaned_data
            )
            messages.success(request, _("The window is moved. Teams that still write get a mail."))
            return redirect("reporting:period", host_slug, cohort_slug, period_slug)
        except actions.Refused as refused:
            form.add_error("due_on", str(refused))
    context = {
        "cohort": one.cohort,
        "period": one,
        "standings": queries.period_standings(
            one, request.user, request.membership, now=timezone.now()
        ),
        "form": form,
        "may_move": may_move,
        "may_give": request.membership.may(Permission.TEAM_EDIT),
    }
    return render(request, "reporting/period.html", context, status=422 if form.errors else 200)


@requires(Permission.PROGRAM_EDIT)
def extra(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Ask for one report more."""
    cohort = _cohort(cohort_slug)
    form = ExtraForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_period(
                cohort=cohort, now=timezone.now(), by=request.user, **form.cleaned_data
            )
            messages.success(request, _("The report is asked for. A mail says so."))
            return redirect("reporting:period", host_slug, cohort_slug, made.slug)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
    context = {"cohort": cohort, "form": form}
    return render(request, "reporting/extra.html", context, status=422 if form.errors else 200)


@requires(Permission.TEAM_EDIT)
def give(
    request: HttpRequest, host_slug: str, cohort_slug: str, period_slug: str, team_slug: str
) -> HttpResponse:
    """More time for one team, or no report, with the reason that it sees."""
    one = _period(cohort_slug, period_slug)
    teams = Team.objects.visible_to(request.user, request.membership).filter(cohort=one.cohort_id)
    team = get_object_or_404(teams.select_related("cohort"), slug=team_slug)
    standing = queries.standing_of(team, one, now=timezone.now())
    form = GiveForm(request.POST or None, given=standing is not None and standing.is_given)
    if request.method == "POST" and form.is_valid():
        try:
            _give(request, team, one, form.cleaned_data)
            messages.success(request, _("It is done, and a mail tells the team."))
            return redirect("reporting:period", host_slug, cohort_slug, period_slug)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "cohort": one.cohort,
        "period": one,
        "asked": team,
        "standing": standing,
        "form": form,
        "before": queries.given_before(team, one),
    }
    return render(request, "reporting/give.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, team: Team, period: Period, given: dict[str, Any]) -> None:
    about = {
        "team": team,
        "period": period,
        "reason": given["reason"],
        "now": timezone.now(),
        "by": request.user,
    }
    if given["what"] == GiveForm.MORE_TIME:
        actions.extend(due_on=given["due_on"], **about)
    elif given["what"] == GiveForm.SKIP:
        actions.skip(**about)
    else:
        actions.take_back(**about)
