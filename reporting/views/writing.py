"""Writing a report, several people at once: the editor, its history, the preview, submitting."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from accounts.models import User
from collaboratives.models import TeamMember
from collaboratives.queries.measure_charts import measure_charts
from collaboratives.queries.measures import Reader
from questionnaires.actions import Conflict, Saved
from questionnaires.forms import Control, controls, errors, submitted, worked_on_together
from questionnaires.hands import presence
from questionnaires.hands.history import changed_fields, versions
from questionnaires.hands.together import (
    answers_to_show,
    autosaved,
    clashes,
    here_now,
    others_here,
    typing,
)
from questionnaires.models import AnswerChange, Response
from questionnaires.queries import form_of
from questionnaires.rules import Problem, problems
from questionnaires.schema import Section
from reporting import actions, queries, rules
from reporting.models import Period, Report
from reporting.queries.sharing import level_of
from reporting.report_forms import ASKS, HEADLINE, NEXT, WORDS
from reporting.views.reports import open_team
from workflow.machine import TransitionNotAllowed


class Desk:
    """What a writer of the team has in front of them. report: None while nobody has begun."""

    def __init__(self, request: HttpRequest, team_slug: str, period_slug: str) -> None:
        self.team, member = open_team(request, team_slug)
        if member is None or not rules.can_write(member):
            raise PermissionDenied
        self.member: TeamMember = member
        self.person: User = request.user
        periods = Period.objects.asked_of(self.team).begun(timezone.now()).select_related("form")
        self.period: Period = get_object_or_404(periods, slug=period_slug)
        self.report: Report | None = queries.report_of(self.team, self.period)
        self.names = [request.host.slug, self.team.slug, self.period.slug]

    @property
    def editable(self) -> bool:
        return rules.can_edit(self.member, self.report)

    @property
    def response(self) -> Response:
        return self.report.response if self.report else Response(version=self.period.form)

    @property
    def page(self) -> Section:
        """All questions: they stand on one page."""
        form = form_of(self.period.form)
        return form.sections[0].model_copy(update={"fields": tuple(form.fields())})

    def people(self) -> list[User]:
        return queries.writers_of(self.team)

    def to(self, name: str, *more: object) -> str:
        return reverse(f"reporting:{name}", args=[*self.names, *more])

    def begun(self) -> Report:
        """The report, or a 404 where nothing has been written yet."""
        if self.report is None:
            raise Http404
        return self.report


def read_instead(desk: Desk) -> HttpResponse:
    return redirect(desk.to("report"))


@signed_in
def edit(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponseBase:
    """GET shows what is there; POST saves and checks nothing."""
    desk = Desk(request, team_slug, period_slug)
    if not desk.editable:
        return read_instead(desk)
    if request.method == "POST":
        saved = save(request, desk, whole_page=True)
        if saved.conflicts:
            return editor(request, desk, conflicts=saved.conflicts, status=409)
        if "submit" in request.POST:
            return redirect(desk.to("check"))
        messages.success(request, _("Saved."))
        return redirect(desk.to("edit"))
    return editor(request, desk)


def save(request: HttpRequest, desk: Desk, *, whole_page: bool, key: str = "") -> Saved:
    now = timezone.now()
    report = desk.report or actions.start_report(
        team=desk.team, period=desk.period, now=now, by=request.user
    )
    sent = submitted(desk.page, request.POST)
    saved = actions.save_answers(
        report=report,
        values=sent.values,
        base_revisions=sent.bases,
        now=now,
        by=request.user,
        key=key,
        whole_page=whole_page and not sent.only_changed,
    )
    report.response, desk.report = saved.response, report
    return saved


def steps(
    request: HttpRequest, desk: Desk, part: str, missing: list[Problem], held: dict[str, str]
) -> list[Control]:
    form, response = form_of(desk.period.form), desk.response
    section = form.section(part)
    if section is None:
        return []
    shown = controls(
        form,
        part,
        answers_to_show(response, request.GET.get("together"), by=request.user)
        if desk.report
        else {},
        revisions=response.revisions,
        problems=missing,
    )
    pages = {one.code: desk.to("question", one.code) for one in section.fields}
    return worked_on_together(shown, held_by=held, pages=pages if desk.report else {})


def editor(
    request: HttpRequest,
    desk: Desk,
    *,
    missing: Iterable[Problem] = (),
    conflicts: Iterable[Conflict] = (),
    status: int = 200,
) -> HttpResponse:
    now, missing = timezone.now(), list(missing)
    report, response = desk.report, desk.response
    if report is None and "check" in request.GET:
        missing = list(problems(form_of(desk.period.form), {}))
    elif "check" in request.GET:
        missing = list(problems(form_of(desk.period.form), response.answers))
    held: dict[str, str] = {}
    if report is not None:
        presence.note(report, request.user.pk, WORDS)
        held = typing(response, desk.page, but=request.user.pk, now=now)
        held.pop(request.GET.get("take", ""), None)
    before = queries.sent_before(desk.team, desk.period)
    numbered = queries.numbered_changes(desk.team, desk.period.ends_on)
    context = {
        "team": desk.team,
        "period": desk.period,
        "report": report,
        "words": steps(request, desk, WORDS, missing, held),
        "asks": steps(request, desk, ASKS, missing, held),
        "errors": errors(form_of(desk.period.form), missing),
        "conflicts": clashes(response, conflicts),
        "here_too": [one["name"] for one in others_here(report, desk.people(), but=request.user.pk)]
        if report
        else [],
        "changes": queries.changes_until(desk.team, desk.period.ends_on),
        "charts": [
            measure_charts(table.until(desk.period.ends_on), changes=numbered)
            for table in queries.tables_of_team(desk.team, Reader.member(desk.member))
        ],
        "planned": before.content["answers"].get(NEXT, "") if before else "",
        "before": before,
        "commitments": queries.charter_commitments(desk.team),
        "promised": queries.still_open(desk.team, now=now),
        "standing": queries.standing_of(desk.team, desk.period, now=now),
    }
    return render(request, "reporting/edit.html", context, status=status)


@signed_in
@require_POST
def autosave(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """Keep the changed fields; the answer is what `<auto-save>` expects."""
    desk = Desk(request, team_slug, period_slug)
    if not desk.editable:
        return JsonResponse({"detail": _("This report was submitted.")}, status=423)
    saved = save(request, desk, whole_page=False, key=request.POST.get("_key", "")[:40])
    report = desk.begun()
    presence.note(report, request.user.pk, WORDS)
    people = others_here(report, desk.people(), but=request.user.pk)
    answer = autosaved(saved, zone=desk.team.cohort.zone, now=timezone.now(), people=people)
    return JsonResponse(answer, status=409 if saved.conflicts else 200)


@signed_in
@require_POST
def here(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """Says that somebody is here, and hears who else is."""
    desk, now = Desk(request, team_slug, period_slug), timezone.now()
    if desk.report is None:
        return JsonResponse({"people": [], "typing": []})
    presence.note(desk.report, request.user.pk, WORDS)
    others = others_here(desk.report, desk.people(), but=request.user.pk)
    held = typing(desk.response, desk.page, but=request.user.pk, now=now)
    return JsonResponse(here_now(others, held))


@signed_in
@require_POST
def keep_mine(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str
) -> HttpResponse:
    """Of two versions of one answer, take one's own; without script."""
    desk = Desk(request, team_slug, period_slug)
    revision = request.POST.get("revision", "")
    try:
        saved = actions.keep_mine(
            report=desk.begun(),
            field=request.POST.get("field", ""),
            revision=int(revision) if revision.isdigit() else 0,
            now=timezone.now(),
            by=request.user,
        )
    except (actions.NotThere, TransitionNotAllowed):
        messages.error(request, _("These words are not there any more, or the report was sent."))
        return redirect(desk.to("edit"))
    desk.begun().response = saved.response
    if saved.conflicts:
        return editor(request, desk, conflicts=saved.conflicts, status=409)
    messages.success(request, _("Your words are in. The others are in the history."))
    return redirect(desk.to("edit"))


# --- history -------------------------------------------------------------------------------------


@signed_in
def history(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """Every question that was changed, with who changed it last."""
    desk = Desk(request, team_slug, period_slug)
    report = desk.begun()
    changes = AnswerChange.objects.filter(response=report.response_id)
    context = {
        "team": desk.team,
        "period": desk.period,
        "fields": changed_fields(changes, report.response),
    }
    return render(request, "reporting/history.html", context)


@signed_in
def question(
    request: HttpRequest, host_slug: str, team_slug: str, period_slug: str, field: str
) -> HttpResponse:
    """One question with its earlier answers. POST puts one back."""
    desk = Desk(request, team_slug, period_slug)
    report = desk.begun()
    asked = form_of(desk.period.form).by_code.get(field)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return restore(request, desk, field)
    changes = AnswerChange.objects.filter(response=report.response_id)
    context = {
        "team": desk.team,
        "period": desk.period,
        "asked": asked,
        "versions": [
            (one, f"?change={one.pk}") for one in versions(changes, report.response, asked)
        ],
        "editable": desk.editable,
    }
    return render(request, "reporting/question.html", context)


def restore(request: HttpRequest, desk: Desk, field: str) -> HttpResponse:
    change = request.GET.get("change", "")
    try:
        actions.restore_answer(
            report=desk.begun(),
            change_pk=int(change) if change.isdigit() else 0,
            now=timezone.now(),
            by=request.user,
        )
        messages.success(request, _("Restored. The answer it replaced is in the history too."))
    except (actions.NotThere, TransitionNotAllowed):
        messages.error(request, _("These words are not there any more, or the report was sent."))
    return redirect(desk.to("question", field))


# --- sending -------------------------------------------------------------------------------------


@signed_in
def check(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """Before sending: what is missing, who will read it. POST submits."""
    desk = Desk(request, team_slug, period_slug)
    if request.method == "POST" and desk.report is not None:
        return send(request, desk)
    if desk.report is None or not desk.editable:
        return read_instead(desk)
    return checked(request, desk)


def checked(request: HttpRequest, desk: Desk, *, status: int = 200) -> HttpResponse:
    report, form = desk.begun(), form_of(desk.period.form)
    tables = queries.tables_of_team(desk.team, Reader.member(desk.member))
    tables = [table.until(desk.period.ends_on) for table in tables]
    context: dict[str, Any] = {
        "team": desk.team,
        "period": desk.period,
        "report": report,
        "headline": report.response.answers.get(HEADLINE, ""),
        "missing": errors(form, problems(form, report.response.answers)),
        "hints": queries.hints(report, tables, request.host),
        "measures": len(tables),
        "changes": len(queries.changes_until(desk.team, desk.period.ends_on)),
        "number": queries.next_number(report),
        "level": level_of(report).label,
        "can_submit": rules.can_submit(desk.member, report),
    }
    return render(request, "reporting/check.html", context, status=status)


def send(request: HttpRequest, desk: Desk) -> HttpResponse:
    number = request.POST.get("number", "")
    if not rules.is_lead(desk.member):
        raise PermissionDenied
    try:
        actions.submit(
            report=desk.begun(),
            number=int(number) if number.isdigit() else None,
            now=timezone.now(),
            by=request.user,
        )
        messages.success(request, _("Your report is submitted."))
    except actions.NotComplete:
        return checked(request, desk, status=422)
    except TransitionNotAllowed:
        messages.info(request, _("Somebody else has just submitted this report."))
    return redirect(desk.to("report"))


@signed_in
def preview(request: HttpRequest, host_slug: str, team_slug: str, period_slug: str) -> HttpResponse:
    """The draft as other teams will read it, or as the leader will; nothing is kept."""
    desk = Desk(request, team_slug, period_slug)
    report = desk.begun()
    if not desk.editable:
        return read_instead(desk)
    as_leader = request.GET.get("as") == "leader" and desk.team.cohort.leader_replies
    version = queries.draft_version(report)
    version.submitted_by, version.submitted_at = request.user, timezone.now()
    reader = Reader(frozenset([desk.team.pk])) if as_leader else Reader.outsider()
    context = {
        "team": desk.team,
        "period": desk.period,
        "report": report,
        "as_leader": as_leader,
        "page": queries.report_page(report, version, reader=reader),
    }
    return render(request, "reporting/preview.html", context)
