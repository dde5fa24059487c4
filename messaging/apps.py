from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        """Each room's `tasks.py` registers what it reminds of."""
        autodiscover_modules("tasks")
