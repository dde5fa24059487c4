"""More time: applicants ask for it, staff give it to one or to all. Also who leads a draft."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in
from accounts.roles import Permission
from applications import actions, rules
from applications.forms import AskForTimeForm, DeadlineForm, MoveLeadForm
from applications.models import Application, ApplicationPerson
from applications.queries.deadlines import offered_extension
from applications.states import Status
from applications.views.applying import own, say_no, to
from applications.views.staff import cohort_or_404
from collaboratives.queries.programs import deadline_warnings


@signed_in
def ask_for_time(request, host_slug, reference):
    application, form = own(request, reference), AskForTimeForm(request.POST or None)
    now = timezone.now()
    if not rules.can_ask_for_time(application, now):
        return to("task_list", application)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_time(
                application=application,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=now,
            )
            messages.success(request, _("We have your request. You get an answer by mail."))
        except actions.Refused as refused:
            messages.error(request, str(refused))
        return to("task_list", application)
    context = {"application": application, "cohort": application.cohort, "form": form}
    return render(
        request, "applications/ask_for_time.html", context, status=422 if form.errors else 200
    )


def known_or_404(request, cohort_slug, reference):
    """One application that this member of staff may know of: not a word of its answers."""
    found = Application.objects.visible_to(request.user, request.membership)
    return get_object_or_404(found.for_page(), cohort__slug=cohort_slug, reference=reference)


def arrangements(request, application, *, time_form=None, lead_form=None, status=200):
    now = timezone.now()
    people = ApplicationPerson.objects.present().for_list().filter(application=application)
    others = [(one.pk, str(one.user)) for one in people if one.user_id != application.lead_id]
    context = {
        "application": application,
        "cohort": application.cohort,
        "people": people,
        "draft": application.status == Status.DRAFT,
        "offered": offered_extension(application, now),
        "manageable": rules.may_manage_people(application) and bool(others),
        "time_form": time_form or DeadlineForm(),
        "lead_form": lead_form or MoveLeadForm(people=others),
        "forms": [one for one in (time_form, lead_form) if one],
    }
    return render(request, "applications/arrangements.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
def arrange(request, host_slug, cohort_slug, reference):
    """Who works on it, by when it must be sent, and who leads."""
    return arrangements(request, known_or_404(request, cohort_slug, reference))


def back(request, application, act, words, **named):
    try:
        act(application=application, by=request.user, now=timezone.now(), **named)
        messages.success(request, words)
    except actions.Refused as refused:
        say_no(request, refused)
    slug = application.cohort.slug
    host = application.cohort.host.slug
    if "from_list" in request.POST:
        return redirect("applications:deadline", host, slug)
    return redirect("applications:arrange", host, slug, application.reference)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def extend(request, host_slug, cohort_slug, reference):
    """One click gives the offered time; the form any other."""
    application = known_or_404(request, cohort_slug, reference)
    words = _("They have more time now, and a mail says so.")
    if "offered" in request.POST:
        until = offered_extension(application, timezone.now())
        reason = application.more_time_reason or _("Given in one click.")
        return back(request, application, actions.extend, words, until=until, reason=reason)
    form = DeadlineForm(request.POST)
    if not form.is_valid():
        return arrangements(request, application, time_form=form, status=422)
    until, reason = form.until(application.cohort.zone), form.cleaned_data["reason"]
    return back(request, application, actions.extend, words, until=until, reason=reason)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def refuse_time(request, host_slug, cohort_slug, reference):
    application = known_or_404(request, cohort_slug, reference)
    return back(request, application, actions.refuse_time, _("We told them by mail."))


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def move_lead(request, host_slug, cohort_slug, reference):
    application = known_or_404(request, cohort_slug, reference)
    people = ApplicationPerson.objects.present().for_list().filter(application=application)
    form = MoveLeadForm(request.POST, people=[(one.pk, str(one.user)) for one in people])
    if not form.is_valid():
        return arrangements(request, application, lead_form=form, status=422)
    words, data = _("The lead is moved, and a mail says so."), form.cleaned_data
    act = actions.move_lead
    return back(request, application, act, words, person_pk=data["person"], reason=data["reason"])


@requires(Permission.APPLICATION_DECIDE)
def deadline(request, host_slug, cohort_slug):
    """The close of applications: who asks for more time, and more time for all."""
    cohort, now = cohort_or_404(request, cohort_slug), timezone.now()
    if cohort.closes_at is None:
        raise Http404
    form = DeadlineForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            until, reason = form.until(cohort.zone), form.cleaned_data["reason"]
            try:
                told = actions.extend_all(
                    cohort=cohort, until=until, reason=reason, by=request.user, now=now
                )
            except actions.Refused as refused:
                form.add_error("day", str(refused))
            else:
                words = _("The close is moved. We told %(n)s drafts.") % {"n": told}
                messages.success(request, words)
                return redirect("applications:deadline", host_slug, cohort_slug)
    here = Application.objects.visible_to(request.user, request.membership).filter(cohort=cohort)
    asking = list(here.asking_for_time().for_requests())
    context = {
        "cohort": cohort,
        "form": form,
        "asking": [(one, offered_extension(one, now)) for one in asking],
        "warnings": deadline_warnings(cohort.closes_at, cohort.zone),
        "more_time": here.with_more_time(now),
    }
    return render(request, "applications/deadline.html", context, status=status)
