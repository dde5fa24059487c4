"""The people of a host."""

from django.urls import path

from accounts.views import people

app_name = "accounts_host"

urlpatterns = [
    path("staff/people/", people.people, name="people"),
    path("staff/people/invite/", people.invite, name="invite"),
    path("staff/people/<int:pk>/", people.member, name="member"),
    path("staff/people/<int:pk>/end/", people.end, name="end"),
    path("staff/people/invitations/<int:pk>/resend/", people.resend, name="resend"),
    path("staff/people/invitations/<int:pk>/revoke/", people.revoke, name="revoke"),
]
