"""Programs of a host and their cohorts, for staff who run them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from collaboratives import actions
from collaboratives.blueprints import keys
from collaboratives.forms.programs import CohortForm, ProgramForm
from collaboratives.models import Cohort, Program
from collaboratives.queries import programs as queries
from tenancy.models import AuditEvent


@requires(Permission.PROGRAM_EDIT)
def blueprints(request, host_slug):
    """What can be adopted, and what has been."""
    return render(request, "collaboratives/blueprints.html", {"shipped": queries.shipped()})


@requires(Permission.PROGRAM_EDIT)
@require_POST
def adopt(request, host_slug, key):
    if key not in keys():
        raise Http404
    program = actions.adopt_blueprint(host_id=request.host.pk, key=key, now=now(), by=request.user)
    messages.success(request, gettext("The program is yours. Now plan its first cohort."))
    return redirect("collaboratives:program", host_slug, program.slug)


@requires(Permission.PROGRAM_EDIT)
def program(request, host_slug, program_slug):
    """One program: what it is, its settings, its cohorts."""
    program = get_object_or_404(Program.objects.for_list(), slug=program_slug)
    form = ProgramForm(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        actions.edit_program(program=program, by=request.user, **form.settings())
        messages.success(request, gettext("The program is saved."))
        return redirect("collaboratives:program", host_slug, program_slug)
    context = {
        "program": program,
        "blueprint": program.blueprint,
        "form": form,
        "cohorts": queries.cohorts_of(program),
        "events": AuditEvent.objects.about(program)[:20],
    }
    return render(request, "collaboratives/program.html", context)


@requires(Permission.PROGRAM_EDIT)
def plan_cohort(request, host_slug, program_slug):
    program = get_object_or_404(Program.objects.for_list(), slug=program_slug)
    form = CohortForm(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        cohort = actions.plan_cohort(program=program, plan=form.plan(), by=request.user)
        messages.success(request, gettext("The cohort is planned. Check it, then make it public."))
        return redirect("collaboratives:setup", host_slug, cohort.slug)
    context = {"program": program, "blueprint": program.blueprint, "form": form, "cohort": None}
    return render(request, "collaboratives/plan_cohort.html", context)


@requires(Permission.PROGRAM_EDIT)
def setup(request, host_slug, cohort_slug):
    """One cohort: dates, window, seats, switches, and whether it is public."""
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    form = CohortForm(request.POST or None, program=cohort.program, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        cohort = actions.change_cohort(cohort=cohort, plan=form.plan(), by=request.user)
        messages.success(request, gettext("The cohort is saved."))
        return redirect("collaboratives:setup", host_slug, cohort.slug)
    context = {
        "cohort": cohort,
        "program": cohort.program,
        "blueprint": cohort.program.blueprint,
        "form": form,
        "events": AuditEvent.objects.about(cohort)[:20],
        **queries.closing(cohort),
    }
    return render(request, "collaboratives/setup.html", context)


@requires(Permission.PROGRAM_EDIT)
@require_POST
def publish(request, host_slug, cohort_slug):
    cohort = get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)
    try:
        actions.publish_cohort(cohort=cohort, now=now(), by=request.user)
    except actions.NotReady:
        messages.error(request, gettext("Set when applications open and close first."))
    else:
        messages.success(request, gettext("The page is public now."))
    return redirect("collaboratives:setup", host_slug, cohort.slug)
