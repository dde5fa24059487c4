"""What changed in the form of a draft."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import signed_in
from applications.models import Application
from applications.queries.moves import changed_form
from questionnaires import actions as questionnaires
from questionnaires.queries import unread_moves


def own(request, reference):
    found = Application.objects.visible_to(request.user).with_role_of(request.user)
    return get_object_or_404(found.for_page(), reference=reference)


@signed_in
def changes(request, host_slug, reference):
    application = own(request, reference)
    changed = changed_form(application, request.user)
    context = {"application": application, "cohort": application.cohort, "changed": changed}
    return render(request, "applications/form_changes.html", context)


@signed_in
@require_POST
def hide(request, host_slug, reference):
    """This person has read it."""
    application = own(request, reference)
    for move in unread_moves(application.response, request.user.pk):
        questionnaires.hide_move(move=move, by=request.user)
    return redirect("applications:task_list", host_slug, reference)
