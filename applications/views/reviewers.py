"""Who reads what: the load of each reader, and applications given by hand or shared out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import ExpertiseForm, ReaderForm, ReviewsShownForm, ShareForm
from applications.models import Application
from applications.queries.reviewers import open_rows, readers_of_host, topics_of
from collaboratives import actions as hub
from collaboratives.models import Cohort


def cohort_or_404(cohort_slug):
    return get_object_or_404(Cohort.objects.for_list(), slug=cohort_slug)


def people_of(readers):
    return [one.person for one in readers]


def page(request, cohort, *, share_form=None, status=200):
    visible = Application.objects.visible_to(request.user, request.membership)
    readers, topics = readers_of_host(cohort), topics_of(cohort)
    reviewing = cohort.program.blueprint.reviewing
    names = dict(topics)
    shown = cohort.reviews_shown or (reviewing.others if reviewing else "")
    context = {
        "cohort": cohort,
        "reviewing": reviewing,
        "readers": [
            (one, ", ".join(names.get(code, code) for code in one.topics)) for one in readers
        ],
        "rows": open_rows(visible, cohort),
        "share_form": share_form or ShareForm(people=people_of(readers)),
        "shown_form": ReviewsShownForm(initial={"shown": shown}),
    }
    return render(request, "applications/reviewers.html", context, status=status)


@requires(Permission.APPLICATION_DECIDE)
def reviewers(request, host_slug, cohort_slug):
    """A POST gives the ticked applications to one reader, or shares them out."""
    cohort = cohort_or_404(cohort_slug)
    if request.method != "POST":
        return page(request, cohort)
    form = ShareForm(request.POST, people=people_of(readers_of_host(cohort)))
    visible = Application.objects.visible_to(request.user, request.membership)
    picked = list(visible.picked(cohort.slug, request.POST.getlist("pick")))
    if not picked:
        messages.error(request, _("Select the applications first."))
        return redirect("applications:reviewers", host_slug, cohort_slug)
    if not form.is_valid():
        return page(request, cohort, share_form=form, status=422)
    if form.cleaned_data["how"] == "hand":
        _by_hand(request, cohort, picked, form.person)
    else:
        _shared(request, cohort, picked, by_topic=form.cleaned_data["how"] == "topic")
    return redirect("applications:reviewers", host_slug, cohort_slug)


def _by_hand(request, cohort, picked, person):
    """The same act as from the list; one mail to the reader."""
    results = actions.assign_each(
        cohort=cohort, applications=picked, reviewer=person, by=request.user, now=timezone.now()
    )
    given = sum(not one.refused for one in results)
    if given:
        words = ngettext(
            "%(n)s application given to %(name)s.", "%(n)s applications given to %(name)s.", given
        )
        messages.success(request, words % {"n": given, "name": person})
    for one in results:
        if one.refused:
            messages.warning(request, f"{one.application.organization_name}: {one.refused}")


def _shared(request, cohort, picked, *, by_topic):
    given = actions.share_out(
        cohort=cohort, applications=picked, by_topic=by_topic, by=request.user, now=timezone.now()
    )
    if given:
        words = ngettext("%(n)s place filled.", "%(n)s places filled.", len(given))
        messages.success(request, words % {"n": len(given)})
    else:
        messages.warning(request, _("Nobody is free for these, or each has its readers."))


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def reviews_shown(request, host_slug, cohort_slug):
    """Who may see others' scores, in this cohort, from now on."""
    cohort, form = cohort_or_404(cohort_slug), ReviewsShownForm(request.POST)
    if form.is_valid():
        hub.show_reviews(cohort=cohort, shown=form.cleaned_data["shown"], by=request.user)
        messages.success(request, _("Saved. It holds from now on."))
    return redirect("applications:reviewers", host_slug, cohort_slug)


@requires(Permission.APPLICATION_DECIDE)
def expertise(request, host_slug, cohort_slug, pk):
    """What one reader knows well."""
    cohort = cohort_or_404(cohort_slug)
    readers = {one.person.pk: one for one in readers_of_host(cohort)}
    if pk not in readers:
        raise Http404
    reader = readers[pk]
    form = ExpertiseForm(
        request.POST if request.method == "POST" else None,
        topics=topics_of(cohort),
        initial={"topics": list(reader.topics)},
    )
    if request.method == "POST" and form.is_valid():
        actions.set_expertise(
            person=reader.person,
            topics=form.cleaned_data["topics"],
            cohort=cohort,
            by=request.user,
        )
        return redirect("applications:reviewers", host_slug, cohort_slug)
    context = {"cohort": cohort, "reader": reader, "form": form}
    return render(request, "applications/expertise.html", context)


@requires(Permission.APPLICATION_DECIDE)
@require_POST
def unassign(request, host_slug, cohort_slug, reference):
    visible = Application.objects.visible_to(request.user, request.membership).for_page()
    application = get_object_or_404(visible, cohort__slug=cohort_slug, reference=reference)
    people = people_of(readers_of_host(application.cohort))
    form = ReaderForm({"reader": request.POST.get("take", "")}, people=people)
    if form.is_valid():
        person = form.person
        actions.unassign(application=application, reviewer=person, by=request.user)
        messages.success(request, _("%(name)s does not read it any more.") % {"name": person})
    return redirect("applications:reviewers", host_slug, cohort_slug)
