"""Where a team told of its work, and its calls with staff."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in, staff_membership
from accounts.roles import Permission
from collaboratives.models import Cohort, Team
from reporting import actions, rules
from reporting.forms.public import DisseminationForm, FeedbackCallForm
from reporting.forms.work import PieceForm
from reporting.models import Dissemination, FeedbackCall
from reporting.queries import public as queries
from reporting.views.changes import writers_team
from reporting.views.reports import open_team


@signed_in
def disseminations(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, member = open_team(request, team_slug)
    context = {
        "team": team,
        "told": list(Dissemination.objects.filter(team=team).for_list()),
        "can_write": rules.can_write(member),
    }
    return render(request, "reporting/library/disseminations.html", context)


@signed_in
def dissemination_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = writers_team(request, team_slug)
    words = {"title": _("Add where you told it"), "back_words": _("Where we told it")}
    return one_piece(request, team, Dissemination, DisseminationForm, None, words=words)


@signed_in
def dissemination_edit(
    request: HttpRequest, host_slug: str, team_slug: str, pk: int
) -> HttpResponse:
    team = writers_team(request, team_slug)
    one = get_object_or_404(Dissemination, team=team, pk=pk)
    words = {"title": one.title, "back_words": _("Where we told it")}
    return one_piece(request, team, Dissemination, DisseminationForm, one, words=words)


def one_piece(
    request: HttpRequest,
    team: Team,
    kind: type[Dissemination] | type[FeedbackCall],
    form_class: type[PieceForm],
    one: Dissemination | FeedbackCall | None,
    *,
    words: dict[str, str],
) -> HttpResponse:
    """Add, change or remove one, then back to the list."""
    name = "disseminations" if kind is Dissemination else "feedback_calls"
    form = form_class(request.POST or None, team=team, piece=one)
    if one is not None and "remove" in request.POST:
        actions.remove_piece(one, by=request.user)
        messages.success(request, _("It is removed."))
    elif request.method == "POST" and form.is_valid():
        if one is None:
            actions.add_piece(kind, team=team, given=form.cleaned_data, by=request.user)
        else:
            actions.edit_piece(one, given=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
    else:
        context = {"team": team, "form": form, "one": one, "list": f"reporting:{name}", **words}
        status = 422 if form.errors else 200
        return render(request, "reporting/library/piece.html", context, status=status)
    return redirect(f"reporting:{name}", request.host.slug, team.slug)


# --- calls with staff ----------------------------------------------------------------------------


@signed_in
def feedback_calls(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team, _member = open_team(request, team_slug)
    context = {
        "team": team,
        "calls": list(FeedbackCall.objects.filter(team=team).for_list()),
        "wanted": queries.calls_wanted(team.cohort),
        "can_write": coaches(request),
    }
    return render(request, "reporting/library/feedback_calls.html", context)


def coaches(request: HttpRequest) -> bool:
    membership = staff_membership(request)
    return membership is not None and membership.may(Permission.REPORT_COACH)


def coached_team(request: HttpRequest, team_slug: str) -> Team:
    team, _member = open_team(request, team_slug)
    if not coaches(request):
        raise PermissionDenied
    return team


@signed_in
def feedback_call_add(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = coached_team(request, team_slug)
    words = {"title": _("Note a feedback call"), "back_words": _("Feedback calls")}
    return one_piece(request, team, FeedbackCall, FeedbackCallForm, None, words=words)


@signed_in
def feedback_call_edit(
    request: HttpRequest, host_slug: str, team_slug: str, pk: int
) -> HttpResponse:
    team = coached_team(request, team_slug)
    one = get_object_or_404(FeedbackCall, team=team, pk=pk)
    words = {"title": _("Feedback call"), "back_words": _("Feedback calls")}
    return one_piece(request, team, FeedbackCall, FeedbackCallForm, one, words=words)


@requires(Permission.REPORT_VIEW)
def outreach(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every team with its calls, and how often it told of its work."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    rows = queries.outreach(cohort, request.user, request.membership)
    context = {"cohort": cohort, "rows": rows, "wanted": queries.calls_wanted(cohort)}
    return render(request, "reporting/library/outreach.html", context)
