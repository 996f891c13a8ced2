"""Write the files of a made-up trades company, and its accountant's books."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from fieldops.demo.company import make_company
from fieldops.demo.files import write_files


class Command(BaseCommand):
    help = (
        "Write contacts.csv, suppliers.csv, items.csv, invoices.csv and ledger.json (the "
        "accountant's books) of a made-up trades company into a folder."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--contacts", type=int, default=300)
        parser.add_argument("--items", type=int, default=150)
        parser.add_argument("--invoices", type=int, default=600)
        parser.add_argument(
            "--today", type=date.fromisoformat, help="YYYY-MM-DD; the last day of sales"
        )

    def handle(
        self,
        *args: Any,
        folder: Path,
        seed: int,
        contacts: int,
        items: int,
        invoices: int,
        today: date | None,
        **options: Any,
    ) -> None:
        company = make_company(
            seed,
            today or timezone.localdate(),
            contacts=contacts,
            items=items,
            invoices=invoices,
        )
        for path in write_files(company, folder).values():
            self.stdout.write(str(path))
        self.stdout.write("Planted on purpose:")
        for flaw in company.flaws:
            self.stdout.write(f"  {flaw}")
