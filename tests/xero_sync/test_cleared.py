"""A field that was cleared here and sent so is agreed on as blank: what is typed into it
next is an edit like any other, also before the next sync has looked at the blank."""

import pytest

from customers.services import change_contact
from stock.services import change_item
from tests.builders import TESTER, line, make_customer, make_invoice, make_item
from tests.ledger import PracticeLedger
from tests.xero_sync.world import assert_silent, connect, in_step, next_sync, xero

pytestmark = pytest.mark.django_db


def test_a_contact_cleared_and_typed_again_keeps_what_was_typed(
    ledger: PracticeLedger,
) -> None:
    castle = make_customer(
        "Castle",
        phone="028 1",
        tax_number="GB 1",
        billing_line2="Unit 4",
        people=[
            {"first_name": "Ann", "last_name": "", "email": "", "gets_copies": False}
        ],
    )
    connect(ledger)
    in_step()
    blank = {"phone": "", "tax_number": "", "billing_line2": "", "people": []}
    castle = change_contact(castle, blank, by=TESTER)
    next_sync()
    castle.refresh_from_db()
    people = [{"first_name": "Bo", "last_name": "", "email": "", "gets_copies": False}]
    typed = {"phone": "028 5", "tax_number": "GB 2", "billing_line2": "Unit 5"}
    castle = change_contact(castle, typed | {"people": people}, by=TESTER)

    run = next_sync()

    castle.refresh_from_db()
    assert {name: getattr(castle, name) for name in typed} == typed
    assert castle.people == people
    assert not run.changes.exclude(losers=[]).exists()
    there = xero(ledger, "Contacts", castle)
    assert there["TaxNumber"] == "GB 2"
    assert [one["FirstName"] for one in there["ContactPersons"]] == ["Bo"]
    assert_silent()


def test_an_item_cleared_and_typed_again_keeps_what_was_typed(
    ledger: PracticeLedger,
) -> None:
    valve = make_item("VALVE", description="Brass", purchase_description="Crate")
    make_invoice(make_customer("Castle"), [line(item=valve)])
    connect(ledger)
    in_step()
    blank = {"description": "", "purchase_description": ""}
    valve = change_item(valve, blank, by=TESTER)
    next_sync()
    valve.refresh_from_db()
    change_item(valve, {"description": "Steel"}, by=TESTER)

    next_sync()

    valve.refresh_from_db()
    assert (valve.description, valve.purchase_description) == ("Steel", "")
    assert xero(ledger, "Items", valve)["Description"] == "Steel"
    assert_silent()


def test_what_xero_says_after_a_blank_of_ours_comes_here(
    ledger: PracticeLedger,
) -> None:
    castle = make_customer("Castle", phone="028 1")
    connect(ledger)
    in_step()
    change_contact(castle, {"phone": ""}, by=TESTER)
    next_sync()
    phones = [{"PhoneType": "DEFAULT", "PhoneNumber": "028 7"}]
    ledger.control("contact/change", contact="Castle", Phones=phones)

    next_sync()

    castle.refresh_from_db()
    assert castle.phone == "028 7"
    assert_silent()
