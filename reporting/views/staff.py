"""What staff see of reports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.models import Cohort
from reporting import queries


@requires(Permission.REPORT_VIEW)
def staff_list(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every team with every period."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    board = queries.matrix(cohort, request.user, request.membership, now=timezone.now())
    may_edit = request.membership.may(Permission.PROGRAM_EDIT)
    may_plan = may_edit and not board.periods
    context = {
        "cohort": cohort,
        "board": board,
        "may_plan": may_plan,
        "may_add": may_edit and bool(board.periods),
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
