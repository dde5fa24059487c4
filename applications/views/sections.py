"""One page per section of the form. Saving never checks; submitting does."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications import actions, rules
from applications.queries.moves import hidden_answers, posted_section
from applications.queries.opened import opened
from applications.queries.sections import (
    files_of,
    hidden_since,
    links_of,
    neighbours,
    places,
    section_problems,
    section_summary,
    shown_section,
)
from questionnaires.forms import controls, errors, submitted, worked_on_together
from questionnaires.hands.together import (
    answers_to_show,
    autosaved,
    badly_formed,
    clashes,
    here_now,
)
from questionnaires.queries import form_of

SESSION_DATES = "session_times"  # the library's question about each session of the cohort


def open_form(request, reference, *, to_write=False):
    """to_write: its row is locked before it is read, and stays so until the answer."""
    if to_write:
        actions.lock_own(reference=reference, by=request.user)
    found = opened(reference, request.user, timezone.now())
    if found is None:
        raise Http404
    found.application.cohort.host = request.host
    if request.method != "POST":  # what was typed is kept first, on the form that its page showed
        actions.keep_up(application=found.application, by=request.user, now=timezone.now())
    return found


def own(request, reference):
    """The application alone, for the pages of its letters and videos."""
    return open_form(request, reference).application


def asked_or_404(application, section):
    asked = shown_section(application, section)
    if asked is None:
        raise Http404
    return asked


def keep_saved(application, response):
    """What was saved is what the rest of this request reads."""
    if application.received_at and response.pk != application.response_id:
        application.revision = response
    else:
        application.response = response


def page(request, found, section, *, conflicts=(), status=200):
    application, now = found.application, timezone.now()
    response = application.working
    form = form_of(response.version)
    editable = rules.may_edit(application.own_role) and rules.takes_answers(application, now)
    checked = "check" in request.GET
    files = files_of(application, section)
    problems = section_problems(application, section.code, files)
    held = found.typing(section) if editable else {}
    held.pop(request.GET.get("take"), None)
    steps = controls(
        form,
        section.code,
        answers_to_show(response, request.GET.get("together"), by=request.user),
        revisions=response.revisions,
        problems=problems if checked else badly_formed(problems),
        places=places(application, section, files),
        extra_row=request.GET.get("add"),
    )
    context = {
        "application": application,
        "cohort": application.cohort,
        "section": section,
        "controls": worked_on_together(
            steps,
            held_by=held,
            pages=links_of(application, section),
            comments=found.comments,
        ),
        "errors": errors(form, problems) if checked else [],
        "conflicts": conflicts,
        "hidden": hidden_answers(form, response.answers, section),
        "place": neighbours(form, response.answers, section.code),
        "here_too": [
            one["name"] for one in found.others_here(section.code) if one["section"] == section.code
        ],
        "asks_about_sessions": any(one.code == SESSION_DATES for one in section.fields),
        "editable": editable,
    }
    return render(request, "applications/section.html", context, status=status)


def save(request, application, section, sent, now, *, key="", whole_page=False):
    """Raises actions.Refused. Returns what was saved, and what went out of sight by it."""
    before = dict(application.working.answers)
    saved = actions.save_locked(
        application=application,
        values=sent.values,
        base_revisions=sent.bases,
        by=request.user,
        now=now,
        key=key,
        whole_page=whole_page,
    )
    keep_saved(application, saved.response)
    return saved, hidden_since(application, before)


def hidden_words(labels):
    text = ngettext(
        "This answer is not asked any more: %(labels)s. We keep it in case you change back.",
        "These answers are not asked any more: %(labels)s. We keep them in case you change back.",
        len(labels),
    )
    return text % {"labels": "; ".join(labels)}


@signed_in
def section(request, host_slug, reference, section):
    found = open_form(request, reference, to_write=request.method == "POST")
    application = found.application
    asked = posted_section(application, section, request.POST)
    if asked is None:
        raise Http404
    if request.method != "POST":
        return page(request, found, asked)
    sent = submitted(asked, request.POST)
    try:
        saved, hidden = save(
            request, application, asked, sent, timezone.now(), whole_page=not sent.only_changed
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("applications:task_list", host_slug, reference)
    if shown_section(application, section) is None:
        return redirect("applications:task_list", host_slug, reference)
    if saved.conflicts:
        conflicts = clashes(saved.response, saved.conflicts)
        return page(request, found, asked, conflicts=conflicts, status=409)
    if hidden:  # say so before going on
        return redirect(f"{request.path}#hidden-answers")
    return redirect(after(request, application, asked, sent))


def after(request, application, section, sent):
    """Where saving leads: another row of the table, the list, the check, or the next section."""
    names = [application.cohort.host.slug, application.reference]
    here = reverse("applications:section", args=[*names, section.code])
    if sent.add:
        return f"{here}?add={sent.add}#q-{sent.add}"
    if sent.removed:
        return here
    form = form_of(application.working.version)
    following = neighbours(form, application.working.answers, section.code).next
    if "check" in request.POST:
        return reverse("applications:section_check", args=[*names, section.code])
    if "back" in request.POST or following is None:
        return reverse("applications:task_list", args=names)
    return reverse("applications:section", args=[*names, following])


@signed_in
@require_POST
def autosave(request, host_slug, reference, section):
    """Keep the changed fields, and say which revision each has now."""
    found = open_form(request, reference, to_write=True)
    application = found.application
    asked = posted_section(application, section, request.POST)
    if asked is None:
        raise Http404
    sent, now = submitted(asked, request.POST), timezone.now()
    key = request.POST.get("_key", "")[:40]
    try:
        saved, hidden = save(request, application, asked, sent, now, key=key)
    except actions.Refused as refused:
        return JsonResponse({"detail": str(refused)}, status=423)
    people = found.others_here(asked.code)
    answer = autosaved(saved, zone=application.cohort.zone, now=now, people=people)
    if hidden:
        answer["note"] = hidden_words(hidden)
    return JsonResponse(answer, status=409 if saved.conflicts else 200)


@signed_in
@require_POST
def keep_mine(request, host_slug, reference, section):
    """Of two versions of one answer, take one's own; without script."""
    found = open_form(request, reference)
    application = found.application
    asked = asked_or_404(application, section)
    revision = request.POST.get("revision", "")
    try:
        saved = actions.keep_mine(
            application=application,
            field=request.POST.get("field", ""),
            revision=int(revision) if revision.isdigit() else 0,
            by=request.user,
            now=timezone.now(),
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("applications:section", host_slug, reference, section)
    keep_saved(application, saved.response)
    if saved.conflicts:
        conflicts = clashes(saved.response, saved.conflicts)
        return page(request, found, asked, conflicts=conflicts, status=409)
    messages.success(request, _("Your words are in. The others are in the history."))
    return redirect("applications:section", host_slug, reference, section)


@signed_in
@require_POST
def here(request, host_slug, reference):
    """Says that somebody is here, and hears who else is."""
    found = open_form(request, reference)
    application, code = found.application, request.POST.get("section", "")
    section = form_of(application.working.version).section(code)
    others = found.others_here(section.code if section else "")
    held = found.typing(section) if section else {}
    return JsonResponse(here_now(others, held))


@signed_in
def check(request, host_slug, reference, section):
    """One section as it will be read: is it finished?"""
    found = open_form(request, reference)
    application = found.application
    asked = asked_or_404(application, section)
    files, now = files_of(application, asked), timezone.now()
    problems = section_problems(application, section, files)
    editable = rules.may_edit(application.own_role) and rules.takes_answers(application, now)
    finished = request.POST.get("finished") if request.method == "POST" and editable else None
    if finished == "no" or (finished == "yes" and not problems):
        actions.mark_section(
            application=application, section=section, finished=finished == "yes", by=request.user
        )
        following = neighbours(
            form_of(application.working.version), application.working.answers, section
        ).next
        if finished == "yes" and following:
            return redirect("applications:section", host_slug, reference, following)
        return redirect("applications:task_list", host_slug, reference)
    refused = request.method == "POST" and editable
    context = {
        "application": application,
        "cohort": application.cohort,
        "section": asked,
        "part": section_summary(application, asked, files),
        "missing": errors(form_of(application.working.version), problems),
        "unanswered": refused and finished is None,
        "refused": refused and finished == "yes",
        "said_not_yet": section in application.not_finished,
        "editable": editable,
    }
    return render(
        request, "applications/section_check.html", context, status=422 if refused else 200
    )
