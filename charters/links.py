"""Pages that open by an emailed link."""

from django.urls import path

from charters import views

app_name = "charters_links"

urlpatterns = [path("sign/<str:token>/", views.sign, name="sign")]
