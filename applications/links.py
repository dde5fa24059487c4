from django.urls import URLPattern, URLResolver

app_name = "applications_links"

urlpatterns: list[URLPattern | URLResolver] = []
