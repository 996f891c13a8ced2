"""Stock items merged here, and unmerged: what their partners in Xero see of it."""

import pytest

from stock.merging import merge_items, undo_item_merge
from tests.builders import TESTER, line, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import ItemLink

pytestmark = pytest.mark.django_db


def test_items_merged_and_unmerged(ledger: PracticeLedger) -> None:
    kept, other = make_item("PIPE22", name="Pipe"), make_item("PIPE-22", name="Pipes")
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    before = dict(ItemLink.objects.values_list("record_id", "xero_id"))

    merge = merge_items(kept, [other], {}, by=TESTER)
    assert_silent()
    invoice = make_invoice(customer, [line(item=other)])
    next_sync()
    assert xero(ledger, "Invoices", invoice)["LineItems"][0]["ItemCode"] == "PIPE22"
    assert ledger.state()["items"] == 2
    assert_silent()
    undo_item_merge(merge, by=TESTER)
    assert_silent()

    assert dict(ItemLink.objects.values_list("record_id", "xero_id")) == before
    assert (ledger.state()["items"], open_codes()) == (2, [])


def test_an_item_that_was_never_sent_takes_over_the_link(
    ledger: PracticeLedger,
) -> None:
    other = make_item("PIPE22", name="Pipe")
    connect(ledger)
    in_step()
    kept = make_item("PIPE-22", name="Pipe 22 mm")

    merge = merge_items(kept, [other], {"code": "PIPE22"}, by=TESTER)
    next_sync()

    assert ledger.state()["items"] == 1
    assert xero(ledger, "Items", kept)["Name"] == "Pipe 22 mm"
    assert open_codes() == []
    undo_item_merge(merge, by=TESTER)
    next_sync()
    assert ledger.state()["items"] == 2
    assert xero(ledger, "Items", other)["Name"] == "Pipe"
    assert_silent()
