"""One act on the applications that were ticked in the list or on the board."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import DecisionForm, ReaderForm
from applications.models import Application
from applications.queries.listing import ListQuery
from applications.queries.reviewers import readers_of_host
from applications.queries.staff import capacity
from applications.views.staff import cohort_or_404


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def bulk(request, host_slug, cohort_slug):
    """What became of each stands on a page of its own; of one alone, above the list."""
    cohort = cohort_or_404(request, cohort_slug)
    act, references = request.POST.get("act", ""), request.POST.getlist("pick")
    if "move" in request.POST:  # of one card
        act, _space, reference = request.POST["move"].partition(" ")
        references = [reference]
    if act not in actions.ACTS:
        raise Http404
    picked = _picked(request, cohort, references)
    results = actions.do_with_each(
        act=act, cohort=cohort, applications=picked, by=request.user, now=timezone.now()
    )
    return _told(request, cohort, results)


@requires(Permission.APPLICATION_DECIDE)
def assign(request, host_slug, cohort_slug):
    """Which reader; then what became of each."""
    cohort = cohort_or_404(request, cohort_slug)
    given = request.POST if request.method == "POST" else request.GET
    picked = list(_picked(request, cohort, given.getlist("pick")))
    if not picked:
        return _told(request, cohort, [])
    readers = readers_of_host(cohort)
    people = [one.person for one in readers]
    form = ReaderForm(request.POST if "give" in request.POST else None, people=people)
    if form.is_valid():
        results = actions.assign_each(
            cohort=cohort,
            applications=picked,
            reviewer=form.person,
            by=request.user,
            now=timezone.now(),
        )
        return _told(request, cohort, results)
    context = {"cohort": cohort, "picked": picked, "form": form, "back": _back(request, cohort)}
    context |= {"readers": readers, "query": ListQuery.read(request.GET).but()}
    status = 422 if form.errors else 200
    return render(request, "applications/assign_many.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
def decide(request, host_slug, cohort_slug):
    """Which decision, by the program's policy; then what became of each. Nobody is told."""
    cohort = cohort_or_404(request, cohort_slug)
    given = request.POST if request.method == "POST" else request.GET
    picked = list(_picked(request, cohort, given.getlist("pick")))
    if not picked:
        return _told(request, cohort, [])
    refusal, now = cohort.program.blueprint.refusal, timezone.now()
    form = DecisionForm(
        request.POST if "record" in request.POST else None, refusal=refusal, now=now
    )
    if form.is_valid():
        results = actions.decide_each(
            cohort=cohort, applications=picked, by=request.user, now=now, **form.cleaned_data
        )
        return _told(request, cohort, results)
    context = {"cohort": cohort, "picked": picked, "form": form, "back": _back(request, cohort)}
    context |= {"capacity": capacity(cohort), "query": ListQuery.read(request.GET).but()}
    status = 422 if form.errors else 200
    return render(request, "applications/decide_many.html", context, status=status)


def _picked(request, cohort, references):
    visible = Application.objects.visible_to(request.user, request.membership)
    return visible.picked(cohort.slug, references)


def _back(request, cohort):
    page = "board" if "from_board" in request.POST else "list"
    back = reverse(f"applications:{page}", args=[cohort.host.slug, cohort.slug])
    return back + ListQuery.read(request.GET).but()


def _told(request, cohort, results):
    back = _back(request, cohort)
    if not results:
        messages.error(request, _("Select the applications first."))
        return redirect(back)
    if len(results) == 1:
        _tell(request, results[0])
        return redirect(back)
    done = sum(not one.refused for one in results)
    context = {"cohort": cohort, "results": results, "done": done, "back": back}
    return render(request, "applications/bulk.html", context)


def _tell(request, result):
    name = result.application.organization_name
    if result.refused:
        messages.error(request, f"{name}: {result.refused}")
    else:
        messages.success(request, _("Done: %(name)s.") % {"name": name})
