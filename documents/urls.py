from django.urls import path

from documents import views

app_name = "documents"

urlpatterns = [path("files/jobs/<uuid:job_uuid>/", views.job, name="job")]
