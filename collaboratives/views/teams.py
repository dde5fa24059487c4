"""A team's home and its people. The cohort's teams for staff."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import requires, signed_in, staff_membership
from accounts.roles import Permission
from collaboratives import actions
from collaboratives.forms.teams import MemberForm
from collaboratives.models import Cohort
from collaboratives.queries import teams as queries
from collaboratives.queries.team_care import welcome
from tenancy.models import AuditEvent


def _page(request, team_slug, *, to_edit=False):
    page = queries.team_page(team_slug, person=request.user, membership=staff_membership(request))
    if to_edit and not page.hand.edits:
        raise PermissionDenied
    return page


def page_to_edit(request, team_slug):
    """A team's page for somebody who may change its roster; 403 for who only reads it."""
    return _page(request, team_slug, to_edit=True)


def _taken(form, refusal):
    words = {
        "email": gettext("%(name)s is on the team with this address."),
        "leadership": gettext("%(name)s holds this place. Change that first."),
    }
    form.add_error(refusal.field, words[refusal.field] % {"name": refusal.who})


@requires(Permission.TEAM_VIEW)
def teams(request, host_slug, cohort_slug):
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    rows = queries.team_rows(cohort, person=request.user, membership=request.membership)
    may_edit = request.membership.may(Permission.TEAM_EDIT)
    context = {"cohort": cohort, "rows": rows, "may_edit": may_edit}
    return render(request, "collaboratives/teams.html", context)


@signed_in
def team_home(request, host_slug, team_slug):
    page = _page(request, team_slug)
    membership = staff_membership(request)
    blueprint = page.team.cohort.program.blueprint
    prework, terms = blueprint.prework, blueprint.team
    context = {
        "page": page,
        "team": page.team,
        "welcome": welcome(page),
        "prework": prework.title if prework else "",
        "asks_for_plans": prework or terms.support_for_lived_experience or terms.compensation_plan,
        "may_end": membership is not None and membership.may(Permission.TEAM_EDIT),
    }
    return render(request, "collaboratives/team_home.html", context)


@signed_in
def members(request, host_slug, team_slug):
    page = _page(request, team_slug)
    context = {"page": page, "team": page.team, "former": queries.former_members(page.team)}
    context["events"] = AuditEvent.objects.about(page.team)[:20]
    return render(request, "collaboratives/members.html", context)


@signed_in
def member_add(request, host_slug, team_slug):
    page = _page(request, team_slug, to_edit=True)
    form = MemberForm(request.POST or None, blueprint=page.team.cohort.program.blueprint)
    if request.method == "POST" and form.is_valid():
        try:
            member = actions.add_member(team=page.team, entry=form.entry(), by=request.user)
        except actions.PlaceTaken as refusal:
            _taken(form, refusal)
        else:
            added = gettext("%(name)s is on the team. Invite them when you are ready.")
            messages.success(request, added % {"name": member.name})
            return redirect("collaboratives:members", host_slug, team_slug)
    context = {"page": page, "team": page.team, "form": form, "member": None}
    return render(request, "collaboratives/member_form.html", context)


@signed_in
def member_edit(request, host_slug, team_slug, pk):
    page = _page(request, team_slug, to_edit=True)
    member = queries.team_member(page, pk)
    blueprint = page.team.cohort.program.blueprint
    form = MemberForm(request.POST or None, blueprint=blueprint, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_member(member=member, entry=form.entry(), by=request.user)
        except actions.PlaceTaken as refusal:
            _taken(form, refusal)
        except actions.LastLead:
            form.add_error("role", gettext("Hand the lead over to somebody else first."))
        else:
            messages.success(request, gettext("The change is saved."))
            return redirect("collaboratives:members", host_slug, team_slug)
    context = {"page": page, "team": page.team, "form": form, "member": member}
    return render(request, "collaboratives/member_form.html", context)


@signed_in
def member_remove(request, host_slug, team_slug, pk):
    page = _page(request, team_slug, to_edit=True)
    member = queries.team_member(page, pk)
    if request.method == "POST":
        try:
            actions.remove_member(member=member, now=now(), by=request.user)
        except actions.LastLead:
            messages.error(request, gettext("Hand the lead over to somebody else first."))
        else:
            gone = gettext("%(name)s has left the team.") % {"name": member.name}
            messages.success(request, gone)
        return redirect("collaboratives:members", host_slug, team_slug)
    context = {"page": page, "team": page.team, "member": member}
    return render(request, "collaboratives/member_remove.html", context)


@signed_in
def hand_over(request, host_slug, team_slug, pk):
    page = _page(request, team_slug, to_edit=True)
    member = queries.team_member(page, pk)
    if request.method == "POST":
        actions.hand_over(member=member, now=now(), by=request.user)
        leads = gettext("%(name)s leads the team now.") % {"name": member.name}
        messages.success(request, leads)
        return redirect("collaboratives:members", host_slug, team_slug)
    context = {"page": page, "team": page.team, "member": member}
    return render(request, "collaboratives/hand_over.html", context)


@signed_in
@require_POST
def member_invite(request, host_slug, team_slug, pk):
    page = _page(request, team_slug, to_edit=True)
    member = actions.invite_member(member=queries.team_member(page, pk), now=now(), by=request.user)
    sent = gettext("We sent %(name)s a link to join. It works for 7 days.")
    messages.success(request, sent % {"name": member.name})
    return redirect("collaboratives:members", host_slug, team_slug)


@signed_in
@require_POST
def member_withdraw(request, host_slug, team_slug, pk):
    page = _page(request, team_slug, to_edit=True)
    actions.withdraw_invitation(member=queries.team_member(page, pk), now=now(), by=request.user)
    messages.success(request, gettext("The link is closed."))
    return redirect("collaboratives:members", host_slug, team_slug)
