"""The people who work for a host. For owners."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts import actions, login_time, queries
from accounts.access import after_step_up, requires
from accounts.forms import InviteForm, RolesForm
from accounts.models import Invitation, Membership
from accounts.roles import Permission
from tenancy.models import AuditEvent
from workflow.machine import TransitionNotAllowed


@requires(Permission.PEOPLE_MANAGE)
def people(request, host_slug):
    return render(request, "accounts/people.html", {"people": queries.people()})


@requires(Permission.PEOPLE_MANAGE)
@after_step_up
def invite(request, host_slug):
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(
                host_id=request.host.pk,
                language=request.LANGUAGE_CODE,
                now=now(),
                by=request.user,
                **form.cleaned_data,
            )
        except actions.AlreadyStaff:
            form.add_error("email", gettext("This person works for you already."))
        else:
            sent = gettext("We sent an invitation to %(email)s.") % form.cleaned_data
            messages.success(request, sent)
            return redirect("accounts_host:people", host_slug)
    return render(request, "accounts/invite.html", {"form": form})


@requires(Permission.PEOPLE_MANAGE)
@require_POST
def resend(request, host_slug, pk):
    invitation = get_object_or_404(Invitation.objects.for_list(), pk=pk)
    try:
        actions.resend(
            invitation=invitation, language=request.LANGUAGE_CODE, now=now(), by=request.user
        )
    except TransitionNotAllowed:
        messages.error(request, gettext("This invitation is no longer open."))
    else:
        messages.success(request, gettext("We sent a new link. The old one is closed."))
    return redirect("accounts_host:people", host_slug)


@requires(Permission.PEOPLE_MANAGE)
@require_POST
def revoke(request, host_slug, pk):
    invitation = get_object_or_404(Invitation.objects.for_list(), pk=pk)
    try:
        actions.revoke(invitation=invitation, now=now(), by=request.user)
    except TransitionNotAllowed:
        messages.error(request, gettext("This invitation is no longer open."))
    else:
        messages.success(request, gettext("The invitation is withdrawn. Its link is closed."))
    return redirect("accounts_host:people", host_slug)


@requires(Permission.PEOPLE_MANAGE)
@after_step_up
def member(request, host_slug, pk):
    """One person: roles and history."""
    member = get_object_or_404(Membership.objects.for_list(), pk=pk)
    form = RolesForm(request.POST or None, initial={"roles": member.roles})
    if request.method == "POST" and form.is_valid():
        try:
            roles = form.cleaned_data["roles"]
            actions.change_roles(membership=member, roles=roles, now=now(), by=request.user)
        except actions.LastOwner:
            form.add_error("roles", gettext("There must be at least one owner."))
        else:
            if member.user == request.user:
                login_time.rotate(request)
            messages.success(request, gettext("The roles are saved."))
            return redirect("accounts_host:people", host_slug)
    events = AuditEvent.objects.about(member)
    return render(
        request, "accounts/member.html", {"member": member, "form": form, "events": events}
    )


@requires(Permission.PEOPLE_MANAGE)
@after_step_up
def end(request, host_slug, pk):
    member = get_object_or_404(Membership.objects.present().for_list(), pk=pk)
    if request.method == "POST":
        try:
            actions.end_membership(membership=member, now=now(), by=request.user)
        except actions.LastOwner:
            messages.error(request, gettext("There must be at least one owner."))
        else:
            messages.success(request, gettext("This person no longer has access."))
        return redirect("accounts_host:people", host_slug)
    return render(request, "accounts/end.html", {"member": member})
