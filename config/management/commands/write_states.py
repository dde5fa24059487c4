"""Write docs/states.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import states_doc


class Command(BaseCommand):
    help = "Write docs/states.md from the state tables of all rooms."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "states.md").write_text(states_doc.text())
