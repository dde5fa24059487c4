"""The network's library: search, and one page for each tested change that is shared."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import signed_in, staff_membership
from collaboratives.queries.measures import member_of
from reporting import rules
from reporting.forms.library import address_of, wanted_from
from reporting.models import ChangeTested
from reporting.queries import library as queries


@signed_in
def library(request: HttpRequest, host_slug: str) -> HttpResponse:
    membership = staff_membership(request)
    if not queries.may_open(request.user, membership):
        raise Http404
    wanted = wanted_from(request.GET)
    found = queries.readable(request.user, membership)
    context = {
        "wanted": wanted,
        "choices": queries.choices_of(found),
        "page": queries.search(found, wanted, page=request.GET.get("page", "1")),
        "query": address_of(wanted),
        "today": timezone.now().date(),
    }
    return render(request, "reporting/library/library.html", context)


@signed_in
def item(request: HttpRequest, host_slug: str, pk: int) -> HttpResponse:
    """What is not shared with this reader and what is not there are the same page."""
    membership = staff_membership(request)
    found = ChangeTested.objects.readable_by(request.user, membership).with_team()
    change = get_object_or_404(found, pk=pk)
    member = member_of(change.team, request.user)
    context = {
        "item": queries.item(change, request.user, membership),
        "change": change,
        "team": change.team,
        "own": member is not None,
        "can_write": rules.can_write(member),
        "today": timezone.now().date(),
    }
    return render(request, "reporting/library/item.html", context)
