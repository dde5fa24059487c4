"""Staff always give a second factor: a code of an app on their phone."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from accounts import queries
from accounts.access import proved_recently, signed_in, used_second_factor


@signed_in
def second_factor(request):
    """Ask for the code, or have it set up first; then go on to where the person wanted to be."""
    if used_second_factor(request):
        return redirect(request.session.pop("after_second_factor", "home"))
    if queries.has_second_factor(request.user):
        here = urlencode({"next": reverse("accounts:second_factor")})
        return redirect(f"{reverse('mfa_reauthenticate')}?{here}")
    return render(request, "accounts/second_factor.html")


@signed_in
def second_factor_done(request):
    """The recovery codes, shown right after the set-up."""
    if not (used_second_factor(request) and proved_recently(request)):
        return redirect("accounts:second_factor")
    codes = queries.recovery_codes(request.user)
    return render(request, "accounts/second_factor_done.html", {"codes": codes})


class _Activate(ActivateTOTPView):
    """allauth's own set-up, and the code that was typed there counts for this login."""

    success_url = reverse_lazy("accounts:second_factor_done")

    def get_success_url(self):
        return str(self.success_url)

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, "mfa", type="totp", reauthenticated=True
        )
        return response


activate = signed_in(_Activate.as_view())
