from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from messaging import delivery


class Command(BaseCommand):
    help = "Send due mail now, for when the broker is down for long. Run it as the worker's role."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{delivery.deliver_due(now=timezone.now())} sent")
