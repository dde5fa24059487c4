from django.urls import path

from accounts.views import invitations

app_name = "accounts_links"

urlpatterns = [path("invite/<str:token>/", invitations.invitation, name="invitation")]
