from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from documents import work


class Command(BaseCommand):
    help = "Do due jobs now, for when the broker is down for long. Run it as the worker's role."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{work.run_due_jobs(now=timezone.now())} done")
