"""A company without a record of its own takes over the public data that Xero holds."""

import pytest

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from tests.acceptance.northwind import (
    assert_second_sync_is_silent,
    books,
    needs_northwind,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import connect, first_sync
from xero_sync.models import SyncIssue, SyncRun

pytestmark = [pytest.mark.django_db, needs_northwind]


def test_an_empty_company_takes_over_what_xero_holds(
    ledger: PracticeLedger,
) -> None:
    ledger.load_books(books(customers=89, suppliers=29, items=77))
    connect(ledger)

    run = first_sync()

    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)
    assert Contact.objects.customers().count() == 89
    assert Contact.objects.suppliers().count() == 29
    assert StockItem.objects.count() == 77
    assert Invoice.objects.count() == 0
    assert run.writes == 0
    assert not SyncIssue.objects.open().exists()
    assert_second_sync_is_silent()
    assert ledger.state()["contacts"] == 118
