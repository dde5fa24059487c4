"""Pages of demo mode. All of them answer 404 outside it."""

from django.urls import path

from config.demo import views

urlpatterns = [
    path("", views.cast, name="demo"),
    path("components/", views.components, name="demo_components"),
]
