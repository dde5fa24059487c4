"""The page behind a leader's link: what the part asks, and a yes or a no."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import by_link, signed_in
from collaboratives import actions
from collaboratives.forms.teams import NotMeForm
from collaboratives.models import TeamMember
from collaboratives.queries import teams as queries
from collaboratives.views.teams import page_to_edit


@by_link("leader")
def leader(request, token):
    member = get_object_or_404(
        TeamMember.objects.present().leaders().with_program(), pk=request.link.subject_id
    )
    form = NotMeForm(request.POST or None)
    if request.method == "POST" and "yes" in request.POST:
        actions.confirm_leadership(member=member, now=now())
        return redirect("collaboratives_links:leader", token)
    if request.method == "POST" and form.is_valid():
        actions.refuse_leadership(member=member, now=now(), **form.cleaned_data)
        return redirect("collaboratives_links:leader", token)
    context = {
        "member": member,
        "team": member.team,
        "form": form,
        "leadership": member.team.cohort.program.blueprint.team.leadership,
        "replies": member.team.cohort.leader_replies,
    }
    return render(request, "collaboratives/leader.html", context)


@signed_in
@require_POST
def ask_leader(request, host_slug, team_slug, pk):
    page = page_to_edit(request, team_slug)
    member = queries.team_member(page, pk)
    actions.ask_leader(member=member, by=request.user, now=now())
    sent = gettext("We asked %(name)s by email.") % {"name": member.name}
    messages.success(request, sent)
    return redirect("collaboratives:members", host_slug, team_slug)
