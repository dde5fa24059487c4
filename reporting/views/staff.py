"""What staff see of reports: who stands where, and whom they remind."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.models import Cohort, Team
from reporting import actions, queries
from reporting.queries.milestones import cohort_milestones as of_cohort


@requires(Permission.REPORT_VIEW)
def staff_list(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every team with every period; `stands` and `period` narrow it."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    asked = request.GET.dict()
    every = queries.matrix(cohort, request.user, request.membership, now=timezone.now())
    board = every.of_period(asked.get("period", ""))
    may_edit = request.membership.may(Permission.PROGRAM_EDIT)
    may_plan = may_edit and not every.periods
    context = {
        "cohort": cohort,
        "board": board.standing(asked.get("stands", "")),
        "is_narrowed": len(board.periods) < len(every.periods),
        "views": queries.tabs(board, asked),
        "may_plan": may_plan,
        "may_add": may_edit and bool(every.periods),
        "may_remind": request.membership.may(Permission.MESSAGE_SEND) and board.may_be_reminded,
        "asks_for_reports": not may_plan or cohort.program.blueprint.reporting.kind != "none",
    }
    return render(request, "reporting/staff_list.html", context)


@requires(Permission.MESSAGE_SEND)
@require_POST
def remind(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Mail whoever the ticked places wait for. What became of each stands on a page of its own."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    back = reverse("reporting:staff_list", args=[host_slug, cohort_slug])
    back += f"?{request.GET.urlencode()}" if request.GET else ""
    now = timezone.now()
    board = queries.matrix(cohort, request.user, request.membership, now=now)
    shown = board.of_period(request.GET.get("period", ""))
    picked = shown.picked(request.POST.getlist("cell"), request.POST.getlist("team"))
    if not picked:
        messages.error(request, _("Select teams or reports first."))
        return redirect(back)
    results = actions.remind(picked=picked, now=now, by=request.user)
    context = {
        "cohort": cohort,
        "results": results,
        "done": sum(not one.refused for one in results),
        "back": back,
    }
    return render(request, "reporting/reminded.html", context)


@requires(Permission.PROGRAM_VIEW)
def board_numbers(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """The part of the cohort's board that counts reports."""
    cohort = get_object_or_404(Cohort, slug=cohort_slug)
    numbers = queries.board_numbers(cohort, request.user, request.membership, now=timezone.now())
    context = {"cohort": cohort, "numbers": numbers}
    return render(request, "reporting/_board_numbers.html", context)


@requires(Permission.PROGRAM_VIEW)
def cohort_milestones(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Each milestone of the program with where every team says it is."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    visible = Team.objects.visible_to(request.user, request.membership).filter(cohort=cohort)
    teams = list(visible.for_list())
    context = {"cohort": cohort, "teams": teams, "found": of_cohort(cohort, teams)}
    return render(request, "reporting/cohort_milestones.html", context)


@requires(Permission.PROGRAM_VIEW)
def cohort_teams(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every team in everything that is followed. A part of the cohort's board, and a page."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    visible = Team.objects.visible_to(request.user, request.membership).filter(cohort=cohort)
    teams = list(visible.for_list())
    scores = queries.scores_for(teams, request.user, request.membership)
    found = queries.cohort_teams(cohort, teams, now=timezone.now(), scores=scores)
    part = request.headers.get("HX-Request") == "true"
    template = "reporting/_cohort_teams.html" if part else "reporting/cohort_teams.html"
    return render(request, template, {"cohort": cohort, "all": found})
