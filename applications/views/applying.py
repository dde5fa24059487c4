"""An applicant's own applications: start, the task list, check, submit, the receipt."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import public, signed_in
from applications import actions, rules
from applications.consent.queries import has_answered
from applications.forms import StartForm, SubmitForm
from applications.models import Application
from applications.queries.deadlines import days_left, decision_due
from applications.queries.moves import changed_form
from applications.queries.own import another_exists, own_page, status_steps, team_of
from applications.queries.tasks import missing, task_list
from applications.states import Status
from collaboratives.models import Cohort
from questionnaires.queries import form_of
from questionnaires.summary import summary
from workflow.machine import TransitionNotAllowed


def to(name, application, *more):
    slug = application.cohort.host.slug
    return redirect(f"applications:{name}", slug, application.reference, *more)


def say_no(request, error):
    """Why an act was not done; for a state that moved meanwhile, that it did."""
    moved = _("This application has changed meanwhile. Here is how it stands now.")
    messages.error(request, str(error) if isinstance(error, actions.Refused) else moved)


def own(request, reference):
    """One of the person's applications, or the page for what does not exist."""
    found = Application.objects.visible_to(request.user).with_role_of(request.user)
    application = get_object_or_404(found.for_page(), reference=reference)
    return actions.keep_up(application=application, by=request.user, now=timezone.now())


@public
def start(request, host_slug, cohort_slug):
    """Whoever is not signed in gets a code by mail first, and comes back here."""
    cohort = get_object_or_404(Cohort.objects.published().for_list(), slug=cohort_slug)
    if not rules.can_start(cohort, timezone.now()):
        return render(request, "applications/closed.html", {"cohort": cohort})
    if not request.user.is_authenticated:
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('accounts:start')}?{query}")
    form = StartForm(request.POST or None)
    context = {"cohort": cohort, "form": form, "blueprint": cohort.program.blueprint}
    if not (request.method == "POST" and form.is_valid()):
        status = 422 if request.method == "POST" else 200
        return render(request, "applications/start.html", context, status=status)
    name = form.cleaned_data["organization_name"]
    if "go_on" not in request.POST and another_exists(cohort, name, person=request.user):
        return render(request, "applications/start.html", {**context, "another": True})
    try:
        application = actions.start(
            cohort=cohort, by=request.user, now=timezone.now(), **form.cleaned_data
        )
    except actions.Closed:
        return render(request, "applications/closed.html", {"cohort": cohort})
    return to("task_list", application)


@signed_in
def mine(request, host_slug):
    found = Application.objects.visible_to(request.user).for_mine()
    now = timezone.now()
    cards = [{"application": one, "days": days_left(one.cohort, now)} for one in found]
    return render(request, "applications/mine.html", {"cards": cards})


@signed_in
def tasks(request, host_slug, reference):
    application = own(request, reference)
    if application.status not in (Status.DRAFT, Status.INFO_ASKED):
        return to("status", application)
    now, page = timezone.now(), own_page(application)
    listed = task_list(
        application,
        page.blueprint,
        letters=page.letters,
        videos=page.videos,
        people=page.people,
    )
    context = {
        "application": application,
        "cohort": application.cohort,
        "page": page,
        "list": listed,
        "days": days_left(application.cohort, now),
        "late": rules.is_late(application, now),
        "changed": changed_form(application, request.user),
        "may_submit": rules.may_submit(application.own_role),
        "consent_answered": listed.has_study and has_answered(application, request.user),
    }
    return render(request, "applications/task_list.html", context)


@signed_in
def check(request, host_slug, reference):
    application = own(request, reference)
    page = own_page(application)
    form = form_of(application.response.version)
    context = {
        "application": application,
        "cohort": application.cohort,
        "missing": missing(application, page.blueprint, letters=page.letters, videos=page.videos),
        "parts": summary(
            form, application.response.answers, elsewhere=page.elsewhere, private=True
        ),
        "editable": rules.takes_answers(application, timezone.now()),
        "may_submit": rules.may_submit(application.own_role),
        "refused": "missing" in request.GET,
    }
    return render(request, "applications/check.html", context)


@signed_in
def submit(request, host_slug, reference):
    application = own(request, reference)
    if application.received_at:
        return to("submitted", application)
    form = SubmitForm(request.POST or None, initial={"signed_name": request.user.name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.submit(
                application=application,
                signed_name=data["signed_name"],
                signed_title=data["signed_title"],
                by=request.user,
                now=timezone.now(),
            )
        except actions.Incomplete:
            return redirect(f"{reverse('applications:check', args=[host_slug, reference])}?missing")
        except (actions.Refused, TransitionNotAllowed) as refused:
            say_no(request, refused)
            return to("task_list", application)
        return to("submitted", application)
    context = {"application": application, "cohort": application.cohort, "form": form}
    context["statement"] = application.cohort.program.blueprint.statement
    return render(request, "applications/submit.html", context, status=422 if form.errors else 200)


@signed_in
def submitted(request, host_slug, reference):
    """The receipt. It can be bookmarked."""
    application = own(request, reference)
    if not application.received_at:
        return to("task_list", application)
    decision = application.cohort.program.blueprint.decision
    due = decision_due(application, decision, timezone.now())
    context = {"application": application, "cohort": application.cohort}
    context["due"] = None if application.is_released else due
    return render(request, "applications/submitted.html", context)


@signed_in
def status(request, host_slug, reference):
    application = own(request, reference)
    if application.status == Status.DRAFT:
        return to("task_list", application)
    now = timezone.now()
    context = {
        "application": application,
        "cohort": application.cohort,
        "steps": status_steps(application, application.cohort.program.blueprint.decision, now),
        "team": team_of(application),
        "can_withdraw": rules.may_submit(application.own_role) and rules.can_withdraw(application),
        "can_undo": rules.may_submit(application.own_role)
        and rules.can_undo_withdrawal(application, now),
    }
    return render(request, "applications/status.html", context)


@signed_in
def answers(request, host_slug, reference):
    """Send back what staff asked for."""
    application = own(request, reference)
    if request.method == "POST":
        try:
            actions.answer(application=application, by=request.user, now=timezone.now())
            messages.success(request, _("Thank you. We have your answer."))
        except (actions.Refused, TransitionNotAllowed) as refused:
            say_no(request, refused)
    return to("status", application)
