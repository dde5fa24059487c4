from django.urls import path

from applications.views import letters

app_name = "applications_links"

urlpatterns = [path("letter/<str:token>/", letters.by_signer, name="letter")]
