"""The page behind a team's invitation link."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts import queries as people
from accounts.access import by_link
from accounts.views.start import send_code
from collaboratives import actions
from collaboratives.models import TeamMember


@by_link("member")
def invitation(request, token):
    """Which team, and as what. A POST takes the place, if its address is the reader's. Who has
    taken it is led to the team."""
    member = get_object_or_404(TeamMember.objects.present().with_team(), pk=request.link.subject_id)
    if member.user_id is not None:
        if member.user_id != request.user.pk:
            raise Http404
        return redirect("collaboratives:team_home", request.host.slug, member.team.slug)
    if request.method == "POST" and request.user.is_anonymous:
        return send_code(request, email=member.email, next_url=request.path)
    theirs = request.user.is_authenticated and people.has_verified(request.user, member.email)
    context = {"member": member, "team": member.team, "theirs": theirs}
    if request.method != "POST":
        return render(request, "collaboratives/invitation.html", context)
    if not theirs:
        return render(request, "collaboratives/invitation.html", context, status=403)
    try:
        actions.join(member=member, now=now(), by=request.user)
    except actions.NotInvited:
        raise Http404 from None
    messages.success(request, gettext("You are on the team now."))
    return redirect("collaboratives:team_home", request.host.slug, member.team.slug)
