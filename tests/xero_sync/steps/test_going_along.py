"""What goes whole with a changed field, a price with its account and an address with all
its lines, goes as Xero has it: it must take nobody's edit back."""

from decimal import Decimal
from typing import Any

import pytest

from customers.services import change_contact
from stock.services import change_item
from tests.builders import TESTER, make_customer, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.lost import after_the_key_died, instead_of_sending, never_arrived
from tests.xero_sync.world import (
    assert_silent,
    connect,
    in_step,
    one_slice,
    work_on,
    xero,
)
from xero_sync.models import SyncRun
from xero_sync.runs.requests import sync_now
from xero_sync.runs.runner import Slice

pytestmark = pytest.mark.django_db


@pytest.fixture
def unanswered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sync whose write never arrives; the rest of it comes after the key has died."""

    def sync() -> SyncRun:
        with monkeypatch.context() as patch:
            instead_of_sending(patch, never_arrived)
            run = sync_now(by=TESTER)
            assert one_slice(run) is Slice.WAITING
        return run

    return sync


def test_a_price_sent_again_leaves_the_account_that_was_changed_in_xero(
    ledger: PracticeLedger, unanswered: Any
) -> None:
    item = make_item("VALVE", sell_price=Decimal("10.00"), sales_account_code="200")
    connect(ledger)
    in_step()
    change_item(item, {"sell_price": Decimal("11.00")}, by=TESTER)
    run = unanswered()
    ledger.control("item/change", item="VALVE", SalesDetails={"AccountCode": "260"})

    after_the_key_died(ledger, run)

    assert xero(ledger, "Items", item)["SalesDetails"]["UnitPrice"] == 11
    assert xero(ledger, "Items", item)["SalesDetails"]["AccountCode"] == "260"
    assert_silent_with_one_more(run)
    item.refresh_from_db()
    assert (item.sell_price, item.sales_account_code) == (Decimal("11.0000"), "260")


def test_a_line_of_an_address_sent_again_leaves_the_town_changed_in_xero(
    ledger: PracticeLedger, unanswered: Any
) -> None:
    customer = make_customer(
        "Castle Hotel", billing_line1="1 Shore Road", billing_city="Larne"
    )
    connect(ledger)
    in_step()
    change_contact(customer, {"billing_line1": "2 Shore Road"}, by=TESTER)
    run = unanswered()
    address = {
        "AddressType": "POBOX",
        "AddressLine1": "1 Shore Road",
        "City": "Belfast",
    }
    ledger.control("contact/change", contact="Castle Hotel", Addresses=[address])

    after_the_key_died(ledger, run)

    assert_silent_with_one_more(run)
    customer.refresh_from_db()
    assert (customer.billing_line1, customer.billing_city) == (
        "2 Shore Road",
        "Belfast",
    )
    kept = xero(ledger, "Contacts", customer)["Addresses"]
    slot = next(one for one in kept if one["AddressType"] == "POBOX")
    assert (slot["AddressLine1"], slot["City"]) == ("2 Shore Road", "Belfast")


def assert_silent_with_one_more(run: SyncRun) -> None:
    """The run itself leaves what it did not plan to the next one."""
    assert run.state == SyncRun.State.FINISHED
    work_on(sync_now(by=TESTER))
    assert_silent()
