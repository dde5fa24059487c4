"""How far a team has come: its own score, and its coach's."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import requires, signed_in
from accounts.roles import Permission
from collaboratives.queries.measures import Reader
from reporting import rules
from reporting.actions.progress import ScoredMeanwhile, score_progress, stamp
from reporting.forms.progress import ScoreForm
from reporting.models import ReportVersion
from reporting.queries import latest_version
from reporting.queries.progress import scores_of, suggestion_of
from reporting.states import Side
from reporting.views.coaching import open_to_coach
from reporting.views.reports import open_team, open_to_read


@signed_in
def score(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """The team's own page; who only looks on reads it."""
    open_team(request, team_slug)  # for who only reads the report there is no such page
    report, member = open_to_read(request, team_slug, period_slug)
    if member is None:
        raise PermissionDenied  # a coach has a page of their own
    version = latest_version(report)
    version.report = report
    back = reverse("reporting:report", args=[host_slug, team_slug, period_slug])
    return _page(
        request,
        version,
        Side.TEAM,
        reader=Reader.member(member),
        may_score=rules.can_write(member),
        back=back,
    )


@requires(Permission.REPORT_COACH)
def coach_score(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """The coach's, from numbers with small groups hidden."""
    version = open_to_coach(request, team_slug, period_slug, number)
    back = reverse("reporting:feedback", args=[host_slug, team_slug, period_slug, number])
    return _page(request, version, Side.COACH, reader=Reader.outsider(), may_score=True, back=back)


def _page(
    request: HttpRequest,
    version: ReportVersion,
    side: Side,
    *,
    reader: Reader,
    may_score: bool,
    back: str,
) -> HttpResponse:
    report = version.report
    scores, suggestion = scores_of(report, side), suggestion_of(version, reader)
    form = ScoreForm(
        request.POST or None, suggestion=suggestion, own=scores.own, seen=stamp(scores.own)
    )
    if request.method == "POST" and not may_score:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid() and _kept(request, version, side, form):
        messages.success(request, _("Saved."))
        return redirect(request.path)
    context = {
        "report": report,
        "team": report.team,
        "scores": scores,
        "suggestion": suggestion,
        "form": form if may_score else None,
        "is_coach": side == Side.COACH,
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "reporting/score.html", context, status=status)


def _kept(request: HttpRequest, version: ReportVersion, side: Side, form: ScoreForm) -> bool:
    try:
        score_progress(
            report=version.report,
            side=side,
            level=form.cleaned_data["level"],
            evidence=form.cleaned_data["evidence"].strip(),
            suggested=form.suggestion.level.value,
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
            by=request.user,
        )
    except ScoredMeanwhile as other:
        form.show_beside(other.score, stamp(other.score))
        return False
    return True
