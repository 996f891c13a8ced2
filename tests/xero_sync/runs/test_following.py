"""What people do in Xero's own screens is followed, before and after edits of our own."""

from decimal import Decimal

import pytest

from customers.models import Contact
from customers.services import archive_contact, change_contact, restore_contact
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.cancel_invoice import cancel_invoice
from invoicing.services.write_draft import change_invoice
from stock.models import StockItem
from stock.services import change_item
from tests.builders import (
    TESTER,
    line,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    a_new_day,
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    work_on,
    xero,
)
from xero_sync.models import ContactLink, ItemLink
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import send_records

pytestmark = pytest.mark.django_db


def phone_there(ledger: PracticeLedger, contact: Contact) -> str:
    phones = xero(ledger, "Contacts", contact)["Phones"]
    return str(next(p["PhoneNumber"] for p in phones if p["PhoneType"] == "DEFAULT"))


# --- archived, restored ---


@pytest.mark.parametrize("first", ["edit", "archive"])
def test_an_edit_waits_while_its_contact_is_archived_in_xero(
    ledger: PracticeLedger, customer: Contact, first: str
) -> None:
    if first == "edit":
        change_contact(customer, {"phone": "028 2"}, by=TESTER)
    ledger.control("contact/archive", contact="Castle Hotel")
    if first == "archive":
        next_sync()
        change_contact(customer, {"phone": "028 2"}, by=TESTER)
    next_sync()
    customer.refresh_from_db()
    assert (customer.is_archived, customer.phone) == (True, "028 2")
    assert phone_there(ledger, customer) == "028 1"
    assert_silent()

    ledger.control("contact/unarchive", contact="Castle Hotel")
    next_sync()
    next_sync()

    customer.refresh_from_db()
    assert (customer.is_archived, customer.phone) == (False, "028 2")
    assert phone_there(ledger, customer) == "028 2"
    assert_silent()


def test_archived_and_restored_between_two_syncs_is_nothing(
    ledger: PracticeLedger, customer: Contact
) -> None:
    ledger.control("contact/archive", contact="Castle Hotel")
    ledger.control("contact/unarchive", contact="Castle Hotel")

    assert_silent()
    customer.refresh_from_db()
    assert not customer.is_archived


def test_archived_on_both_sides_at_once_is_agreed_on(
    ledger: PracticeLedger, customer: Contact
) -> None:
    ledger.control("contact/archive", contact="Castle Hotel")
    archive_contact(customer, by=TESTER)

    assert_silent()
    restore_contact(customer, by=TESTER)
    next_sync()

    assert open_codes() == ["contact_archived_in_xero"]


# --- merged ---


def test_an_edit_goes_into_the_heir_and_the_invoices_stay_in_step(
    ledger: PracticeLedger, customer: Contact
) -> None:
    old = make_invoice(customer, [line("100.00")])
    next_sync()
    ledger.load_books({"Contacts": [{"Name": "Castle Hotel Ltd"}]})
    change_contact(customer, {"phone": "028 2"}, by=TESTER)
    ledger.control("contact/merge", contact="Castle Hotel", into="Castle Hotel Ltd")

    assert_accounted_for(next_sync())
    new = make_invoice(customer, [line("50.00")])
    ledger.control("invoice/pay", invoice=old.number)
    next_sync()

    heir = ContactLink.objects.get().xero_id
    assert phone_there(ledger, customer) == "028 2"
    for invoice in (old, new):
        assert xero(ledger, "Invoices", invoice)["Contact"]["ContactID"] == heir
    old.refresh_from_db()
    assert old.amount_paid == old.total
    assert (Contact.objects.count(), open_codes()) == (1, [])
    assert_silent()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_chain_of_mergers_is_followed_to_its_end(
    ledger: PracticeLedger, customer: Contact, at_once: bool
) -> None:
    ledger.load_books({"Contacts": [{"Name": "Second"}, {"Name": "Third"}]})
    ledger.control("contact/merge", contact="Castle Hotel", into="Second")
    if not at_once:
        next_sync()
    ledger.control("contact/merge", contact="Second", into="Third")

    assert_accounted_for(next_sync())

    customer.refresh_from_db()
    assert (customer.name, Contact.objects.count()) == ("Third", 1)
    assert xero(ledger, "Contacts", customer)["Name"] == "Third"
    assert open_codes() == []
    assert_silent()


# --- voided, deleted ---


def test_paid_then_unpaid_and_voided_in_xero_is_cancelled_here(
    ledger: PracticeLedger,
) -> None:
    """The payment was known here: it goes first."""
    invoice = make_invoice(lines=[line("100.00")])
    connect(ledger)
    in_step()
    ledger.control("invoice/pay", invoice=invoice.number)
    next_sync()
    invoice.refresh_from_db()
    assert invoice.amount_paid > 0
    undo_payments(ledger)
    ledger.control("invoice/void", invoice=invoice.number)

    assert_accounted_for(next_sync())

    invoice.refresh_from_db()
    assert (invoice.is_cancelled, invoice.amount_paid) == (True, Decimal(0))
    assert open_codes() == []
    assert_silent()


def undo_payments(ledger: PracticeLedger) -> None:
    session = ledger.session()
    base = f"{ledger.url}/api.xro/2.0/Payments"
    for payment in ledger.records("Payments"):
        answer = session.post(
            f"{base}/{payment['PaymentID']}", json={"Status": "DELETED"}, timeout=10
        )
        assert answer.status_code == 200, answer.text


def test_cancelled_here_and_voided_there_at_once_is_nothing(
    ledger: PracticeLedger,
) -> None:
    invoice = make_invoice()
    connect(ledger)
    in_step()
    cancel_invoice(invoice, by=TESTER)
    ledger.control("invoice/void", invoice=invoice.number)

    assert_silent()
    assert open_codes() == []


def test_cancelled_here_and_paid_there_is_for_a_person(ledger: PracticeLedger) -> None:
    invoice = make_invoice()
    connect(ledger)
    in_step()
    cancel_invoice(invoice, by=TESTER)
    ledger.control("invoice/pay", invoice=invoice.number)

    next_sync()

    assert open_codes() == ["invoice_cannot_be_cancelled"]
    assert xero(ledger, "Invoices", invoice)["Status"] == "PAID"
    assert_silent()


@pytest.mark.parametrize("edited", [False, True])
def test_a_draft_deleted_in_xero_is_cancelled_here(
    ledger: PracticeLedger, edited: bool
) -> None:
    connect(ledger)
    in_step()
    draft = make_draft(make_customer("Castle Hotel"), [line("10.00")])
    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))
    draft.refresh_from_db()
    if edited:
        change_invoice(draft, {}, [line("20.00")], by=TESTER)
    ledger.control("invoice/delete", invoice=draft.number)

    assert_accounted_for(next_sync())

    draft.refresh_from_db()
    assert (draft.is_cancelled, ledger.state()["invoices"]) == (True, 1)
    assert open_codes() == []
    assert_silent()


def test_a_draft_approved_in_xero_and_edited_here_is_for_a_person(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    in_step()
    draft = make_draft(make_customer("Castle Hotel"), [line("10.00")])
    work_on(send_records(Kind.INVOICE, [draft.pk], by=TESTER))
    draft.refresh_from_db()
    change_invoice(draft, {}, [line("20.00")], by=TESTER)
    ledger.control("invoice/approve", invoice=draft.number)

    next_sync()
    approve_invoice(Invoice.objects.get(pk=draft.pk), by=TESTER)
    next_sync()

    assert open_codes() == ["invoice_changed_in_xero"]
    assert xero(ledger, "Invoices", draft)["SubTotal"] == 10
    assert_silent()


# --- items ---


@pytest.mark.parametrize("edited", [False, True])
def test_an_item_deleted_in_xero_is_held_and_not_made_anew(
    ledger: PracticeLedger, edited: bool
) -> None:
    item = make_item("VALVE")
    connect(ledger)
    in_step()
    ledger.control("item/delete", item="VALVE")
    if edited:
        change_item(item, {"sell_price": Decimal("12.50")}, by=TESTER)
    a_new_day()

    next_sync()

    assert open_codes() == ["item_deleted_in_xero"]
    assert (ledger.state()["items"], StockItem.objects.count()) == (0, 1)
    assert_silent()


def test_an_item_made_again_in_xero_is_the_same_item(ledger: PracticeLedger) -> None:
    """What the report asks the bookkeeper for."""
    item = make_item("VALVE", name="Valve")
    connect(ledger)
    in_step()
    gone = ItemLink.objects.get().xero_id
    ledger.control("item/delete", item="VALVE")
    a_new_day()
    next_sync()
    change_item(item, {"description": "Brass"}, by=TESTER)
    ledger.load_books({"Items": [{"Code": "VALVE", "Name": "Valve, brass"}]})

    assert_accounted_for(next_sync())
    next_sync()

    item.refresh_from_db()
    assert ItemLink.objects.get().xero_id != gone
    assert (item.name, item.description) == ("Valve, brass", "Brass")
    assert xero(ledger, "Items", item)["Description"] == "Brass"
    assert (StockItem.objects.count(), ledger.state()["items"]) == (1, 1)
    assert open_codes() == []
    assert_silent()
