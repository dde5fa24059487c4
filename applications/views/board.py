"""The list by stage."""

from django.shortcuts import render
from django.urls import reverse

from accounts.access import requires
from accounts.roles import Permission
from applications.models import Application
from applications.queries.board import board
from applications.queries.listing import ListQuery, chips, choices, tabs
from applications.queries.staff import capacity, numbers_of
from applications.views.staff import cohort_or_404


@requires(Permission.APPLICATION_VIEW)
def on_board(request, host_slug, cohort_slug):
    """The same filters as in the list, and the same rows."""
    cohort, wanted = cohort_or_404(request, cohort_slug), ListQuery.read(request.GET)
    visible = Application.objects.visible_to(request.user, request.membership)
    base = reverse("applications:list", args=[host_slug, cohort_slug])
    context = {
        "cohort": cohort,
        "board": board(cohort, wanted, visible, base=base),
        "numbers": numbers_of(cohort),
        "capacity": capacity(cohort),
        "wanted": wanted,
        "views": tabs(cohort, wanted, numbers_of(cohort)),
        "chips": chips(wanted),
        "choices": choices(wanted),
        "query": wanted.but()[1:],
        "may_decide": request.membership.may(Permission.APPLICATION_DECIDE),
    }
    return render(request, "applications/board.html", context)
