from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        """Each room's `tasks.py` registers the kinds of jobs that it can do."""
        autodiscover_modules("tasks")
