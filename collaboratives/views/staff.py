"""Where staff begin, and what happened."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now

from accounts.access import requires, signed_in
from accounts.roles import Permission
from collaboratives.models import Cohort
from collaboratives.queries import organizations as organization_queries
from collaboratives.queries import programs as queries
from collaboratives.queries import teams as team_queries
from collaboratives.queries.programs import seats


@signed_in
def mine(request, host_slug):
    """A person's own place in this host, wherever that is."""
    if request.membership is not None and request.membership.may(Permission.STAFF_HOME):
        return redirect("collaboratives:staff_home", host_slug)
    teams = team_queries.own_teams(request.user)
    if len(teams) == 1:
        return redirect("collaboratives:team_home", host_slug, teams[0].slug)
    if not teams:
        return redirect("applications:mine", host_slug)
    return render(request, "collaboratives/mine.html", {"teams": teams})


@requires(Permission.STAFF_HOME)
def staff_home(request, host_slug):
    context = {
        "rows": queries.staff_cohorts(now()),
        "may_plan": request.membership.may(Permission.PROGRAM_EDIT),
        "may_board": request.membership.may(Permission.PROGRAM_VIEW),
        "may_log": request.membership.may(Permission.AUDIT_VIEW),
        "may_decide": request.membership.may(Permission.APPLICATION_DECIDE),
    }
    return render(request, "collaboratives/staff_home.html", context)


@requires(Permission.PROGRAM_VIEW)
def cohort_board(request, host_slug, cohort_slug):
    """Numbers of the cohort. Each room fills in its own part."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    at = now()
    context = {
        "cohort": cohort,
        "window": queries.window(cohort, at),
        "seats": seats(cohort),
        "may_edit": request.membership.may(Permission.PROGRAM_EDIT),
        "may_read": request.membership.may(Permission.APPLICATION_VIEW),
        "may_export": request.membership.may(Permission.EXPORT),
    }
    return render(request, "collaboratives/cohort_board.html", context)


@requires(Permission.AUDIT_VIEW)
def activity(request, host_slug):
    page = organization_queries.activity(reader=request.user, page=request.GET.get("page", 1))
    return render(request, "collaboratives/activity.html", {"page": page})
