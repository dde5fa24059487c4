"""The decision, as its applicants see it, and what they answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications import actions, rules
from applications.forms import DeclineSeatForm, JoinForm, WithdrawForm
from applications.models import Letter
from applications.queries.offers import brought
from applications.queries.own import team_of
from applications.states import Outcome, Status
from applications.views.applying import own, say_no, to
from workflow.machine import TransitionNotAllowed


@signed_in
def decision(request, host_slug, reference):
    application = own(request, reference)
    if not application.is_released:
        return to("status", application)
    return answer_page(request, application)


def answer_page(request, application, *, join_form=None, status=200):
    """The decision; also shown again with what was wrong in its form."""
    now = timezone.now()
    context = {
        "application": application,
        "cohort": application.cohort,
        "team": team_of(application),
        "may_answer": rules.leads(application.own_role),
        "open": rules.can_answer_offer(application, now),
        "is_seat": application.outcome == Outcome.ADMIT,
        "form": DeclineSeatForm(),
        "linked": application.linked.select_related("cohort").first(),
    }
    if application.offered_cohort is not None and application.status == Status.RELEASED:
        letters = Letter.objects.for_list().filter(application=application)
        context["brought"] = brought(application, application.offered_cohort, list(letters))
        context["join_form"] = join_form or JoinForm(initial={"signed_name": request.user.name})
    return render(request, "applications/decision.html", context, status=status)


@signed_in
@require_POST
def accept_seat(request, host_slug, reference):
    application = own(request, reference)
    try:
        team = actions.accept_seat(application=application, by=request.user, now=timezone.now())
    except TransitionNotAllowed:
        messages.info(request, _("This offer was answered already."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        words = _("Welcome! %(team)s has its place.") % {"team": team.name}
        messages.success(request, words)
    return redirect("applications:decision", host_slug, reference)


@signed_in
@require_POST
def take_up_offer(request, host_slug, reference):
    """Join the other program with what is answered already."""
    application = own(request, reference)
    if not application.is_released:
        return to("status", application)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return answer_page(request, application, join_form=form, status=422)
    try:
        linked = actions.take_up_offer(
            application=application, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except TransitionNotAllowed:
        messages.info(request, _("This offer was answered already."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        return joined(request, linked)
    return redirect("applications:decision", host_slug, reference)


def joined(request, linked):
    if linked.status == Status.DRAFT:
        messages.success(request, _("Your place is kept. Answer what is still open."))
        return to("task_list", linked)
    messages.success(request, _("Welcome! Your team has its place."))
    return to("decision", linked)


@signed_in
@require_POST
def decline_seat(request, host_slug, reference):
    application = own(request, reference)
    form = DeclineSeatForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.decline_seat(
            application=application, reason=reason, by=request.user, now=timezone.now()
        )
        messages.success(request, _("You declined the offer. Thank you for telling us."))
    except TransitionNotAllowed:
        messages.info(request, _("This offer was answered already."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("applications:decision", host_slug, reference)


@signed_in
def withdraw(request, host_slug, reference):
    application = own(request, reference)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(
                application=application,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
            messages.success(request, _("Your application is withdrawn."))
        except (actions.Refused, TransitionNotAllowed) as refused:
            say_no(request, refused)
        return to("status", application)
    context = {"application": application, "cohort": application.cohort, "form": form}
    return render(request, "applications/withdraw.html", context)


@signed_in
@require_POST
def undo_withdrawal(request, host_slug, reference):
    application = own(request, reference)
    try:
        actions.undo_withdrawal(application=application, by=request.user, now=timezone.now())
        messages.success(request, _("Your application is back."))
    except (actions.Refused, TransitionNotAllowed) as refused:
        say_no(request, refused)
    return to("status", application)
