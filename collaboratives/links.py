from django.urls import URLPattern, path

from collaboratives.views import invitations, leadership

app_name = "collaboratives_links"

urlpatterns: list[URLPattern] = [
    path("member/<str:token>/", invitations.invitation, name="invitation"),
    path("leader/<str:token>/", leadership.leader, name="leader"),
]
