"""The list as a file: exactly what is filtered."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.models import Application
from applications.queries import exporting
from applications.queries.listing import ListQuery, chips, listed
from applications.views.staff import cohort_or_404


@requires(Permission.EXPORT)
def export(request, host_slug, cohort_slug):
    """What will be in the file; a POST fetches it, because it is written down who did."""
    cohort, wanted = cohort_or_404(request, cohort_slug), ListQuery.read(request.GET)
    visible = Application.objects.visible_to(request.user, request.membership)
    found = listed(cohort, wanted, visible)
    kind = request.POST.get("format", "")
    if kind in exporting.FORMATS:
        return _file(request, cohort, wanted, list(exporting.lines(cohort, found)), kind)
    context = {"cohort": cohort, "number": found.count(), "chips": chips(wanted)}
    context |= {"trail": wanted.but(), "guide": exporting.codebook(cohort), "wanted": wanted}
    return render(request, "applications/export.html", context)


def _file(request, cohort, wanted, rows, kind):
    if kind == "csv":
        content = exporting.as_csv(rows)
    else:
        content = exporting.as_xlsx(rows, exporting.codebook(cohort))
    actions.note_export(cohort=cohort, wanted=wanted, rows=len(rows), kind=kind, by=request.user)
    response = HttpResponse(content, content_type=exporting.FORMATS[kind])
    name = f"{cohort.slug}-applications.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
