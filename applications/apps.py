from importlib import import_module

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"

    def import_models(self) -> None:
        """Also the consent records, whose module nothing else in this room may import."""
        super().import_models()
        import_module("applications.consent.models")
