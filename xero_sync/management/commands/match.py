"""Match two lists in files, without a database: ours with Xero's."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xero_sync.matching.files.linking import KINDS, link_files
from xero_sync.matching.files.reading import FileRefused


class Command(BaseCommand):
    help = (
        "Find out who is whom in two files: ours as JSON lines, Xero's as its JSON. "
        "Writes a line for each pair: linked by itself (auto), or for a person to "
        "decide (review). Needs no database."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=KINDS, required=True)
        parser.add_argument(
            "--left", type=Path, required=True, metavar="OURS.jsonl", help="our list"
        )
        parser.add_argument(
            "--right", type=Path, required=True, metavar="XERO.json", help="Xero's list"
        )
        parser.add_argument(
            "--out",
            type=Path,
            required=True,
            metavar="LINKS.jsonl",
            help="what is found",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            found = link_files(
                options["kind"], options["left"], options["right"], options["out"]
            )
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{found.ours:,} of ours and {found.theirs:,} of Xero's: {found.auto:,} "
            f"linked, {found.review:,} pairs to decide ({found.asked:,} of ours), "
            f"in {time.monotonic() - started:.1f} seconds. "
            f"Written to {options['out']}."
        )
