"""Real public data by import and through the first sync: complete, no duplicate, totals
to the penny."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from invoicing.models import Invoice, InvoiceLine
from stock.models import StockItem, StockMovement
from tests.acceptance.northwind import (
    Imported,
    assert_second_sync_is_silent,
    books,
    import_northwind,
    needs_northwind,
    northwind,
)
from tests.imports.files import table_sizes
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, first_sync
from xero_sync.models import SyncIssue, SyncRun, XeroConnection

__all__ = ["northwind"]

pytestmark = [
    pytest.mark.django_db,
    needs_northwind,
    # In one process, which imports once for all.
    pytest.mark.xdist_group("northwind"),
]


def in_ledger(ledger: PracticeLedger) -> dict[str, Any]:
    state = ledger.state()
    names = ("contacts", "customers", "items", "invoices", "sales_total")
    return {name: state[name] for name in names}


def our_total() -> Decimal:
    return sum((invoice.total for invoice in Invoice.objects.all()), Decimal(0))


def test_goes_in_complete_and_only_once(northwind: Imported) -> None:
    assert northwind.counts == {
        "contacts": (91, 0, 0, 0),
        "suppliers": (29, 0, 0, 0),
        "items": (77, 0, 0, 0),
        "invoices": (830, 0, 0, 0),
    }
    assert northwind.statements < 20 * (91 + 29 + 77 + 830)
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
    assert import_northwind() == {
        "contacts": (0, 0, 91, 0),
        "suppliers": (0, 0, 29, 0),
        "items": (0, 0, 77, 0),
        "invoices": (0, 0, 830, 0),
    }
    assert table_sizes() == before
    assert ChangeEntry.objects.latest("id").pk == newest


@pytest.mark.parametrize("held", [True, False], ids=["both hold data", "empty ledger"])
def test_the_first_sync_makes_no_duplicate(
    northwind: Imported, ledger: PracticeLedger, held: bool
) -> None:
    assert Contact.objects.leads().count() == 2
    if held:
        ledger.load_books(books(customers=45, suppliers=15, items=50))
    connect(ledger)

    run = first_sync()

    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    problems = [
        f"{one.code}: {one.title} {one.details} {one.technical}"
        for one in SyncIssue.objects.open()
    ]
    assert problems == []
    assert in_ledger(ledger) == {
        "contacts": 118,
        "customers": 89,
        "items": 77,
        "invoices": 830,
        "sales_total": str(our_total()),
    }
    assert Contact.objects.count() == 120
    assert StockItem.objects.count() == 77
    assert Invoice.objects.count() == 830
    assert_second_sync_is_silent()
    assert XeroConnection.objects.get().first_sync_done_at is not None
