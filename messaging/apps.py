from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        """Each room's `reminders.py` registers what is to be reminded of."""
        autodiscover_modules("reminders")
