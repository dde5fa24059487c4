"""One question by itself: its answer, what the team says about it, and its earlier answers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications import actions, rules
from applications.forms import CommentForm
from applications.models import TeamComment
from applications.queries.history import changed_fields, versions
from applications.views.applying import own
from questionnaires.queries import form_of


def asked_or_404(application, field):
    asked = form_of(application.working.version).by_code.get(field)
    if asked is None or not asked.answer_codes:
        raise Http404
    return asked


def page(request, application, asked, *, form=None, status=200):
    found = TeamComment.objects.visible_to(request.user).for_list()
    editor = rules.may_edit(application.own_role)
    names = [application.cohort.host.slug, application.reference]
    context = {
        "application": application,
        "cohort": application.cohort,
        "asked": asked,
        "section": form_of(application.working.version).section_of(asked.code),
        "comments": found.filter(application=application, field=asked.code),
        "versions": [
            (one, reverse("applications:restore", args=[*names, asked.code, one.pk]))
            for one in versions(application, asked)
        ],
        "form": form or CommentForm(),
        "editable": editor and rules.takes_answers(application, timezone.now()),
    }
    return render(request, "applications/question.html", context, status=status)


@signed_in
def question(request, host_slug, reference, field):
    application = own(request, reference)
    asked = asked_or_404(application, field)
    if request.method != "POST":
        return page(request, application, asked)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return page(request, application, asked, form=form, status=422)
    try:
        actions.comment(
            application=application,
            field=field,
            text=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("applications:question", host_slug, reference, field)


@signed_in
@require_POST
def remove_comment(request, host_slug, reference, field, pk):
    application = own(request, reference)
    actions.remove_comment(application=application, comment_pk=pk, by=request.user)
    return redirect("applications:question", host_slug, reference, field)


@signed_in
@require_POST
def restore(request, host_slug, reference, field, pk):
    application = own(request, reference)
    try:
        actions.restore_answer(
            application=application, change_pk=pk, by=request.user, now=timezone.now()
        )
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Restored. The answer it replaced is in the history too."))
    return redirect("applications:question", host_slug, reference, field)


@signed_in
def history(request, host_slug, reference):
    """Every question that was changed, with who changed it last."""
    application = own(request, reference)
    context = {"application": application, "cohort": application.cohort}
    context["fields"] = changed_fields(application)
    return render(request, "applications/history.html", context)
