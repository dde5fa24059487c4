from importlib import import_module

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"

    def ready(self) -> None:
        """Registers the drawing of blank forms. It uses the page's steps, which no tasks.py may."""
        import_module("questionnaires.paper.printing")
