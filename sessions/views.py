"""Pages of sessions: for staff, for teams, and for an invited person by link."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import by_link, public, requires, signed_in, staff_membership
from accounts.roles import Permission
from collaboratives.models import Cohort, Team, TeamGroup
from collaboratives.views.public import show
from sessions import actions, forms, queries, rules
from sessions.calendars import calendar
from sessions.models import Invitee, Session
from sessions.states import Answer, Kind, Presence
from tenancy.models import AuditEvent
from workflow.machine import TransitionNotAllowed

# --- anybody -------------------------------------------------------------------------------------


@public
def calendar_of_cohort(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """When the cohort meets. As a part of other rooms' pages, and as a page by itself."""
    cohort = get_object_or_404(Cohort.objects.published().for_list(), slug=cohort_slug)
    context = {"cohort": cohort, "meetings": queries.public_calendar(cohort)}
    part = request.headers.get("HX-Request") == "true"
    template = "sessions/_calendar.html" if part else "sessions/calendar.html"
    return show(request, template, context)


# --- staff ---------------------------------------------------------------------------------------


@requires(Permission.SESSION_VIEW)
def staff_list(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    sessions = Session.objects.for_list().filter(cohort=cohort)
    page = Paginator(sessions, 50).get_page(request.GET.get("page"))
    may_edit = request.membership.may(Permission.SESSION_EDIT)
    context = {"cohort": cohort, "page": page, "now": timezone.now(), "may_edit": may_edit}
    return render(request, "sessions/staff_list.html", context)


@requires(Permission.SESSION_EDIT)
@require_POST
def plan(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    try:
        planned = actions.plan_sessions(cohort=cohort, by=request.user)
        messages.success(request, _("%d sessions planned. Check the times.") % len(planned))
    except actions.AlreadyPlanned:
        messages.info(request, _("This cohort already has sessions."))
    return redirect("program_sessions:staff_list", host_slug, cohort_slug)


@requires(Permission.SESSION_EDIT)
def add(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    groups = TeamGroup.objects.for_list().filter(cohort=cohort)
    form = forms.SessionForm(request.POST or None, zone=cohort.zone, groups=groups)
    if request.method == "POST" and form.is_valid():
        session = actions.schedule(
            cohort=cohort,
            starts_at=form.cleaned_data["starts_at"],
            minutes=form.cleaned_data["minutes"],
            fields=form.details(),
            by=request.user,
        )
        return redirect("program_sessions:staff_session", host_slug, cohort_slug, session.pk)
    status = 422 if form.errors else 200
    return render(request, "sessions/add.html", {"cohort": cohort, "form": form}, status=status)


def _of_cohort(cohort_slug: str, pk: int) -> Session:
    return get_object_or_404(Session.objects.for_list(), pk=pk, cohort__slug=cohort_slug)


@requires(Permission.SESSION_VIEW)
def staff_session(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    session = _of_cohort(cohort_slug, pk)
    now = timezone.now()
    context = {
        "cohort": session.cohort,
        "session": session,
        "invitees": session.invitees.of_its_group().for_list(),
        "presences": Presence.choices,
        "events": AuditEvent.objects.about(session)[:50],
        "can_publish": rules.can_publish(session),
        "group_form": _group_form(session) if rules.can_choose_group(session) else None,
        "can_move": rules.can_move(session, now),
        "can_cancel": rules.can_cancel(session),
        "may_edit": request.membership.may(Permission.SESSION_EDIT),
        "is_over": session.ends_at <= now,
    }
    return render(request, "sessions/staff_session.html", context)


def _group_form(session: Session, data: QueryDict | None = None) -> forms.GroupForm:
    groups = TeamGroup.objects.for_list().filter(cohort=session.cohort)
    return forms.GroupForm(data, groups=groups, initial={"group": session.group_id})


@requires(Permission.SESSION_EDIT)
@require_POST
def choose_group(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    session = _of_cohort(cohort_slug, pk)
    form = _group_form(session, request.POST)
    try:
        if form.is_valid():
            group = form.cleaned_data["group"]
            actions.choose_group(session=session, group=group, by=request.user)
            messages.success(request, _("Saved. Publishing invites the people of this group."))
        else:
            messages.error(request, _("Choose the group that meets."))
    except TransitionNotAllowed:
        messages.error(request, _("The invitations are out. The group can't change any more."))
    return redirect("program_sessions:staff_session", host_slug, cohort_slug, pk)


@requires(Permission.SESSION_EDIT)
@require_POST
def publish(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    session = _of_cohort(cohort_slug, pk)
    try:
        actions.publish(session=session, by=request.user, now=timezone.now())
        messages.success(request, _("Published. The invitations are on their way."))
    except TransitionNotAllowed:
        messages.error(request, _("Somebody has already published or cancelled this session."))
    except actions.GroupMissing:
        messages.error(request, _("Choose the group that meets."))
    return redirect("program_sessions:staff_session", host_slug, cohort_slug, pk)


@requires(Permission.SESSION_EDIT)
def move(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    session = _of_cohort(cohort_slug, pk)
    local = session.starts_at.astimezone(session.zone)
    initial = {"day": local.date(), "at": local.time(), "minutes": session.minutes}
    form = forms.MoveForm(request.POST or None, initial=initial, zone=session.zone)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move(
                session=session,
                starts_at=form.cleaned_data["starts_at"],
                minutes=form.cleaned_data["minutes"],
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Moved. Everybody invited is being told."))
        except TransitionNotAllowed:
            messages.error(request, _("A cancelled session can't be moved."))
        return redirect("program_sessions:staff_session", host_slug, cohort_slug, pk)
    context = {"cohort": session.cohort, "session": session, "form": form}
    return render(request, "sessions/move.html", context, status=422 if form.errors else 200)


@requires(Permission.SESSION_EDIT)
def cancel(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    session = _of_cohort(cohort_slug, pk)
    form = forms.CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.cancel(session=session, by=request.user, now=timezone.now(), reason=reason)
            messages.success(request, _("Cancelled. Everybody invited is being told."))
        except TransitionNotAllowed:
            messages.error(request, _("This session is already cancelled."))
        return redirect("program_sessions:staff_session", host_slug, cohort_slug, pk)
    context = {"cohort": session.cohort, "session": session, "form": form}
    return render(request, "sessions/cancel.html", context, status=422 if form.errors else 200)


@requires(Permission.SESSION_EDIT)
@require_POST
def attendance(request: HttpRequest, host_slug: str, cohort_slug: str, pk: int) -> HttpResponse:
    session = _of_cohort(cohort_slug, pk)
    changed = actions.note_attendance(
        session=session,
        presence=forms.presences(request.POST.dict()),
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Attendance saved for %d people.") % changed)
    return redirect("program_sessions:staff_session", host_slug, cohort_slug, pk)


@requires(Permission.PROGRAM_VIEW)
def board_numbers(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    teams = Team.objects.filter(cohort=cohort).for_list()
    board = queries.attendance_board(cohort, teams, now=timezone.now())
    context = {"cohort": cohort, "board": board, "over": len(board.sessions)}
    return render(request, "sessions/_board_numbers.html", context)


@requires(Permission.SESSION_VIEW)
def attendance_board(request: HttpRequest, host_slug: str, cohort_slug: str) -> HttpResponse:
    """Every team with every session that is over; `kind` narrows it."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    teams = Team.objects.visible_to(request.user, request.membership).filter(cohort=cohort)
    kind = request.GET.get("kind", "")
    board = queries.attendance_board(cohort, teams.for_list(), now=timezone.now(), kind=kind)
    words = dict(Kind.choices).get(kind, "")
    context = {"cohort": cohort, "board": board, "kind": words}
    return render(request, "sessions/attendance.html", context)


# --- teams ---------------------------------------------------------------------------------------


def _team(request: HttpRequest, team_slug: str) -> Team:
    teams = Team.objects.visible_to(request.user, staff_membership(request)).for_list()
    return get_object_or_404(teams, slug=team_slug)


@signed_in
def for_team(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    rows = queries.of_team(team, user_id=request.user.pk, now=timezone.now())
    return render(
        request,
        "sessions/for_team.html",
        {
            "team": team,
            "coming": [row for row in rows if not row.is_over],
            "over": [row for row in reversed(rows) if row.is_over],
        },
    )


@signed_in
def next_for_team(request: HttpRequest, host_slug: str, team_slug: str) -> HttpResponse:
    team = _team(request, team_slug)
    session = queries.next_of_team(team, now=timezone.now())
    return render(request, "sessions/_next_for_team.html", {"team": team, "session": session})


@signed_in
@require_POST
def team_answer(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    team = _team(request, team_slug)
    own = Invitee.objects.select_related("session").filter(member__user=request.user)
    invitee = get_object_or_404(own, pk=pk, member__team=team)
    _answer(request, invitee, by=request.user)
    return redirect("program_sessions:for_team", host_slug, team_slug)


@signed_in
def calendar_file(request: HttpRequest, host_slug: str, team_slug: str, pk: int) -> HttpResponse:
    _team(request, team_slug)
    sessions = Session.objects.visible_to(request.user, staff_membership(request))
    session = get_object_or_404(sessions.select_related("host"), pk=pk)
    response = HttpResponse(calendar(session), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response


def _answer(request: HttpRequest, invitee: Invitee, *, by: object) -> None:
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the answers."))
        return
    try:
        answer = Answer(form.cleaned_data["answer"])
        actions.answer(invitee=invitee, answer=answer, by=by, now=timezone.now())
        messages.success(request, _("Thank you. Your answer is saved."))
    except TransitionNotAllowed:
        messages.error(request, _("This session is over or cancelled."))
    except actions.PreworkMissing as missing:
        words = _("First: %(prework)s. Then your team can say yes.")
        messages.error(request, words % {"prework": missing})


# --- by link -------------------------------------------------------------------------------------


@by_link("rsvp")
def rsvp(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows; only the button's POST answers, since mail scanners open links."""
    invitees = Invitee.objects.select_related("session__cohort__program", "member__team")
    invitee = get_object_or_404(invitees, pk=request.link.subject_id)
    if request.method == "POST":
        _answer(request, invitee, by=f"{invitee.member.name} (by link)")
        return redirect("sessions_links:rsvp", token)
    context = {
        "invitee": invitee,
        "session": invitee.session,
        "token": token,
        "form": forms.AnswerForm(initial={"answer": invitee.answer}),
        "can_answer": rules.can_answer(invitee, timezone.now()),
        "prework": rules.prework_lacking(invitee.session, invitee.member.team),
    }
    return render(request, "sessions/rsvp.html", context)
