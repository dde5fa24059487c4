from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from documents.sweeping import sweep


class Command(BaseCommand):
    help = "Remove stored files that no row knows; fail when a row's file is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep(now=timezone.now())
        self.stdout.write(f"{len(swept.cleared)} files without a row removed")
        if swept.missing:
            raise CommandError("files missing: " + ", ".join(map(str, swept.missing)))
