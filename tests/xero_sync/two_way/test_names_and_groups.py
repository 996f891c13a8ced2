"""Who comes over and who goes: customers and suppliers, new ones, doubled and oddly
named ones."""

import pytest

from customers.models import Contact
from customers.services import change_contact
from stock.models import StockItem
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_invoice,
    make_supplier,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
)
from xero_sync.models import ContactLink

pytestmark = pytest.mark.django_db


def test_a_new_customer_of_xeros_comes_here_once(ledger: PracticeLedger) -> None:
    connect(ledger)
    in_step()

    ledger.load_books({"Contacts": [{"Name": "Abbey Dental", "IsCustomer": True}]})
    next_sync()
    next_sync()

    assert [contact.name for contact in Contact.objects.customers()] == ["Abbey Dental"]
    assert ContactLink.objects.count() == 1


def test_suppliers_and_tracked_stock_come_with_their_quantity(
    ledger: PracticeLedger,
) -> None:
    make_supplier("Plumb Centre")
    ledger.load_books(
        {
            "Contacts": [{"Name": "City Electrical", "IsSupplier": True}],
            "Items": [{"Code": "BOX1", "Name": "Junction box"}],
        }
    )
    connect(ledger)

    run = in_step()

    assert run.both_sides_hold_data
    assert Contact.objects.suppliers().count() == 2
    assert StockItem.objects.get().code == "BOX1"
    assert ledger.state()["contacts"] == 2


def test_two_customers_of_one_name_are_told_apart_by_a_person(
    ledger: PracticeLedger,
) -> None:
    first = make_customer("John Smith", phone="028 1")
    second = make_customer("john smith", phone="028 2")
    make_invoice(first)
    make_invoice(second)
    connect(ledger)

    assert_accounted_for(in_step())
    assert open_codes() == ["name_taken_in_xero"]
    assert_silent()

    change_contact(second, {"name": "John Smith (Bangor)"}, by=TESTER)
    next_sync()
    assert (open_codes(), ledger.state()["invoices"]) == ([], 2)
    assert_silent()


def test_odd_names_are_stable_or_reported(ledger: PracticeLedger) -> None:
    for name in (
        "Double  spaced   Ltd",
        "Spanner \N{WRENCH} Ltd",
        "Cafe\N{COMBINING ACUTE ACCENT}",
        "no\N{NO-BREAK SPACE}break",
        "Zero\N{ZERO WIDTH SPACE}width",
        "N" * 255,
    ):
        make_invoice(make_customer(name))
    Contact.objects.create(name="  Blank at the ends ", is_customer=True)
    make_customer("A <b> Ltd")
    make_customer("L" * 256)
    connect(ledger)

    assert_accounted_for(in_step())

    assert open_codes() == ["name_characters", "name_too_long"]
    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (7, 6)
    assert_silent()
    assert Contact.objects.count() == 9


def test_groups_follow_what_either_side_does(ledger: PracticeLedger) -> None:
    """Our lead is Xero's customer; our supplier is invoiced after it was linked."""
    ledger.load_books(
        {
            "Contacts": [
                {"Name": "Castle", "EmailAddress": "a@b.example", "IsCustomer": True},
                {"Name": "Neither nor"},
            ]
        }
    )
    lead = make_contact("Castle", email="a@b.example")
    supplier = make_supplier("Plumb Centre")
    connect(ledger)

    run = in_step()
    lead.refresh_from_db()
    assert lead.is_customer
    assert run.left_out == {"contact: neither customer nor supplier in Xero": 1}

    make_invoice(supplier)
    next_sync()
    assert (ledger.state()["contacts"], ledger.state()["invoices"]) == (3, 1)
    assert_silent()
