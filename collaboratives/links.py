from django.urls import URLPattern, path

from collaboratives.views import invitations

app_name = "collaboratives_links"

urlpatterns: list[URLPattern] = [
    path("member/<str:token>/", invitations.invitation, name="invitation"),
]
