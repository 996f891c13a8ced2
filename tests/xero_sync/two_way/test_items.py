"""Stock items that are deleted, renamed or refused in Xero, and the lines that name
them."""

from decimal import Decimal

import pytest

from stock.services import change_item
from tests.builders import TESTER, line, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.models import SyncIssue
from xero_sync.report.fixing import try_again

pytestmark = pytest.mark.django_db


def test_an_item_xero_refuses_leaves_its_line_without_code(
    ledger: PracticeLedger,
) -> None:
    """55 characters pass the owner's rule of 64 and fail Xero's of 50."""
    item = make_item("LONG", name="x" * 55)
    invoice = make_invoice(lines=[line("10.00", item=item)])
    connect(ledger)

    in_step()

    assert open_codes() == ["name_too_long"]
    assert "ItemCode" not in xero(ledger, "Invoices", invoice)["LineItems"][0]
    again = next_sync()
    assert (again.writes, open_codes()) == (0, ["name_too_long"])


def test_an_item_deleted_in_xero_keeps_no_invoice_back(ledger: PracticeLedger) -> None:
    """Found out by an invoice that names it, long before the next full list."""
    item = make_item("VALVE")
    make_item("PIPE")
    connect(ledger)
    in_step()
    assert_silent()
    ledger.control("item/delete", item="VALVE")
    invoice = make_invoice(lines=[line(item=item)])

    next_sync()
    assert open_codes() == ["refused"]
    next_sync()

    assert open_codes() == ["item_deleted_in_xero"]
    assert "ItemCode" not in xero(ledger, "Invoices", invoice)["LineItems"][0]
    assert ledger.state()["items"] == 1
    assert_silent()


def test_a_change_of_an_item_that_is_gone_is_an_issue_and_no_end(
    ledger: PracticeLedger,
) -> None:
    """Xero answers 404 for the whole request: the others go all the same."""
    gone, other = make_item("VALVE"), make_item("PIPE")
    connect(ledger)
    in_step()
    assert_silent()
    ledger.control("item/delete", item="VALVE")
    for item in (gone, other):
        change_item(item, {"sell_price": Decimal("12.5")}, by=TESTER)

    assert_accounted_for(next_sync())

    assert open_codes() == ["item_deleted_in_xero"]
    assert xero(ledger, "Items", other)["SalesDetails"]["UnitPrice"] == 12.5
    assert_silent()


def test_an_items_code_is_changed_on_either_side(ledger: PracticeLedger) -> None:
    item = make_item("VALVE")
    connect(ledger)
    in_step()
    ledger.control("item/change", item="VALVE", Code="VALVE22", Name="Valve 22 mm")
    next_sync()
    item.refresh_from_db()
    assert (item.code, item.name) == ("VALVE22", "Valve 22 mm")

    change_item(item, {"code": "valve-22"}, by=TESTER)
    before = make_invoice(lines=[line(item=item)])
    next_sync()
    after = make_invoice(lines=[line(item=item)])
    next_sync()

    assert open_codes() == []
    assert xero(ledger, "Invoices", before)["LineItems"][0]["ItemCode"] == "VALVE22"
    assert xero(ledger, "Invoices", after)["LineItems"][0]["ItemCode"] == "valve-22"


def test_what_is_refused_again_is_the_same_issue(ledger: PracticeLedger) -> None:
    make_item("LONG", name="x" * 55)
    connect(ledger)
    in_step()
    issue = SyncIssue.objects.get()

    run = try_again(issue, by=TESTER)
    assert run is not None
    assert work_on(run).writes == 1

    again = SyncIssue.objects.get()
    assert (again.pk, again.times, again.resolved_at) == (issue.pk, 2, None)
    assert_silent()


def test_a_code_that_one_item_gives_up_is_a_new_ones_in_the_same_sync(
    ledger: PracticeLedger,
) -> None:
    old = make_item("VALVE", name="Valve")
    connect(ledger)
    in_step()
    change_item(old, {"code": "VALVE-OLD"}, by=TESTER)
    make_item("VALVE", name="Valve, new model")

    assert (next_sync().writes, open_codes()) == (2, [])

    assert {one["Code"]: one["Name"] for one in ledger.records("Items")} == {
        "VALVE-OLD": "Valve",
        "VALVE": "Valve, new model",
    }
    assert_silent()
