"""Staff's pages of the measures of a whole cohort."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.actions.measure_releases import NotSafe, publish_benchmark
from collaboratives.models import Cohort, Team
from collaboratives.queries import cohort_measures as queries
from collaboratives.queries import gap_movements as gaps
from collaboratives.states import MeasureType


@requires(Permission.PROGRAM_VIEW)
def cohort_measures(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    context = {"cohort": cohort, "measures": queries.cohort_measures(cohort)}
    return render(request, "collaboratives/cohort_measures.html", context)


@requires(Permission.PROGRAM_VIEW)
def cohort_measure(
    request: HttpRequest, host_slug: str, cohort_slug: str, measure_slug: str
) -> HttpResponse:
    """One measure, pooled. Measures of one name but other groups stand below each other."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    shared = queries.cohort_measures(cohort, slug=measure_slug)
    if not shared:
        raise Http404
    context = {
        "cohort": cohort,
        "measures": shared,
        "slug": measure_slug,
        "may_give_out": request.membership.may(Permission.PROGRAM_EDIT),
    }
    return render(request, "collaboratives/cohort_measure.html", context)


@requires(Permission.PROGRAM_EDIT)
@require_POST
def cohort_benchmark(
    request: HttpRequest, host_slug: str, cohort_slug: str, measure_slug: str
) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    try:
        publish_benchmark(
            cohort=cohort,
            slug=measure_slug,
            type_=MeasureType.PROPORTION,
            now=timezone.now(),
            by=request.user,
        )
        messages.success(request, _("Given out. Each team sees it beside its own chart."))
    except NotSafe as error:
        messages.error(request, queries.reason_words(str(error)))
    return redirect("collaboratives:cohort_measure", host_slug, cohort_slug, measure_slug)


@requires(Permission.PROGRAM_VIEW)
def cohort_gaps(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every gap of every team and how it moved; `moved` and `team` narrow the list."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    teams = Team.objects.visible_to(request.user, request.membership).filter(cohort=cohort)
    every = gaps.gap_movements(cohort, teams.for_list())
    asked = request.GET.get("moved", "")
    found = gaps.narrowed(every, moved=asked, team=request.GET.get("team", ""))
    context = {"cohort": cohort, "gaps": found, "views": gaps.tabs(every, asked)}
    return render(request, "collaboratives/cohort_gaps.html", context)
