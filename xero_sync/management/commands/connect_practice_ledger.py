"""Connect the practice ledger without a browser, and confirm the settings' defaults."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from xero_sync.runs.choices import change_settings
from xero_sync.runs.practice import connect_practice_ledger

# Where make run starts it.
DEFAULT_URL = "http://localhost:8800"


class Command(BaseCommand):
    help = "Connect the practice ledger and confirm the settings with their defaults."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url",
            default=settings.XERO_URL or DEFAULT_URL,
            help=f"where it runs (XERO_URL, else {DEFAULT_URL})",
        )

        parser.add_argument(
            "--organisation", default="", help="its tenant id; the first one otherwise"
        )
        parser.add_argument(
            "--start-again",
            action="store_true",
            help="drop the links to the organisation before, if this is another one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["url"]
        by = Actor.system("connect_practice_ledger")
        try:
            connection = connect_practice_ledger(
                url,
                by=by,
                organisation=options["organisation"],
                again=options["start_again"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        change_settings(
            {
                "email_confirmed": True,
                "address_confirmed": True,
                "invoices_confirmed": True,
            },
            by=by,
        )
        self.stdout.write(f"Connected to {connection.tenant_name} at {url}.")
