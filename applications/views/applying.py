"""An applicant's own applications: the task list, check, submit, the receipt."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import signed_in
from applications import actions, rules
from applications.consent.queries import has_answered
from applications.forms import SubmitForm
from applications.models import Application
from applications.queries.asked import open_questions
from applications.queries.deadlines import days_left_of, decision_due
from applications.queries.filled import signer_of
from applications.queries.moves import changed_form
from applications.queries.own import own_page, status_steps, submissions_of, team_of
from applications.queries.tasks import missing, task_list
from applications.queries.together import add_presence, others_here, section_titles
from applications.states import Source, Status
from questionnaires.hands import presence
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


@signed_in
def mine(request, host_slug):
    found = Application.objects.visible_to(request.user).for_mine()
    now = timezone.now()
    cards = [{"application": one, "days": days_left_of(one, now)} for one in found]
    return render(request, "applications/mine.html", {"cards": cards})


def asked_of(application):
    """What staff wait for now."""
    return open_questions(application) if application.status == Status.INFO_ASKED else []


@signed_in
def tasks(request, host_slug, reference):
    application, now = own(request, reference), timezone.now()
    changing = application.revision is not None and rules.takes_changes(application, now)
    if application.status not in (Status.DRAFT, Status.INFO_ASKED) and not changing:
        return to("status", application)
    page, titles = own_page(application), section_titles(application)
    presence.note(application, request.user.pk, "")
    others = others_here(application, page.people, but=request.user.pk)
    add_presence(page.people, others, titles)
    listed = task_list(
        application,
        page.blueprint,
        letters=page.letters,
        videos=page.videos,
        people=page.people,
        here=others,
    )
    context = {
        "application": application,
        "cohort": application.cohort,
        "page": page,
        "list": listed,
        "days": days_left_of(application, now),
        "late": rules.is_late(application, now),
        "may_ask_time": rules.can_ask_for_time(application, now),
        "asked": asked_of(application),
        "changing": changing,
        "may_submit": rules.may_submit(application.own_role, application.own_may_submit),
        "leads": rules.leads(application.own_role),
        "changed": changed_form(application, request.user),
        "consent_answered": listed.has_study and has_answered(application, request.user),
    }
    return render(request, "applications/task_list.html", context)


@signed_in
def go_on(request, host_slug, reference):
    """To the first thing that is not finished: where reminders lead."""
    application = own(request, reference)
    page = own_page(application)
    listed = task_list(
        application, page.blueprint, letters=page.letters, videos=page.videos, people=()
    )
    if application.status != Status.DRAFT or listed.next is None:
        return to("task_list", application)
    return to(listed.next.kind, application, listed.next.code)


@signed_in
def check(request, host_slug, reference):
    application, now = own(request, reference), timezone.now()
    page = own_page(application)
    form = form_of(application.working.version)
    if request.method == "GET" and rules.may_edit(application.own_role):
        actions.note_begun(application=application, now=now)
    context = {
        "application": application,
        "cohort": application.cohort,
        "missing": missing(application, page.blueprint, letters=page.letters, videos=page.videos),
        "parts": summary(form, application.working.answers, elsewhere=page.elsewhere, private=True),
        "editable": rules.takes_answers(application, now),
        "sendable": rules.takes_submission(application, now)
        and (application.status == Status.DRAFT or application.revision is not None),
        "late": rules.is_late(application, now),
        "may_submit": rules.may_submit(application.own_role, application.own_may_submit),
        "refused": "missing" in request.GET,
    }
    return render(request, "applications/check.html", context)


def signer(application, person):
    """Who signs: the person here, or, when staff entered it from an email, who signed that form."""
    if application.source == Source.EMAIL and application.lead_id == application.started_by_id:
        return signer_of(application)
    return {"signed_name": person.name}


@signed_in
def submit(request, host_slug, reference):
    application = own(request, reference)
    again = application.revision is not None and application.received_at is not None
    if application.received_at and not again:
        return to("submitted", application)
    form = SubmitForm(request.POST or None, initial=signer(application, request.user))
    if request.method == "GET" and rules.may_edit(application.own_role):
        actions.note_begun(application=application, now=timezone.now())
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
    context |= {"statement": application.cohort.program.blueprint.statement, "again": again}
    return render(request, "applications/submit.html", context, status=422 if form.errors else 200)


@signed_in
def submitted(request, host_slug, reference):
    """The receipt. It can be bookmarked."""
    application, now = own(request, reference), timezone.now()
    if not application.received_at:
        return to("task_list", application)
    due = decision_due(application, application.cohort.program.blueprint.decision, now)
    context = {
        "application": application,
        "cohort": application.cohort,
        "due": None if application.is_released else due,
        "changeable": rules.takes_changes(application, now),
        "sent": submissions_of(application),
    }
    return render(request, "applications/submitted.html", context)


@signed_in
def status(request, host_slug, reference):
    application = own(request, reference)
    if application.status == Status.DRAFT:
        return to("task_list", application)
    now, leads = timezone.now(), rules.leads(application.own_role)
    context = {
        "application": application,
        "cohort": application.cohort,
        "asked": asked_of(application),
        "steps": status_steps(application, application.cohort.program.blueprint.decision, now),
        "team": team_of(application),
        "changeable": rules.takes_changes(application, now)
        and rules.may_edit(application.own_role),
        "first_section": next(iter(section_titles(application)), ""),
        "can_withdraw": leads and rules.can_withdraw(application),
        "can_undo": leads and rules.can_undo_withdrawal(application, now),
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
