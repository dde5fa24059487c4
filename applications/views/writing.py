"""Write to the applicants that were ticked in the list."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import zones
from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.emails import preview_from_staff
from applications.forms import WriteForm
from applications.models import Application
from applications.views.staff import cohort_or_404

SHOWN = 20  # previews on the page


@requires(Permission.MESSAGE_SEND)
def write(request, host_slug, cohort_slug):
    """First the words, then how each reader gets them, then the sending. What was typed stays
    whatever happens."""
    cohort = cohort_or_404(request, cohort_slug)
    given = request.POST if request.method == "POST" else request.GET
    visible = Application.objects.visible_to(request.user, request.membership)
    picked = list(visible.picked(cohort.slug, given.getlist("pick")).for_writing())
    if not picked:
        messages.error(request, _("Select the applications to write to first."))
        return redirect("applications:list", host_slug, cohort_slug)
    form = WriteForm(request.POST if "subject" in request.POST else None, zone=cohort.zone)
    previews = []
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("subject", "text")}
        if "send" in request.POST and _sent(request, form, picked, words):
            return redirect("applications:list", host_slug, cohort_slug)
        if "test" in request.POST:
            actions.write_test(application=picked[0], by=request.user, now=timezone.now(), **words)
            messages.success(request, _("We sent one to you."))
        previews = [
            {"application": one, "letter": preview_from_staff(one, one.lead, **words)}
            for one in picked[:SHOWN]
        ]
    context = {"cohort": cohort, "picked": picked, "form": form, "previews": previews}
    context |= {"more": len(picked) - len(previews), "zone": zones.name(cohort.time_zone)}
    return render(request, "applications/write.html", context, status=422 if form.errors else 200)


def _sent(request, form, picked, words):
    try:
        count = actions.write_to(
            applications=picked,
            key=form.cleaned_data["key"],
            at=form.moment,
            by=request.user,
            now=timezone.now(),
            **words,
        )
    except actions.Refused as refused:
        form.add_error("day", str(refused))
        return False
    messages.success(
        request, ngettext("%(n)s mail written.", "%(n)s mails written.", count) % {"n": count}
    )
    return True
