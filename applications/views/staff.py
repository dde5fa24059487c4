"""The staff's list of applications and the page on which they read one."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import requires
from accounts.roles import Permission
from applications import rules
from applications.forms import AskForm, BlackOutForm, DecisionForm, NoteForm, OfferAgainForm
from applications.models import Application, Mailing
from applications.queries.asked import questions_to_ask
from applications.queries.deadlines import days_left
from applications.queries.listing import (
    ListQuery,
    chips,
    choices,
    heads,
    neighbours,
    rows,
    sorts,
    tabs,
)
from applications.queries.offers import possible_offers
from applications.queries.places import WITH_OPEN
from applications.queries.reading import reading_page
from applications.queries.reviews import scoring
from applications.queries.staff import (
    board_facts,
    capacity,
    cohort_of_list,
    cohorts_with_counts,
    funnel,
    numbers_of,
)
from applications.states import OPEN, machine
from collaboratives.queries.organizations import known_to
from messaging.queries import about as mails_about
from tenancy.models import AuditEvent


def cohort_or_404(request, cohort_slug):
    """The cohort with the numbers of what this person may know of."""
    cohort = cohort_of_list(cohort_slug, request.user, request.membership)
    if cohort is None:
        raise Http404
    return cohort


def readable_or_404(request, cohort_slug, reference):
    """One application that this member of staff may read. A draft is not there for them."""
    found = Application.objects.readable_to(request.user, request.membership).received()
    return get_object_or_404(found.for_page(), cohort__slug=cohort_slug, reference=reference)


def must_declare(request, cohort_slug, reference):
    """It was given to them to read, and they were not asked yet."""
    known = Application.objects.visible_to(request.user, request.membership).received()
    asked = known.filter(pk__in=known.undeclared(request.user))
    return asked.filter(cohort__slug=cohort_slug, reference=reference).exists()


@requires(Permission.APPLICATION_VIEW)
def listed(request, host_slug, cohort_slug):
    cohort, wanted = cohort_or_404(request, cohort_slug), ListQuery.read(request.GET)
    numbers = numbers_of(cohort)
    may_decide = request.membership.may(Permission.APPLICATION_DECIDE)
    blind = not may_decide and rules.names_hidden(
        request.membership, cohort.program.blueprint.reviewing
    )
    page = rows(
        cohort, wanted, numbers, request.user, request.membership, base=request.path, blind=blind
    )
    if wanted.page > 1 and not page.object_list:
        raise Http404
    context = {
        "cohort": cohort,
        "numbers": numbers,
        "capacity": capacity(cohort),
        "page": page,
        "wanted": wanted,
        "views": tabs(cohort, wanted, numbers),
        "chips": chips(wanted),
        "sorts": sorts(wanted),
        "choices": choices(wanted),
        "heads": heads(wanted, blind=blind),
        "query": wanted.but()[1:],
        "may_decide": may_decide,
        "has_open": wanted.view in WITH_OPEN,
        "read_next": reverse("applications:next_to_read", args=[host_slug, cohort_slug])
        if page.object_list and not may_decide
        else next((one.url for one in page.object_list if one.url), ""),
        "may_export": request.membership.may(Permission.EXPORT),
        "may_research": request.membership.may(Permission.RESEARCH_EXPORT),
        "days": days_left(cohort, timezone.now()),
    }
    return render(request, "applications/list.html", context)


def reading(
    request,
    application,
    *,
    decision_form=None,
    ask_form=None,
    note_form=None,
    again_form=None,
    black_form=None,
    status=200,
):
    """The reading view; also shown again with what was wrong in one of its forms."""
    chosen = {name: getattr(application, name) for name in ("outcome", "feedback")}
    chosen["offered_cohort"] = application.offered_cohort_id
    refusal = application.cohort.program.blueprint.refusal
    now, wanted = timezone.now(), ListQuery.read(request.GET)
    reviewing = application.cohort.program.blueprint.reviewing
    page = reading_page(application, now, blind=rules.names_hidden(request.membership, reviewing))
    visible = Application.objects.visible_to(request.user, request.membership)
    before, after = neighbours(application.cohort, wanted, visible, application)
    may_decide = rules.can_decide(request.membership, application)
    context = {
        **page,
        "before": before,
        "after": after,
        "trail": wanted.but(),
        "reviewing": reviewing,
        "scoring": scoring(
            application,
            request.user,
            request.membership,
            is_open=application.status in OPEN,
        )
        if request.membership.may(Permission.APPLICATION_REVIEW)
        else None,
        "black_form": black_form or BlackOutForm(),
        "may_decide": may_decide,
        "offers": possible_offers(application, page["letters"], now) if may_decide else [],
        "may_judge": request.membership.may(Permission.APPLICATION_DECIDE),
        "may_release": machine.allows("release", application.status),
        "may_begin": machine.allows("begin_review", application.status),
        "may_ask": machine.allows("ask", application.status),
        "decision_form": decision_form or DecisionForm(refusal=refusal, now=now, initial=chosen),
        "ask_form": ask_form
        or AskForm(
            questions=questions_to_ask(application),
            initial={"about_1": request.GET.get("about", "")},
        ),
        "note_form": note_form or NoteForm(),
        "may_offer_again": rules.can_offer_again(request.membership, application),
        "again_form": again_form or OfferAgainForm(),
        "forms": [
            one for one in (decision_form, ask_form, note_form, again_form, black_form) if one
        ],
    }
    return render(request, "applications/read.html", context, status=status)


@requires(Permission.APPLICATION_VIEW)
def read(request, host_slug, cohort_slug, reference):
    if must_declare(request, cohort_slug, reference):
        return redirect("applications:declare", host_slug, cohort_slug, reference)
    return reading(request, readable_or_404(request, cohort_slug, reference))


@requires(Permission.APPLICATION_VIEW)
def log(request, host_slug, cohort_slug, reference):
    application = readable_or_404(request, cohort_slug, reference)
    if rules.names_hidden(request.membership, application.cohort.program.blueprint.reviewing):
        raise Http404  # it says who did what
    context = {"application": application, "cohort": application.cohort}
    context["events"] = AuditEvent.objects.about(application)[:200]
    may_see_mail = request.membership.may(Permission.MESSAGE_VIEW)
    context["mails"] = mails_about(application) if may_see_mail else None
    context["planned"] = Mailing.objects.planned().to(application) if may_see_mail else []
    return render(request, "applications/log.html", context)


@requires(Permission.APPLICATION_VIEW)
def of_organization(request, host_slug, organization_pk):
    """All applications of one organization that this member of staff may read: a part of the
    organization's page, or a page of its own."""
    organization = get_object_or_404(known_to(request.user), pk=organization_pk)
    visible = Application.objects.readable_to(request.user, request.membership)
    context = {"applications": list(visible.of_organization(organization.pk))}
    part = "_of_organization" if request.htmx else "of_organization"
    return render(request, f"applications/{part}.html", context)


@requires(Permission.PROGRAM_VIEW)
def board_numbers(request, host_slug, cohort_slug):
    """Numbers of this room for the cohort's board. Who may not read applications still may
    know how many there are."""
    counted = Application.objects.without_conflict(request.user)
    cohort = get_object_or_404(cohorts_with_counts(counted), slug=cohort_slug)
    may_open = request.membership.may(Permission.APPLICATION_VIEW)
    url = reverse("applications:list", args=[host_slug, cohort_slug]) if may_open else ""
    may_see_teams = request.membership.may(Permission.TEAM_VIEW)
    teams_url = may_see_teams and reverse("collaboratives:teams", args=[host_slug, cohort_slug])
    context = {
        "cohort": cohort,
        "funnel": funnel(cohort, url, teams_url),
        "facts": board_facts(cohort, url),
        "capacity": capacity(cohort),
        "may_open": may_open,
    }
    return render(request, "applications/_board_numbers.html", context)
