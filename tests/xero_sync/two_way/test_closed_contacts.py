"""Contacts that are archived, restored or merged, on one side or on both."""

import pytest

from customers.models import Contact
from customers.services import archive_contact, restore_contact
from tests.builders import TESTER, make_customer, make_invoice
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import ContactLink

pytestmark = pytest.mark.django_db


def test_archiving_follows_after_the_last_invoice(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()

    make_invoice(customer)
    archive_contact(customer, by=TESTER)
    next_sync()

    assert ledger.state()["invoices"] == 1
    assert xero(ledger, "Contacts", customer)["ContactStatus"] == "ARCHIVED"
    assert (next_sync().writes, open_codes()) == (0, [])


def test_a_contact_archived_in_xero_is_archived_here(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()

    ledger.control("contact/archive", contact="Castle Hotel")
    next_sync()

    customer.refresh_from_db()
    assert customer.is_archived
    assert (next_sync().writes, open_codes()) == (0, [])


def test_a_closed_customers_invoice_is_reported_until_it_is_open_again(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    ledger.control("contact/archive", contact="Castle Hotel")
    make_invoice(customer)

    assert_accounted_for(next_sync())
    assert open_codes() == ["contact_archived_in_xero"]
    assert_silent()
    assert open_codes() == ["contact_archived_in_xero"]

    ledger.control("contact/unarchive", contact="Castle Hotel")
    next_sync()
    customer.refresh_from_db()
    assert not customer.is_archived
    assert (open_codes(), ledger.state()["invoices"]) == ([], 1)


def test_archived_on_both_sides_and_restored_there_is_restored_here(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    ledger.control("contact/archive", contact="Castle Hotel")
    archive_contact(customer, by=TESTER)
    assert_silent()

    ledger.control("contact/unarchive", contact="Castle Hotel")
    assert_silent()

    customer.refresh_from_db()
    assert not customer.is_archived


def test_restored_on_both_sides_can_be_archived_again(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    archive_contact(customer, by=TESTER)
    next_sync()
    ledger.control("contact/unarchive", contact="Castle Hotel")
    restore_contact(customer, by=TESTER)
    assert_silent()

    archive_contact(customer, by=TESTER)
    next_sync()

    customer.refresh_from_db()
    assert customer.is_archived
    assert xero(ledger, "Contacts", customer)["ContactStatus"] == "ARCHIVED"


def test_a_customer_follows_into_the_contact_it_was_merged_into(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel")
    connect(ledger)
    in_step()
    ledger.load_books({"Contacts": [{"Name": "Castle Hotel Ltd"}]})
    ledger.control("contact/merge", contact="Castle Hotel", into="Castle Hotel Ltd")
    invoice = make_invoice(customer)

    assert_accounted_for(next_sync())

    customer.refresh_from_db()
    assert (customer.name, Contact.objects.count()) == ("Castle Hotel Ltd", 1)
    assert open_codes() == []
    sent = xero(ledger, "Invoices", invoice)
    assert sent["Contact"]["ContactID"] == ContactLink.objects.get().xero_id
    assert_silent()


def test_two_of_ours_merged_into_one_are_for_a_person(ledger: PracticeLedger) -> None:
    loser, winner = make_customer("Castle Hotel"), make_customer("Dunes Bar")
    connect(ledger)
    in_step()
    ledger.control("contact/merge", contact="Castle Hotel", into="Dunes Bar")
    make_invoice(loser)

    run = next_sync()

    assert open_codes() == ["merged_in_xero"]
    assert run.steps.get(name="invoices_to_xero").held == 1
    assert ContactLink.objects.filter(record__in=[loser, winner]).count() == 2
    assert_accounted_for(run)
    assert_silent()
