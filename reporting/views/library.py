"""The network's library: search, and one page for each tested change that is shared."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import public, signed_in, staff_membership
from accounts.models import Membership
from accounts.roles import Permission
from collaboratives.queries.measures import member_of
from reporting import actions, rules
from reporting.forms.comments import CommentForm
from reporting.forms.library import address_of, wanted_from
from reporting.models import ChangeTested, Dissemination, LibraryComment
from reporting.queries import comments as comment_queries
from reporting.queries import library as queries
from reporting.queries import public as public_queries


def place_of(request: HttpRequest) -> Membership | None:
    """The reader's membership. A public page is only promised it: nobody's must become None."""
    return (staff_membership(request) or None) if request.user.is_authenticated else None


def decides(membership: Membership | None) -> bool:
    """Whether they say the host's yes to public pages."""
    return membership is not None and membership.may(Permission.TEAM_EDIT)


def outside(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page for everybody. It has no form, so a visitor needs no cookie for its seal."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        context["csrf_token"] = ""
    return render(request, template, context)


@public
def library(request: HttpRequest, host_slug: str) -> HttpResponse:
    """What the reader's teams may read; for everybody else, what is public."""
    known = request.user.is_authenticated
    membership = place_of(request)
    if not known or not queries.may_open(request.user, membership):
        pages = [(one, public_queries.shown(one.content)) for one in public_queries.open_pages()]
        return outside(request, "reporting/library/public_library.html", {"pages": pages})
    wanted = wanted_from(request.GET)
    found = queries.readable(request.user, membership)
    context = {
        "wanted": wanted,
        "choices": queries.choices_of(found),
        "page": queries.search(found, wanted, page=request.GET.get("page", "1")),
        "query": address_of(wanted),
        "to_decide": public_queries.pages_to_decide() if decides(membership) else [],
        "today": timezone.now().date(),
    }
    return render(request, "reporting/library/library.html", context)


def may_open_item(request: HttpRequest, pk: int) -> ChangeTested | None:
    found = ChangeTested.objects.readable_by(request.user, place_of(request)).with_team()
    return found.filter(pk=pk).first()


def open_item(request: HttpRequest, pk: int) -> ChangeTested:
    """What is not shared with this reader and what is not there are the same page."""
    change = may_open_item(request, pk)
    if change is None:
        raise Http404
    return change


@public
def item(request: HttpRequest, host_slug: str, pk: int) -> HttpResponse:
    """For readers of the network all of it; for everybody else what both sides said yes to. A
    visitor is asked to sign in for what is private and for what is not there alike."""
    known = request.user.is_authenticated
    if known and (change := may_open_item(request, pk)) is not None:
        return shown(request, change, CommentForm())
    page = public_queries.open_page(pk)
    if page is not None:
        context = {"shown": public_queries.shown(page.content), "page": page}
        return outside(request, "reporting/library/public_item.html", context)
    if known:
        raise Http404
    return redirect_to_login(request.get_full_path())


def shown(
    request: HttpRequest, change: ChangeTested, form: CommentForm, *, status: int = 200
) -> HttpResponse:
    membership = place_of(request)
    member = member_of(change.team, request.user)
    comments = comment_queries.comments_of(change)
    may_comment = comment_queries.may_comment(request.user, membership)
    named = comment_queries.can_be_named(change, request.user) if may_comment else []
    context = {
        "item": queries.item(change, request.user, membership),
        "change": change,
        "team": change.team,
        "own": member is not None,
        "told": list(Dissemination.objects.filter(change=change).may_be_named().for_list()),
        "may_publish": rules.is_lead(member) or decides(membership),
        "is_public": public_queries.open_page(change.pk) is not None,
        "can_write": rules.can_write(member),
        "today": timezone.now().date(),
        "comments": [
            (one, rules.can_remove(one, request.user, member, membership)) for one in comments
        ],
        "form": form if may_comment else None,
        "named": [one.name for one in named],
        "teams": queries.teams_to_adapt_in(change, request.user),
    }
    return render(request, "reporting/library/item.html", context, status=status)


@signed_in
@require_POST
def adapt(request: HttpRequest, host_slug: str, pk: int) -> HttpResponse:
    """Begin a test of one's own from this one."""
    change = open_item(request, pk)
    teams = {team.slug: team for team in queries.teams_to_adapt_in(change, request.user)}
    team = teams.get(request.POST.get("team", ""))
    if team is None:
        raise PermissionDenied
    begun = actions.adapt(change=change, team=team, now=timezone.now(), by=request.user)
    messages.success(request, _("It is among your changes now. Write your own plan and day."))
    return redirect("reporting:change_edit", host_slug, team.slug, begun.pk)


@signed_in
@require_POST
def comment(request: HttpRequest, host_slug: str, pk: int) -> HttpResponse:
    change = open_item(request, pk)
    if not comment_queries.may_comment(request.user, place_of(request)):
        raise PermissionDenied
    form = CommentForm(request.POST)
    if not form.is_valid():
        return shown(request, change, form, status=422)
    text = form.cleaned_data["text"]
    written = actions.comment(change=change, text=text, now=timezone.now(), by=request.user)
    page = reverse("reporting:item", args=[host_slug, pk])
    return redirect(f"{page}#comment-{written.pk}")


@signed_in
@require_POST
def remove_comment(request: HttpRequest, host_slug: str, pk: int, number: int) -> HttpResponse:
    change = open_item(request, pk)
    one = get_object_or_404(LibraryComment.objects.standing(), change=change, pk=number)
    member = member_of(change.team, request.user)
    if not rules.can_remove(one, request.user, member, place_of(request)):
        raise PermissionDenied
    actions.remove_comment(comment=one, now=timezone.now(), by=request.user)
    messages.success(request, _("The comment is removed."))
    return redirect("reporting:item", host_slug, pk)
