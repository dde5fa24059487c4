"""The senior leader's pages. They open by a link; reading them changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import by_link
from collaboratives.queries.measures import Reader
from reporting import actions, queries
from reporting.forms import ReplyForm
from reporting.models import LeaderReply
from reporting.states import ReplyState
from workflow.machine import TransitionNotAllowed

KIND = "reply"
NO_ANSWER = {"asks": {}, "reflection": ""}


def _expired(request: HttpRequest, token: str) -> HttpResponse:
    """A link that time alone has closed leads to a new one."""
    sent = request.method == "POST"
    if sent:
        reply = get_object_or_404(LeaderReply.objects.for_page(), pk=request.link.subject_id)
        actions.renew_link(reply=reply, now=timezone.now())
    context = {"token": token, "sent": sent}
    return render(request, "reporting/expired.html", context, status=200 if sent else 410)


def _open(request: HttpRequest) -> LeaderReply:
    """The reply of this link, while its leader still leads the team."""
    reply = get_object_or_404(LeaderReply.objects.for_page(), pk=request.link.subject_id)
    if reply.member.left_at is not None or reply.member.leadership == "":
        raise Http404
    return reply


@by_link(KIND, expired=_expired)
def reply(request: HttpRequest, token: str) -> HttpResponse:
    reply, now = _open(request), timezone.now()
    changing = reply.state == ReplyState.SENT and reply.may_change(now) and "change" in request.GET
    if request.method != "POST" and reply.state != ReplyState.DRAFT and not changing:
        return _receipt(request, token, reply)
    initial = {"asks": reply.asks, "reflection": reply.reflection}
    form = ReplyForm(
        request.POST if request.method == "POST" else None,
        asks=reply.version.content["asks"],
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        return _send(request, token, reply, form)
    status = 422 if form.errors else 200
    context = {**_brief(reply), "form": form, "rows": form.rows(), "token": token}
    return render(request, "reporting/reply.html", context, status=status)


def _send(request: HttpRequest, token: str, reply: LeaderReply, form: ReplyForm) -> HttpResponse:
    try:
        actions.send_reply(
            reply=reply,
            asks=form.given_asks(),
            reflection=form.cleaned_data["reflection"],
            now=timezone.now(),
        )
    except (
        actions.AlreadyReplied,
        actions.AuthorCannotReply,
        actions.WindowClosed,
        TransitionNotAllowed,
    ) as error:
        reply.refresh_from_db()
        return _receipt(request, token, reply, error=error, status=409)
    return redirect("reporting_links:reply", token)


def _brief(reply: LeaderReply) -> dict[str, object]:
    """What fits on one phone screen: the headline and one chart."""
    report = reply.version.report
    page = queries.report_page(report, reply.version, reader=Reader.leader(reply.member))
    main = page.main
    return {
        "reply": reply,
        "report": report,
        "team": report.team,
        "cohort": report.team.cohort,
        "page": page,
        "panel": main.first if main else None,
    }


def _receipt(
    request: HttpRequest,
    token: str,
    reply: LeaderReply,
    *,
    error: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    report = reply.version.report
    sent = queries.reply_sent(reply.version)
    context = {
        "token": token,
        "reply": reply,
        "report": report,
        "team": report.team,
        "cohort": report.team.cohort,
        "may_change": reply.may_change(timezone.now()),
        "other": sent.member if sent is not None and sent.pk != reply.pk else None,
        "commitments": reply.commitments.order_by("place"),
        "is_author": isinstance(error, actions.AuthorCannotReply),
    }
    return render(request, "reporting/receipt.html", context, status=status)


@by_link(KIND)
@require_POST
def autosave(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what was typed so far; the answer is what `<auto-save>` expects."""
    reply = _open(request)
    form = ReplyForm(request.POST, asks=reply.version.content["asks"], initial=NO_ANSWER)
    form.is_valid()
    asks = {**reply.asks, **{k: v for k, v in form.given_asks().items() if _came(request, k)}}
    typed = request.POST.get("reflection", reply.reflection)
    try:
        actions.save_reply(reply=reply, asks=asks, reflection=typed, now=timezone.now())
    except TransitionNotAllowed:
        return JsonResponse({"detail": _("This reply was sent.")}, status=423)
    clock = timezone.now().astimezone(reply.version.report.team.cohort.zone)
    half = "a.m." if clock.hour < 12 else "p.m."
    body = {
        "revisions": dict.fromkeys(request.POST.getlist("_changed"), 0),
        "saved_at": f"{clock:%-I:%M} {half}",
        "conflicts": [],
        "people": [],
    }
    return JsonResponse(body)


def _came(request: HttpRequest, place: str) -> bool:
    return f"ask-{place}" in request.POST or f"note-{place}" in request.POST


@by_link(KIND)
def full_report(request: HttpRequest, token: str) -> HttpResponse:
    """The whole report, for the leader's eyes."""
    return render(
        request, "reporting/report_by_link.html", {**_brief(_open(request)), "token": token}
    )


@by_link(KIND)
def not_you(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the reply to the other leader, or say that the link came to the wrong person."""
    reply, now = _open(request), timezone.now()
    context = {**_names(reply), "token": token}
    if request.method != "POST":
        return render(request, "reporting/not_you.html", context)
    if request.POST.get("who") == "other":
        try:
            context["handed_to"] = actions.hand_over(reply=reply, now=now).member
        except (actions.NobodyToHandTo, TransitionNotAllowed):
            return render(request, "reporting/not_you.html", context, status=409)
    else:
        actions.disown(reply=reply, now=now)
    return render(request, "reporting/not_you_done.html", context)


def _names(reply: LeaderReply) -> dict[str, object]:
    report = reply.version.report
    return {
        "reply": reply,
        "report": report,
        "team": report.team,
        "other": queries.other_leader(reply.member),
        "handed_to": None,
    }


@by_link(KIND)
@require_POST
def later(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a link for finishing on another device; what was typed is kept first."""
    reply = _open(request)
    if reply.state == ReplyState.DRAFT:
        form = ReplyForm(request.POST, asks=reply.version.content["asks"], initial=NO_ANSWER)
        form.is_valid()
        typed = request.POST.get("reflection", "")
        now = timezone.now()
        reply = actions.save_reply(reply=reply, asks=form.given_asks(), reflection=typed, now=now)
        actions.renew_link(reply=reply, now=now)
    return render(request, "reporting/later.html", {**_names(reply), "token": token})
