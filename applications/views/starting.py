"""The check before starting, and the start of an application."""

from allauth.core import ratelimit
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import public, signed_in
from applications import actions, rules
from applications.forms import AskToJoinForm, StartForm
from applications.queries.starting import eligibility, others_applications, suggested
from applications.views.applying import to
from collaboratives.models import Cohort
from collaboratives.queries.programs import public_cohort
from collaboratives.views.public import show


@public
def fit(request, host_slug, cohort_slug):
    """Four plain questions. The answers are in the address only; nothing is kept."""
    page = public_cohort(cohort_slug, host=request.host, now=timezone.now())
    asked = eligibility(page.blueprint, request.GET)
    answered = [one for one in asked if one.answer]
    context = {
        "cohort": page.cohort,
        "asked": asked,
        "contact": page.contact,
        "open": page.window.state == "open",
        "answered": answered,
        "whole": bool(asked) and len(answered) == len(asked),
        "unfit": [one for one in asked if one.answer == "no"],
    }
    return show(request, "applications/fit.html", context)


def cohort_or_404(cohort_slug):
    return get_object_or_404(Cohort.objects.published().for_list(), slug=cohort_slug)


@public
def start(request, host_slug, cohort_slug):
    """Whoever is not signed in gets a code by mail first, and comes back here."""
    cohort = cohort_or_404(cohort_slug)
    if not rules.can_start(cohort, timezone.now()):
        return render(request, "applications/closed.html", {"cohort": cohort})
    if not request.user.is_authenticated:
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('accounts:start')}?{query}")
    form = StartForm(request.POST or None)
    context = {"cohort": cohort, "form": form, "blueprint": cohort.program.blueprint}
    if not (request.method == "POST" and form.is_valid()):
        status = 422 if request.method == "POST" else 200
        return render(request, "applications/start.html", context, status=status)
    data = form.cleaned_data
    name, known = data["organization_name"], form.directory_entry()
    if "recognized" not in request.POST:
        context["suggested"] = suggested(name, city=data["city"], ccn=data["ccn"])
        if context["suggested"]:
            return render(request, "applications/start.html", context)
    others = others_applications(cohort, name, organization=known, person=request.user)
    if "go_on" not in request.POST and others:
        context |= {"another": True, "ask_form": AskToJoinForm(initial={"name": name})}
        return render(request, "applications/start.html", context)
    try:
        application = actions.start(
            cohort=cohort,
            organization_name=known.name if known else name,
            organization=known,
            job=data["job"],
            by=request.user,
            now=timezone.now(),
        )
    except actions.Closed:
        return render(request, "applications/closed.html", {"cohort": cohort})
    return to("task_list", application)


@signed_in
@require_POST
def ask_to_join(request, host_slug, cohort_slug):
    """Mail to whoever began the application of the same organization. The page says the same
    whether there is one or not."""
    cohort = cohort_or_404(cohort_slug)
    if not ratelimit.consume(request, action="ask_to_join", key=request.user.email):
        return ratelimit.respond_429(request)
    form = AskToJoinForm(request.POST)
    if form.is_valid():
        found = others_applications(
            cohort, form.cleaned_data["name"], organization=None, person=request.user
        )
        actions.ask_to_join(
            applications=found,
            message=form.cleaned_data["message"],
            by=request.user,
            now=timezone.now(),
        )
    messages.success(request, _("We passed your request on. You get a mail if they add you."))
    return redirect("applications:mine", host_slug)
