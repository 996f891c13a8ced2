"""Real public data through the first sync: no duplicate, totals to the penny."""

from decimal import Decimal
from typing import Any

import pytest

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from tests.acceptance.northwind import (
    assert_second_sync_is_silent,
    books,
    needs_northwind,
    northwind,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, first_sync
from xero_sync.models import SyncIssue, SyncRun, XeroConnection

__all__ = ["northwind"]

pytestmark = [pytest.mark.django_db, needs_northwind]


def in_ledger(ledger: PracticeLedger) -> dict[str, Any]:
    state = ledger.state()
    names = ("contacts", "customers", "items", "invoices", "sales_total")
    return {name: state[name] for name in names}


def our_total() -> Decimal:
    return sum((invoice.total for invoice in Invoice.objects.all()), Decimal(0))


@pytest.mark.parametrize("held", [True, False], ids=["both hold data", "empty ledger"])
def test_the_first_sync_makes_no_duplicate(
    northwind: None, ledger: PracticeLedger, held: bool
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
