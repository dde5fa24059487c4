"""Write to the applicants that were ticked in the list, or to all of a view."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import zones
from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.emails import preview_from_staff
from applications.forms import WordingForm, WriteForm
from applications.models import Application, Mailing, Wording
from applications.queries.listing import ListQuery, listed
from applications.queries.people import editors_by_application
from applications.views.staff import cohort_or_404
from workflow.machine import TransitionNotAllowed

SHOWN = 20  # previews on the page
PER_PAGE = 25


@requires(Permission.MESSAGE_SEND)
def write(request, host_slug, cohort_slug):
    """First the words, then how each reader gets them, then the sending. What was typed stays
    whatever happens."""
    cohort = cohort_or_404(request, cohort_slug)
    picked = _picked(request, cohort)
    if not picked or len(picked) > actions.MOST_AT_ONCE:
        words = _("Select the applications to write to first.")
        if picked:
            words = _("You can write to %(n)s applications at once. Narrow the list first.")
        messages.error(request, words % {"n": actions.MOST_AT_ONCE})
        return redirect("applications:list", host_slug, cohort_slug)
    readers = editors_by_application(picked)
    form, wordings = _forms(request, cohort)
    previews = []
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("subject", "text")}
        if "send" in request.POST and (sent := _sent(request, cohort, form, picked, words)):
            page = "mailings" if form.moment else "list"
            return redirect(f"applications:{page}", host_slug, sent.cohort.slug)
        if "test" in request.POST:
            actions.write_test(application=picked[0], by=request.user, now=timezone.now(), **words)
            messages.success(request, _("We sent one to you."))
        if form.keeps:
            _kept(request, cohort, form, words)
        previews = [
            {"application": one, "person": who, "letter": preview_from_staff(one, who, **words)}
            for one, who in readers[:SHOWN]
        ]
    context = {"cohort": cohort, "picked": picked, "form": form, "previews": previews}
    context |= {"more": len(readers) - len(previews), "zone": zones.name(cohort.time_zone)}
    context |= {"people": len(readers), "wordings": wordings}
    context["moment"] = form.moment if previews else None
    status = 422 if form.errors or wordings.errors else 200
    return render(request, "applications/write.html", context, status=status)


def _picked(request, cohort):
    """What was ticked; or, coming from the list, all that it shows on its pages."""
    given = request.POST if request.method == "POST" else request.GET
    visible = Application.objects.visible_to(request.user, request.membership)
    if request.method == "GET" and "everybody" in given:
        found = listed(cohort, ListQuery.read(given), visible)
        return list(found.for_writing()[: actions.MOST_AT_ONCE + 1])
    return list(visible.picked(cohort.slug, given.getlist("pick")).for_writing())


def _forms(request, cohort):
    """The words that were typed, with kept ones added to them if that was asked for."""
    post = request.POST
    if "use" not in post:
        data = post if "subject" in post else None
        return WriteForm(data, zone=cohort.zone, keeps="keep" in post), WordingForm()
    wordings, typed = WordingForm(post), post.dict()
    if wordings.is_valid():
        kept = wordings.cleaned_data["wording"]
        typed["subject"] = typed.get("subject", "").strip() or kept.subject
        parts = [typed.get("text", "").strip(), kept.text]
        typed["text"] = "\n\n".join(part for part in parts if part)
    return WriteForm(initial=typed, zone=cohort.zone), wordings


def _sent(request, cohort, form, picked, words):
    try:
        mailing = actions.write_to(
            cohort=cohort,
            applications=picked,
            key=form.cleaned_data["key"],
            at=form.moment,
            by=request.user,
            now=timezone.now(),
            **words,
        )
    except actions.Refused as refused:
        form.add_error("day", str(refused))
        return None
    said = ngettext("%(n)s mail written.", "%(n)s mails written.", mailing.mails)
    if form.moment:
        said = _("Planned. It goes out by itself then; until then you can take it back.")
    messages.success(request, said % {"n": mailing.mails})
    return mailing


def _kept(request, cohort, form, words):
    name = form.cleaned_data["keep_as"]
    try:
        actions.keep_wording(cohort=cohort, name=name, by=request.user, now=timezone.now(), **words)
        messages.success(request, _("The words are kept as “%(name)s”.") % {"name": name})
    except actions.Refused as refused:
        form.add_error("keep_as", str(refused))


@requires(Permission.MESSAGE_SEND)
def mailings(request, host_slug, cohort_slug):
    """What was written to applicants of this cohort and what is planned; and the kept words."""
    cohort = cohort_or_404(request, cohort_slug)
    visible = Application.objects.visible_to(request.user, request.membership)
    known = Mailing.objects.of(cohort).known_by(visible)
    page = Paginator(known, PER_PAGE).get_page(request.GET.get("page", 1))
    context = {"cohort": cohort, "page": page, "wordings": Wording.objects.for_list()}
    return render(request, "applications/mailings.html", context)


@requires(Permission.MESSAGE_SEND)
@require_POST
def take_back(request, host_slug, cohort_slug, pk):
    """A planned one does not go out."""
    visible = Application.objects.visible_to(request.user, request.membership)
    cohort = cohort_or_404(request, cohort_slug)
    mailing = get_object_or_404(Mailing.objects.of(cohort).known_by(visible), pk=pk)
    try:
        actions.take_back(mailing=mailing, by=request.user, now=timezone.now())
        messages.success(request, _("Taken back. Nobody gets it; the words stay here."))
    except TransitionNotAllowed:
        messages.error(request, _("It was too late: this mail is already on its way."))
    return redirect("applications:mailings", host_slug, cohort_slug)


@requires(Permission.MESSAGE_SEND)
@require_POST
def remove_wording(request, host_slug, cohort_slug, pk):
    wording = Wording.objects.for_list().filter(pk=pk).first()
    if wording is None:
        raise Http404
    name = wording.name
    actions.remove_wording(wording=wording, by=request.user)
    messages.success(request, _("The words “%(name)s” are removed.") % {"name": name})
    return redirect("applications:mailings", host_slug, cohort_slug)
