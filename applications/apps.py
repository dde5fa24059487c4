from importlib import import_module

from django.apps import AppConfig

from accounts import hidden


class ApplicationsConfig(AppConfig):
    name = "applications"

    def import_models(self) -> None:
        """Also the consent records, whose module nothing else in this room may import."""
        super().import_models()
        import_module("applications.consent.models")

    def ready(self) -> None:
        """Mail, events and the directory show nothing of an application to who has a conflict."""
        hidden.register(import_module("applications.queries.conflicts").hidden_things)
