from django.urls import path

from applications.views import people, signing

app_name = "applications_links"

urlpatterns = [
    path("letter/<str:token>/", signing.by_signer, name="letter"),
    path("letter/<str:token>/template/", signing.template, name="letter_template"),
    path("join/<str:token>/", people.join, name="join"),
]
