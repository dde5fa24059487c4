from django.urls import URLPattern, URLResolver

app_name = "collaboratives"

urlpatterns: list[URLPattern | URLResolver] = []
