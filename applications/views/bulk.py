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
from applications.models import Application
from applications.queries.listing import ListQuery
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
    page = "board" if "from_board" in request.POST else "list"
    back = reverse(f"applications:{page}", args=[host_slug, cohort_slug])
    back += ListQuery.read(request.GET).but()
    visible = Application.objects.visible_to(request.user, request.membership)
    picked = visible.picked(cohort.slug, references)
    results = actions.do_with_each(
        act=act, cohort=cohort, applications=picked, by=request.user, now=timezone.now()
    )
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
