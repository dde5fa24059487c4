"""Pages where people decide about a measure's charts, and take a decision back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from collaboratives.actions import measure_decisions as actions
from collaboratives.forms.measure_decisions import DecisionForm
from collaboratives.models import ChartDecision
from collaboratives.queries.measures import Reader, measure_table
from collaboratives.views.measures import must_edit, open_measure
from workflow.machine import TransitionNotAllowed


@signed_in
def measure_decide(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    must_edit(member)
    table = measure_table(measure, reader=Reader.member(member))
    form = DecisionForm(request.POST if request.method == "POST" else None, table=table)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(
                measure=measure, decision=form.as_decision(), now=timezone.now(), by=request.user
            )
            messages.success(request, _("Your decision is kept, and shown with its reason."))
            return redirect("collaboratives:measure", host_slug, team_slug, measure_slug)
        except actions.AlreadyDecided:
            form.add_error("month", _("This was decided for this month already."))
    context = {"team": measure.team, "measure": measure, "form": form}
    status = 422 if form.errors else 200
    return render(request, "collaboratives/measures/decide.html", context, status=status)


@signed_in
@require_POST
def measure_undo(
    request: HttpRequest, host_slug: str, team_slug: str, measure_slug: str, pk: int
) -> HttpResponse:
    measure, member = open_measure(request, team_slug, measure_slug)
    must_edit(member)
    decision = get_object_or_404(ChartDecision, pk=pk, measure=measure)
    try:
        actions.undo(decision=decision, now=timezone.now(), by=request.user)
        messages.success(request, _("Taken back. The charts are as they were before."))
    except TransitionNotAllowed:
        messages.info(request, _("Somebody else has taken it back already."))
    return redirect("collaboratives:measure", host_slug, team_slug, measure_slug)
