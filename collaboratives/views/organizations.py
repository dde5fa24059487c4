"""The organization directory, for staff."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives import actions
from collaboratives.models import UNDO_MERGE, OrganizationMerge
from collaboratives.queries import organizations as queries
from collaboratives.queries import teams as team_queries


@requires(Permission.PROGRAM_VIEW)
def organizations(request, host_slug):
    words = request.GET.get("q", "")
    page = queries.organizations(reader=request.user, words=words, page=request.GET.get("page", 1))
    may_merge = request.membership.may(Permission.PROGRAM_EDIT)
    context = {
        "page": page,
        "words": words,
        "alike": queries.alike(request.user)[:10] if may_merge and not words else [],
        "querystring": urlencode({"q": words}) if words else "",
    }
    return render(request, "collaboratives/organizations.html", context)


@requires(Permission.PROGRAM_VIEW)
def organization(request, host_slug, pk):
    organization = get_object_or_404(queries.known_to(request.user), pk=pk)
    if organization.merged_into_id:
        return redirect("collaboratives:organization", host_slug, organization.merged_into_id)
    may_edit = request.membership.may(Permission.PROGRAM_EDIT)
    merges = list(OrganizationMerge.objects.of(organization))
    context = {
        "organization": organization,
        "teams": team_queries.teams_of_organization(pk),
        "events": queries.events_for(request.user).about(organization)[:20],
        "merges": merges,
        "may_undo": may_edit and bool(merges) and now() <= merges[0].merged_at + UNDO_MERGE,
        "may_read": request.membership.may(Permission.APPLICATION_VIEW),
    }
    return render(request, "collaboratives/organization.html", context)


@requires(Permission.PROGRAM_EDIT)
def merge(request, host_slug, pk, other_pk):
    """Two entries side by side, with what hangs on each; a POST makes `other` part of the first."""
    found = queries.known_to(request.user).present()
    kept, gone = get_object_or_404(found, pk=pk), get_object_or_404(found, pk=other_pk)
    if request.method == "POST":
        try:
            actions.merge_organizations(kept=kept, gone=gone, now=now(), by=request.user)
            messages.success(request, _("Merged. You can take it back for one day."))
        except actions.CannotMerge as refused:
            messages.error(request, str(refused))
        return redirect("collaboratives:organization", host_slug, pk)
    columns = [{"entry": one, "hanging": queries.hanging_on(one)} for one in (kept, gone)]
    context = {"kept": kept, "gone": gone, "columns": columns}
    return render(request, "collaboratives/merge.html", context)


@requires(Permission.PROGRAM_EDIT)
@require_POST
def undo_merge(request, host_slug, pk):
    organization = get_object_or_404(queries.known_to(request.user).present(), pk=pk)
    last = OrganizationMerge.objects.of(organization).first()
    try:
        if last is not None:
            actions.undo_merge(merge=last, now=now(), by=request.user)
            messages.success(request, _("The merge is taken back."))
    except actions.CannotMerge as refused:
        messages.error(request, str(refused))
    return redirect("collaboratives:organization", host_slug, pk)
