"""Real input that nobody here wrote: the Northwind sample in Xero's template layout."""

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from fieldops.imports.kinds import KINDS, import_file
from invoicing.models import Invoice, InvoiceLine
from stock.models import StockItem, StockMovement
from tests.imports.files import counts, table_sizes

BESIDE = Path(__file__).resolve().parents[2].parent / "shared"
SHARED = Path(os.environ.get("FIELDOPS_SHARED") or BESIDE)
TEMPLATES = SHARED / "data" / "northwind" / "xero-templates"
FILES = {
    "contacts": "customers.csv",
    "suppliers": "suppliers.csv",
    "items": "items.csv",
    "invoices": "invoices.csv",
}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not TEMPLATES.is_dir(), reason="The Northwind files are not there: ../shared"
    ),
]


def import_all(*, dry_run: bool = False) -> dict[str, tuple[int, int, int, int]]:
    reports = {
        kind: import_file(
            KINDS[kind], (TEMPLATES / name).read_bytes(), name, dry_run=dry_run
        )
        for kind, name in FILES.items()
    }
    assert [report.errors for report in reports.values()] == [()] * 4
    assert [report.all_warnings for report in reports.values()] == [()] * 4
    return {kind: counts(report) for kind, report in reports.items()}


class Counted:
    """Lets every statement through."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.count += 1
        return execute(*statement)


def test_goes_in_complete_and_only_once() -> None:
    statements = Counted()
    with connection.execute_wrapper(statements):
        first = import_all()
    assert first == {
        "contacts": (91, 0, 0, 0),
        "suppliers": (29, 0, 0, 0),
        "items": (77, 0, 0, 0),
        "invoices": (830, 0, 0, 0),
    }
    assert statements.count < 20 * (91 + 29 + 77 + 830)
    assert Contact.objects.count() == 120
    assert Contact.objects.leads().count() == 2
    assert Contact.objects.customers().count() == 89
    assert Contact.objects.suppliers().count() == 29
    assert StockItem.objects.count() == 77
    assert InvoiceLine.objects.count() == 2155 + 830
    assert Invoice.objects.approved().count() == 830
    assert Invoice.objects.aggregate(
        subtotal=Sum("subtotal"), tax=Sum("tax"), total=Sum("total")
    ) == {
        "subtotal": Decimal("1330735.98"),
        "tax": Decimal("266147.45"),
        "total": Decimal("1596883.43"),
    }
    assert set(StockMovement.objects.values_list("kind", flat=True)) == {"opening"}
    assert StockMovement.objects.aggregate(n=Sum("quantity"))["n"] == 3119
    before = table_sizes()
    newest = ChangeEntry.objects.latest("id").pk
    assert import_all() == {
        "contacts": (0, 0, 91, 0),
        "suppliers": (0, 0, 29, 0),
        "items": (0, 0, 77, 0),
        "invoices": (0, 0, 830, 0),
    }
    assert table_sizes() == before
    assert ChangeEntry.objects.latest("id").pk == newest


def test_accents_breaks_and_missing_postcodes_arrive_as_they_are() -> None:
    for kind in ("contacts", "suppliers"):
        content = (TEMPLATES / FILES[kind]).read_bytes()
        import_file(KINDS[kind], content, FILES[kind])
    ana = Contact.objects.get(account_number="ANATR")
    assert ana.billing_line1 == "Avda. de la Constitución 2222"
    tokyo = Contact.objects.get(name="Tokyo Traders")
    assert tokyo.billing_line1 == "9-8 Sekimai, Musashino-shi"
    assert Contact.objects.filter(billing_postcode="").count() == 1
