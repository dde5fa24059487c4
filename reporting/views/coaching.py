"""The coach's queue and sheet, and the team's answers to it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in, staff_membership
from accounts.roles import Permission
from collaboratives.queries.measures import Reader
from questionnaires.forms import Submitted, submitted
from questionnaires.hands.together import autosaved, clashes
from reporting import actions, queries, rules
from reporting.feedback_form import form_of_sheet
from reporting.forms import AnswerForm, FeedbackForm, NoteForm
from reporting.models import Feedback, ReportVersion
from reporting.queries.milestones import milestones_of
from reporting.queries.progress import latest_scores, scores_of
from reporting.states import Side
from reporting.views.reports import open_team, open_to_read


@requires(Permission.REPORT_COACH)
def queue(request: HttpRequest, host_slug: str) -> HttpResponse:
    """What waits for feedback, oldest first, and what was given lately."""
    everyone = request.membership.may(Permission.TEAM_EDIT)
    mine = everyone and request.GET.get("teams") == "mine"
    number = request.GET.get("page", 1)
    context = {
        "page": queries.queue(request.user, request.membership, mine=mine, page=number),
        "given": queries.given_lately(request.user, request.membership),
        "everyone": everyone,
        "mine": mine,
        "querystring": "teams=mine" if mine else "",
    }
    return render(request, "reporting/coaching.html", context)


def open_to_coach(
    request: HttpRequest, team_slug: str, period_slug: str, number: int
) -> ReportVersion:
    return get_object_or_404(
        queries.open_to_coach(request.user, request.membership),
        report__team__slug=team_slug,
        report__period__slug=period_slug,
        number=number,
    )


@requires(Permission.REPORT_COACH)
def feedback(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """The report part by part, with a box for each. A POST saves the draft, or shares it too."""
    version = open_to_coach(request, team_slug, period_slug, number)
    if request.method != "POST":
        return sheet_page(request, version, queries.feedback_on(version))
    form = FeedbackForm(
        request.POST,
        parts=queries.parts_of(version),
        feedback=queries.feedback_on(version),
        revisions=_typed(request, version).bases,
    )
    if form.is_valid():
        feedback, saved = _save(request, version, whole_page=True)
        if saved.conflicts:
            form.show_beside(clashes(saved.response, saved.conflicts))
        elif form.is_sharing:
            actions.share_feedback(feedback=feedback, now=timezone.now(), by=request.user)
            done = _("Shared with %(team)s.") % {"team": version.report.team.name}
            messages.success(request, done)
            return redirect("reporting:coaching", host_slug)
        else:
            messages.success(request, _("Saved. The team does not see it yet."))
            return redirect(request.path)
    return sheet_page(request, version, queries.feedback_on(version), form=form)


@requires(Permission.REPORT_COACH)
@require_POST
def feedback_autosave(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """Keep the changed boxes; the answer is what `<auto-save>` expects."""
    version = open_to_coach(request, team_slug, period_slug, number)
    _feedback, saved = _save(request, version, whole_page=False)
    zone = version.report.team.cohort.zone
    answer = autosaved(saved, zone=zone, now=timezone.now(), people=[])
    return JsonResponse(answer, status=409 if saved.conflicts else 200)


def _typed(request: HttpRequest, version: ReportVersion) -> Submitted:
    return submitted(form_of_sheet(version).sections[0], request.POST)


def _save(
    request: HttpRequest, version: ReportVersion, *, whole_page: bool
) -> actions.SavedFeedback:
    sent = _typed(request, version)
    return actions.save_feedback(
        version=version,
        values=sent.values,
        base_revisions=sent.bases,
        save_key=request.POST.get("_key", "")[:40],
        whole_page=whole_page,
        now=timezone.now(),
        by=request.user,
    )


def sheet_page(
    request: HttpRequest,
    version: ReportVersion,
    sheet: Feedback | None,
    *,
    form: FeedbackForm | None = None,
    **forms: Any,
) -> HttpResponse:
    """forms: answer, note, where one of them was refused."""
    person, membership, report = request.user, request.membership, version.report
    form = form or FeedbackForm(None, parts=queries.parts_of(version), feedback=sheet)
    context = {
        "report": report,
        "team": report.team,
        "version": version,
        "newest": queries.latest_version(report),
        "page": queries.report_page(report, version, reader=Reader.outsider()),
        "form": form,
        "sheet": sheet,
        "key": uuid4(),
        "answers": queries.answers_to(sheet),
        "scores": scores_of(report, Side.COACH),
        "earlier": queries.earlier_feedback(version),
        "notes": queries.notes_on(report.team, person, membership),
        "answer_form": forms.get("answer") or AnswerForm(),
        "note_form": forms.get("note") or NoteForm(),
    }
    refused = any(one.errors for one in (form, *forms.values()))
    return render(request, "reporting/feedback.html", context, status=422 if refused else 200)


@requires(Permission.REPORT_COACH)
@require_POST
def answer(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """A coach writes below what was shared on this version."""
    version = open_to_coach(request, team_slug, period_slug, number)
    sheet = queries.feedback_on(version)
    if sheet is None or sheet.shared_at is None:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return sheet_page(request, version, sheet, answer=form)
    actions.answer_feedback(
        feedback=sheet,
        text=form.cleaned_data["text"],
        from_team=False,
        now=timezone.now(),
        by=request.user,
    )
    messages.success(request, _("Sent to the team."))
    where = [host_slug, team_slug, period_slug, number]
    return redirect(reverse("reporting:feedback", args=where) + "#answers")


@requires(Permission.REPORT_COACH)
@require_POST
def note(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, number: int
) -> HttpResponse:
    """Add a note that the team never sees, or remove one of one's own."""
    version = open_to_coach(request, team_slug, period_slug, number)
    team = version.report.team
    where = redirect(
        reverse("reporting:feedback", args=[host_slug, team_slug, period_slug, number]) + "#notes"
    )
    if "remove" in request.POST:
        notes = queries.notes_on(team, request.user, request.membership)
        own = [one for one in notes if one.written_by_id == request.user.pk]
        for one in own:
            if str(one.pk) == request.POST["remove"]:
                actions.remove_coach_note(note=one, by=request.user)
        return where
    form = NoteForm(request.POST)
    if not form.is_valid():
        return sheet_page(request, version, queries.feedback_on(version), note=form)
    actions.add_coach_note(
        team=team, text=form.cleaned_data["text"], now=timezone.now(), by=request.user
    )
    return where


# --- the team ------------------------------------------------------------------------------------


@signed_in
@require_POST
def answer_as_team(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """The team says that it read the feedback, with or without words of its own."""
    open_team(request, team_slug)  # for who only reads the report there is no such page
    report, member = open_to_read(request, team_slug, period_slug)
    one = queries.newest_feedback(report, request.user)
    if one is None or not rules.can_write(member):
        raise PermissionDenied
    form = AnswerForm(request.POST, needs_words=one.acknowledged_at is not None)
    if form.is_valid():
        now, text = timezone.now(), form.cleaned_data["text"]
        actions.acknowledge_feedback(feedback=one, now=now, by=request.user)
        if text:
            actions.answer_feedback(
                feedback=one, text=text, from_team=True, now=now, by=request.user
            )
        messages.success(request, _("Sent to your coach.") if text else _("Noted."))
    else:
        messages.error(request, _("Write your answer first."))
    where = reverse("reporting:report", args=[host_slug, team_slug, period_slug])
    return redirect(where + "#feedback")


@signed_in
def for_team(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    """The part of a team's home with what the coach said last."""
    team, member = open_team(request, team_slug)
    context = {
        "team": team,
        "latest": queries.latest_feedback(team, request.user, staff_membership(request)),
        "milestones": milestones_of(team, host_slug),
        "scores": latest_scores(team, request.user, staff_membership(request)),
        "own": member is not None,
    }
    return render(request, "reporting/_coaching_for_team.html", context)
