"""Who works on an application: the list, invitations, parts, and the link of an invitation."""

from allauth.core import ratelimit
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import queries as accounts
from accounts.access import by_link, signed_in
from accounts.views.start import send_code
from applications import actions, rules
from applications.forms import InviteForm, PersonForm
from applications.models import PersonInvitation
from applications.queries.people import hands, owners_of, waiting
from applications.queries.together import section_titles
from applications.views.applying import own, to
from questionnaires.hands import presence


def page(request, application, *, form=None, status=200):
    now, people = timezone.now(), hands(application)
    here = presence.sections_of(
        application, [one.person.user_id for one in people], but=request.user.pk
    )
    titles = section_titles(application)
    email = request.GET.get("email", "")
    context = {
        "application": application,
        "cohort": application.cohort,
        "hands": people,
        "here": {user: titles.get(section, "") for user, section in here.items()},
        "waiting": waiting(application, now),
        "form": form or InviteForm(initial={"email": email} if email else None),
        "leads": rules.leads(application.own_role),
        "manageable": rules.may_manage_people(application),
    }
    return render(request, "applications/people.html", context, status=status)


@signed_in
def people(request, host_slug, reference):
    return page(request, own(request, reference))


def act(request, application, do, words, **named):
    """One change, or why not; back to the list."""
    try:
        do(application=application, by=request.user, **named)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, words)
    return to("people", application)


@signed_in
@require_POST
def invite(request, host_slug, reference):
    application, form = own(request, reference), InviteForm(request.POST)
    if not form.is_valid():
        return page(request, application, form=form, status=422)
    if not ratelimit.consume(request, action="invite_person", key=request.user.email):
        return ratelimit.respond_429(request)
    return act(
        request,
        application,
        actions.invite_person,
        _("We sent the invitation."),
        now=timezone.now(),
        **form.cleaned_data,
    )


@signed_in
@require_POST
def resend(request, host_slug, reference, pk):
    application, words = own(request, reference), _("We sent it again. The older link is closed.")
    do = actions.resend_invitation
    return act(request, application, do, words, invitation_pk=pk, now=timezone.now())


@signed_in
@require_POST
def revoke(request, host_slug, reference, pk):
    application, words = own(request, reference), _("The invitation is closed.")
    do = actions.revoke_invitation
    return act(request, application, do, words, invitation_pk=pk, now=timezone.now())


@signed_in
@require_POST
def change(request, host_slug, reference, pk):
    application, form = own(request, reference), PersonForm(request.POST)
    if not form.is_valid():
        return to("people", application)
    do, data = actions.change_person, form.cleaned_data
    return act(request, application, do, _("Saved."), person_pk=pk, **data)


@signed_in
@require_POST
def remove(request, host_slug, reference, pk):
    application, words = own(request, reference), _("Removed. What they wrote stays.")
    do = actions.remove_person
    return act(request, application, do, words, person_pk=pk, now=timezone.now())


@signed_in
@require_POST
def hand_over(request, host_slug, reference, pk):
    application, words = own(request, reference), _("The lead is handed over.")
    do = actions.hand_over_lead
    return act(request, application, do, words, person_pk=pk, now=timezone.now())


@signed_in
@require_POST
def leave(request, host_slug, reference):
    application = own(request, reference)
    try:
        actions.leave(application=application, by=request.user, now=timezone.now())
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return to("people", application)
    messages.success(request, _("You left this application."))
    return redirect("applications:mine", host_slug)


@signed_in
def owners(request, host_slug, reference):
    """Who looks after which section."""
    application = own(request, reference)
    titles, found = section_titles(application), [one.person for one in hands(application)]
    if request.method == "POST":
        picked = {code: request.POST.get(f"owner-{code}", "") for code in titles}
        chosen = {code: int(pk) if pk.isdigit() else None for code, pk in picked.items()}
        words, do = _("Saved."), actions.assign_sections
        return act(request, application, do, words, owners=chosen, now=timezone.now())
    owned = owners_of(found)
    context = {
        "application": application,
        "cohort": application.cohort,
        "people": [one for one in found if rules.may_edit(one.role)],
        "rows": [(code, title, owned.get(code)) for code, title in titles.items()],
        "leads": rules.leads(application.own_role),
    }
    return render(request, "applications/owners.html", context)


@by_link("join")
def join(request, token):
    """Which application, and as what. A POST takes the place, if its address is the reader's."""
    invitation = get_object_or_404(PersonInvitation.objects.for_link(), pk=request.link.subject_id)
    if request.method == "POST" and request.user.is_anonymous:
        return send_code(request, email=invitation.email, next_url=request.path)
    signed_in = request.user.is_authenticated
    theirs = signed_in and accounts.has_verified(request.user, invitation.email)
    context = {
        "invitation": invitation,
        "application": invitation.application,
        "cohort": invitation.application.cohort,
        "theirs": theirs,
    }
    if request.method != "POST" or not theirs:
        status = 403 if request.method == "POST" else 200
        return render(request, "applications/join.html", context, status=status)
    try:
        actions.join_application(invitation=invitation, by=request.user, now=timezone.now())
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("applications:mine", request.host.slug)
    messages.success(request, _("You work on this application now."))
    return to("task_list", invitation.application)
