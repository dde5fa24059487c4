"""What staff see of reports."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.models import Cohort
from reporting import actions, queries


@requires(Permission.REPORT_VIEW)
def staff_list(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every team with every period."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    board = queries.matrix(cohort, request.user, request.membership, now=timezone.now())
    may_plan = request.membership.may(Permission.PROGRAM_EDIT) and not board.periods
    context = {
        "cohort": cohort,
        "board": board,
        "may_plan": may_plan,
        "asks_for_reports": not may_plan or cohort.program.blueprint.reporting.kind != "none",
    }
    return render(request, "reporting/staff_list.html", context)


@requires(Permission.PROGRAM_VIEW)
def board_numbers(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """The part of the cohort's board that counts reports."""
    cohort = get_object_or_404(Cohort, slug=cohort_slug)
    numbers = queries.board_numbers(cohort, request.user, request.membership, now=timezone.now())
    context = {"cohort": cohort, "numbers": numbers}
    return render(request, "reporting/_board_numbers.html", context)


@requires(Permission.PROGRAM_EDIT)
@require_POST
def plan(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    try:
        periods = actions.plan_periods(cohort=cohort, now=timezone.now(), by=request.user)
        messages.success(request, _("%(n)s periods planned.") % {"n": len(periods)})
    except actions.AlreadyPlanned:
        messages.info(request, _("This cohort has its periods already."))
    except actions.NothingToReport:
        messages.info(request, _("This program asks for no reports."))
    return redirect("reporting:staff_list", host_slug, cohort_slug)
