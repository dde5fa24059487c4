"""The organization directory, for staff."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render

from accounts.access import requires
from accounts.roles import Permission
from collaboratives.models import Organization
from collaboratives.queries import organizations as queries
from collaboratives.queries import teams as team_queries
from tenancy.models import AuditEvent


@requires(Permission.PROGRAM_VIEW)
def organizations(request, host_slug):
    words = request.GET.get("q", "")
    page = queries.organizations(words=words, page=request.GET.get("page", 1))
    context = {
        "page": page,
        "words": words,
        "querystring": urlencode({"q": words}) if words else "",
    }
    return render(request, "collaboratives/organizations.html", context)


@requires(Permission.PROGRAM_VIEW)
def organization(request, host_slug, pk):
    organization = get_object_or_404(Organization.objects.for_list(), pk=pk)
    context = {
        "organization": organization,
        "teams": team_queries.teams_of_organization(pk),
        "events": AuditEvent.objects.about(organization)[:20],
    }
    return render(request, "collaboratives/organization.html", context)
