"""Fill an empty installation with the demo hosts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.load import load
from tenancy.models import Host


class Command(BaseCommand):
    help = "Load the invented hosts, people and cohorts of the demo into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        if Host.objects.exists():
            raise CommandError("There are hosts already. The demo goes into an empty database.")
        load(now=timezone.now())
