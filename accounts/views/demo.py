"""Signing in with one click, where an installation shows demo data."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import logout
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts import queries
from accounts.access import demo_only
from accounts.models import User
from accounts.views.start import local


@demo_only
@require_POST
def sign_in_as(request, address):
    """Become one of the demo's people, second factor included."""
    user = get_object_or_404(User, email=address, is_active=True)
    logout(request)
    get_adapter().login(request, user)
    record_authentication(request, user, "code", email=user.email)
    record_authentication(request, user, "mfa", type="demo")
    return redirect(local(request.POST.get("next", "")) or queries.demo_home(user))
