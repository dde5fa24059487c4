from django.urls import URLPattern

app_name = "collaboratives_links"

urlpatterns: list[URLPattern] = []
