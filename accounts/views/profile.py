"""A person's own data."""

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from accounts import actions, login_time, queries
from accounts.access import signed_in
from accounts.forms import ProfileForm


@signed_in
def profile(request):
    person = request.user
    own = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    form = ProfileForm(request.POST or None, initial=own)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user=person, **form.cleaned_data)
        messages.success(request, gettext("Your profile is saved."))
        response = redirect("accounts:profile")
        language = form.cleaned_data["language"]
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
        return response
    places = queries.places(person)
    return render(request, "accounts/profile.html", {"form": form, "places": places})


@signed_in
def time_left(request):
    """Seconds until this login ends. A POST counts as use of it, as every page does."""
    return JsonResponse({"seconds": login_time.seconds_left(request)})
