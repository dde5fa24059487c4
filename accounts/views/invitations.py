"""The page behind an invitation's link."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts import actions, login_time, queries
from accounts.access import by_link
from accounts.models import Invitation
from accounts.views.start import send_code
from workflow.machine import TransitionNotAllowed


@by_link("invite")
def invitation(request, token):
    """Who invites to what. A POST takes it, if the invited address is the reader's."""
    offer = get_object_or_404(Invitation.objects.waiting().for_list(), pk=request.link.subject_id)
    if request.method == "POST" and request.user.is_anonymous:
        return send_code(request, email=offer.email, next_url=request.path)
    theirs = request.user.is_authenticated and queries.has_verified(request.user, offer.email)
    context = {"invitation": offer, "theirs": theirs, "roles": offer.role_labels}
    if request.method != "POST":
        return render(request, "accounts/invitation.html", context)
    try:
        actions.accept(invitation=offer, now=now(), by=request.user)
    except actions.NotInvited:
        return render(request, "accounts/invitation.html", context, status=403)
    except TransitionNotAllowed:
        raise Http404 from None
    login_time.rotate(request)
    messages.success(request, gettext("Welcome to %(host)s.") % {"host": request.host.name})
    return redirect("collaboratives:staff_home", request.host.slug)
