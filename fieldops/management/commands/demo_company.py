"""Fill an empty database with a made-up trades company, by the roads everybody uses."""

import random
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.common.models import Company
from fieldops.common.permissions import Role
from fieldops.common.services import change_company
from fieldops.demo import company as demo
from fieldops.demo.files import write_files
from fieldops.imports.kinds import KINDS, import_file
from fieldops.users.demo import DEMO_PASSWORD, DEMO_PEOPLE
from fieldops.users.models import User
from fieldops.users.services import create_user
from invoicing.models import InvoicingSettings
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.chart import put_account, put_tax_rate
from invoicing.services.lines import LineValues
from invoicing.services.write_draft import create_invoice
from invoicing.starter_chart import ACCOUNTS, TAX_RATES
from stock.models import StockItem
from stock.services import change_item

BY = Actor.system("demo company")
NAMES = {
    "administrator": ("Ada", "Thorne"),
    "office": ("Olive", "Pemberton"),
    "engineer": ("Errol", "Nightingale"),
    "accountant": ("Agnes", "Calder"),
}


class Command(BaseCommand):
    help = (
        "Make the demo company: people, records of a year, drafts. For empty databases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--reset", action="store_true", help="delete every record first (demo only)"
        )

    def handle(self, *args: Any, seed: int, reset: bool, **options: Any) -> None:
        if reset:
            empty_database()
        elif User.objects.exists():
            raise CommandError(
                "This database has users already. Use an empty one, or --reset to "
                "delete everything in it."
            )
        make_demo(seed)
        self.stdout.write(f"{demo.NAME}: {Contact.objects.count()} contacts")


@transaction.atomic
def make_demo(seed: int) -> None:
    put_company()
    make_people()
    import_records(demo.make_company(seed, timezone.localdate()))
    plan_reordering(random.Random(seed))  # noqa: S311 - made-up data
    write_invoices()


def empty_database() -> None:
    """Back to what the migrations make: no records, the starter chart."""
    if not settings.FIELDOPS_DEMO:
        raise CommandError("--reset works only where FIELDOPS_DEMO is on.")
    call_command("flush", interactive=False, verbosity=0)
    for code, name, type_, tax_type in ACCOUNTS:
        put_account(code, {"name": name, "type": type_, "tax_type": tax_type}, by=BY)
    for tax_type, name, percent, where in TAX_RATES:
        put_tax_rate(tax_type, {"name": name, "percent": percent, **where}, by=BY)
    InvoicingSettings.current()


def put_company() -> None:
    Company.current()
    change_company(
        {
            "name": demo.NAME,
            "address": demo.ADDRESS,
            "phone": demo.PHONE,
            "email": demo.EMAIL,
            "vat_number": demo.VAT_NUMBER,
            "company_number": demo.COMPANY_NUMBER,
            "payment_details": demo.PAYMENT_DETAILS,
        },
        by=BY,
    )


def make_people() -> None:
    for username, role in DEMO_PEOPLE.items():
        first_name, last_name = NAMES[username]
        values = {
            "username": username,
            "email": f"{username}@calderthorne.example",
            "first_name": first_name,
            "last_name": last_name,
            "role": role,
            "is_staff": role == Role.ADMINISTRATOR,
        }
        create_user(values, password=DEMO_PASSWORD, by=BY)


def import_records(made: demo.DemoCompany) -> None:
    """The files are written and read: the public's own road, flaws included."""
    with TemporaryDirectory() as folder:
        paths = write_files(made, Path(folder))
        for key, kind in KINDS.items():
            report = import_file(kind, paths[key].read_bytes(), paths[key].name)
            if report.refused:
                raise CommandError(f"{paths[key].name}: {report.errors[0]}")


def plan_reordering(chance: random.Random) -> None:
    """Every second part has a level to reorder at and a supplier to reorder from."""
    suppliers = cycle(Contact.objects.suppliers().order_by("pk"))
    parts = StockItem.objects.filter(cost_price__isnull=False).order_by("pk")
    for item in parts[::2]:
        level = Decimal(chance.randint(1, 8) * 5)
        values = {"reorder_level": level, "preferred_supplier": next(suppliers)}
        change_item(item, values, by=BY)


def write_invoices() -> None:
    """Two drafts, and one that was approved and cancelled."""
    customers = Contact.objects.customers().active().order_by("pk")
    services = StockItem.objects.filter(cost_price__isnull=True).order_by("pk")
    today = timezone.localdate()
    for customer in customers[1:3]:
        values = {"issued_on": today, "reference": "Quarterly maintenance"}
        create_invoice(customer, values, lines_for(services[:2]), by=BY)
    values = {"issued_on": today - timedelta(days=4), "reference": "Raised in error"}
    mistake = create_invoice(customers[3], values, lines_for(services[2:3]), by=BY)
    cancel_invoice(approve_invoice(mistake, by=BY), by=BY)


def lines_for(items: Iterable[StockItem]) -> list[LineValues]:
    return [
        LineValues(
            description=item.description,
            quantity=Decimal(2),
            unit_price=item.sell_price or Decimal(0),
            account_code=item.sales_account_code,
            tax_type=item.sales_tax_type,
            item=item,
        )
        for item in items
    ]
