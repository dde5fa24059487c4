"""Lists that staff keep under a name."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.roles import Permission
from applications import actions
from applications.forms import SaveViewForm
from applications.models import SavedView
from applications.queries.listing import ListQuery
from applications.views.staff import cohort_or_404


@requires(Permission.APPLICATION_VIEW)
def saved_views(request, host_slug, cohort_slug):
    """All that this person sees, and a form for the list whose address was given."""
    cohort, wanted = cohort_or_404(request, cohort_slug), ListQuery.read(request.GET)
    form = SaveViewForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _saved(request, cohort, wanted, form):
        address = reverse("applications:list", args=[host_slug, cohort_slug])
        return redirect(address + wanted.but())
    found = SavedView.objects.of(cohort_slug).visible_to(request.user)
    context = {"cohort": cohort, "saved": found, "form": form, "trail": wanted.but()}
    context["may_share"] = request.membership.may(Permission.APPLICATION_DECIDE)
    status = 422 if form.errors else 200
    return render(request, "applications/saved_views.html", context, status=status)


def _saved(request, cohort, wanted, form):
    shares = form.cleaned_data["is_shared"]
    try:
        actions.save_view(
            cohort=cohort,
            name=form.cleaned_data["name"],
            address=wanted.but(),
            is_shared=shares and request.membership.may(Permission.APPLICATION_DECIDE),
            by=request.user,
            now=timezone.now(),
        )
    except actions.Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The view is saved. It stands beside the others."))
    return True


@requires(Permission.APPLICATION_VIEW)
@require_POST
def remove_view(request, host_slug, cohort_slug):
    """Leads to the list with its filters still on, so that it can be saved again."""
    own = SavedView.objects.of(cohort_slug).of_person(request.user)
    view = get_object_or_404(own, name=request.POST.get("name", ""))
    address, name = view.address, view.name
    actions.remove_view(view=view, by=request.user)
    words = _("“%(name)s” is removed. Its filters are still on: save it again if you miss it.")
    messages.success(request, words % {"name": name})
    return redirect(reverse("applications:list", args=[host_slug, cohort_slug]) + address)
