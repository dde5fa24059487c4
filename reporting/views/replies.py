"""The senior leader's pages. They open by a link; reading them changes nothing."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import by_link
from collaboratives.queries.measures import Reader
from questionnaires.actions import Saved
from questionnaires.rules import Problem
from reporting import actions, queries, rules
from reporting.models import LeaderReply
from reporting.reply_form import has_unsent, reply_page, typed
from reporting.states import ReplyState
from workflow.machine import TransitionNotAllowed

KIND = "reply"


def _expired(request: HttpRequest, token: str) -> HttpResponse:
    """A link that time alone has closed leads to a new one. The page says the same whether or
    not a mail goes out."""
    sent = request.method == "POST"
    if sent:
        reply = get_object_or_404(LeaderReply.objects.for_page(), pk=request.link.subject_id)
        actions.renew_link(reply=reply, now=timezone.now())
    context = {"token": token, "sent": sent}
    return render(request, "reporting/expired.html", context, status=200 if sent else 410)


def _open(request: HttpRequest) -> LeaderReply:
    """The reply of this link, while its leader still leads the team."""
    reply = get_object_or_404(LeaderReply.objects.for_page(), pk=request.link.subject_id)
    if not rules.leads(reply.member):
        raise Http404
    if request.link.email != reply.member.email.lower():
        raise Http404
    return reply


@by_link(KIND, expired=_expired)
def reply(request: HttpRequest, token: str) -> HttpResponse:
    reply = _open(request)
    if request.method == "POST":
        return _send(request, token, reply)
    changing = reply.may_change(timezone.now()) and "change" in request.GET
    if reply.state != ReplyState.DRAFT and not changing:
        return _receipt(request, token, reply)
    return _page(request, token, reply)


def _page(
    request: HttpRequest,
    token: str,
    reply: LeaderReply,
    *,
    problems: list[Problem] | None = None,
    nothing: str = "",
) -> HttpResponse:
    page = reply_page(reply, problems or [], nothing=nothing)
    context = {
        **_brief(reply),
        "boxes": page,
        "token": token,
        "key": uuid4(),
        "before": queries.promised_before(reply, now=timezone.now()),
        "other": queries.other_leader(reply) if reply.state == ReplyState.DRAFT else None,
    }
    status = 422 if page.errors else 200
    return render(request, "reporting/reply.html", context, status=status)


def _send(request: HttpRequest, token: str, reply: LeaderReply) -> HttpResponse:
    """What was typed is kept first. The same press once more leads to the receipt. “Enter” in a
    box keeps and sends nothing."""
    sendings = typed(request.POST).sendings
    try:
        _save(request, reply)
        if "save" in request.POST:
            here = reverse("reporting_links:reply", args=[token])
            return redirect(f"{here}?change=1" if reply.state == ReplyState.SENT else here)
        actions.send_reply(reply=reply, sendings=sendings, now=timezone.now())
    except actions.SentBefore:
        pass
    except actions.NothingToSend as error:
        reply = _open(request)
        nothing = "" if error.problems else _("Answer a request or write a few words.")
        return _page(request, token, reply, problems=error.problems, nothing=nothing)
    except (
        actions.AlreadyReplied,
        actions.AuthorCannotReply,
        actions.WindowClosed,
        TransitionNotAllowed,
    ) as error:
        return _receipt(request, token, _open(request), error=error, status=409)
    return redirect("reporting_links:reply", token)


def _save(request: HttpRequest, reply: LeaderReply) -> Saved:
    sent = typed(request.POST)
    return actions.save_reply(
        reply=reply,
        values=sent.values,
        base_revisions=sent.bases,
        save_key=sent.key,
        whole_page=sent.whole_page,
        now=timezone.now(),
    )


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
        "call": queries.leadership_call(report.team, now=timezone.now()),
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
    now = timezone.now()
    may_change = reply.may_change(now)
    context = {
        "token": token,
        "reply": reply,
        "report": report,
        "team": report.team,
        "cohort": report.team.cohort,
        "answers": queries.answered(reply),
        "commitments": reply.commitments.order_by("place"),
        "call": queries.leadership_call(report.team, now=now),
        "may_change": may_change,
        "unsent": may_change and has_unsent(reply),
        "other": sent.member if sent is not None and sent.pk != reply.pk else None,
        "is_author": isinstance(error, actions.AuthorCannotReply),
    }
    return render(request, "reporting/receipt.html", context, status=status)


@by_link(KIND)
@require_POST
def autosave(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what was typed so far; the answer is what `<auto-save>` expects."""
    reply = _open(request)
    try:
        saved = _save(request, reply)
    except (actions.WindowClosed, TransitionNotAllowed):
        return JsonResponse({"detail": _("This reply can no longer be changed.")}, status=423)
    clock = timezone.now().astimezone(reply.version.report.team.cohort.zone)
    body = {
        "revisions": saved.revisions,
        "saved_at": date_format(clock, "P"),
        "conflicts": [],
        "people": [],
    }
    return JsonResponse(body)


@by_link(KIND)
def full_report(request: HttpRequest, token: str) -> HttpResponse:
    """The whole report, for the leader's eyes."""
    return render(
        request, "reporting/report_by_link.html", {**_brief(_open(request)), "token": token}
    )


@by_link(KIND)
def not_you(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the reply to the other leader, ask the team to name one, or say that the link came to
    the wrong person."""
    reply, now = _open(request), timezone.now()
    context = {**_names(reply), "token": token}
    who = request.POST.get("who") if request.method == "POST" else None
    try:
        if who == "other":
            if reply.state == ReplyState.DRAFT:  # pressed beside words that were just typed
                _save(request, reply)
            context["handed_to"] = actions.hand_over(reply=reply, now=now).member
        elif who == "missing":
            actions.ask_for_alternate(reply=reply, now=now)
        elif who == "nobody":
            actions.disown(reply=reply, now=now)
        else:
            return render(request, "reporting/not_you.html", context)
    except (actions.NobodyToHandTo, TransitionNotAllowed):
        context["refused"] = True
        return render(request, "reporting/not_you.html", context, status=409)
    return render(request, "reporting/not_you_done.html", {**context, "who": who})


def _names(reply: LeaderReply) -> dict[str, object]:
    report = reply.version.report
    return {
        "reply": reply,
        "report": report,
        "team": report.team,
        "other": queries.other_leader(reply),
        "handed_to": None,
        "refused": False,
    }


@by_link(KIND)
@require_POST
def later(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a link for finishing on another device; what was typed is kept first."""
    reply = _open(request)
    if reply.state == ReplyState.DRAFT:
        _save(request, reply)
        actions.renew_link(reply=reply, now=timezone.now())
    return render(request, "reporting/later.html", {**_names(reply), "token": token})
