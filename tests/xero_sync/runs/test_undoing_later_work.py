"""What people did after a run survives its undo, and is named."""

import pytest

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import change_contact
from invoicing.models import Invoice
from tests.builders import TESTER, make_contact, make_customer, make_draft
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.undone import left, ours, undone, xeros
from tests.xero_sync.world import connect, first_sync, in_step, next_sync
from xero_sync.models import ContactLink, InvoiceLink, ItemLink
from xero_sync.runs.choices import change_settings

pytestmark = pytest.mark.django_db


def test_what_people_changed_since_survives_and_is_named(mixed: PracticeLedger) -> None:
    run = in_step()
    both = Contact.objects.get(name="Both Sides Ltd")
    change_contact(both, {"phone": "0161 999"}, by=TESTER)
    only_there = Contact.objects.get(name="Only There Ltd")
    change_contact(only_there, {"mobile": "07700 900999"}, by=TESTER)
    castle = ContactLink.objects.get(record__name="Castle Hotel").xero_id
    mixed.write(
        "POST",
        "Contacts",
        {"ContactID": castle, "EmailAddress": "new@example.com"},
    )

    undo = undone(run)

    both.refresh_from_db()
    assert (both.phone, Contact.objects.filter(pk=only_there.pk).count()) == (
        "0161 999",
        1,
    )
    assert {
        ("Both Sides Ltd", "changed here since"),
        ("Only There Ltd", "changed here since"),
        ("Castle Hotel", "changed in Xero since"),
    } <= set(left(undo))
    (there,) = [
        one
        for one in mixed.records("Contacts", archived=True)
        if one["ContactID"] == castle
    ]
    assert (there["ContactStatus"], there["EmailAddress"]) == (
        "ACTIVE",
        "new@example.com",
    )
    linked = ContactLink.objects.values_list("record__name", flat=True)
    assert sorted(linked) == ["Castle Hotel", "Only There Ltd"]


def test_a_paid_invoice_stays_and_its_customer_and_item_with_it(
    mixed: PracticeLedger,
) -> None:
    run = in_step()
    approved = Invoice.objects.order_by("pk")[0]
    mixed.control("invoice/pay", invoice=approved.number)

    undo = undone(run)

    assert {
        (
            f"{approved.number} Castle Hotel",
            "money has been received or credited on it in Xero",
        ),
        ("Castle Hotel", "invoices of it stay in Xero"),
        ("VALVE Copper valve", "invoices of it stay in Xero"),
    } <= set(left(undo))
    assert InvoiceLink.objects.get().record == approved
    assert ContactLink.objects.get().record.name == "Castle Hotel"
    assert ItemLink.objects.get().record.code == "VALVE"


@pytest.mark.parametrize("synced_meanwhile", [False, True])
def test_a_draft_that_was_approved_in_xero_since_stays(
    ledger: PracticeLedger, synced_meanwhile: bool
) -> None:
    draft, other = make_draft(make_customer("Castle Hotel")), make_draft()
    connect(ledger)
    change_settings({"sends_drafts": True}, by=TESTER)
    run = in_step()
    there = InvoiceLink.objects.get(record=draft).xero_id
    ledger.write("POST", "Invoices", {"InvoiceID": there, "Status": "AUTHORISED"})
    if synced_meanwhile:
        next_sync()

    undo = undone(run)

    draft.refresh_from_db()
    assert ("Draft Castle Hotel", "approved in Xero since") in left(undo)
    assert ("Castle Hotel", "invoices of it stay in Xero") in left(undo)
    assert InvoiceLink.objects.get().record == draft
    other.refresh_from_db()
    assert {
        one["InvoiceNumber"]: one["Status"]
        for one in ledger.records("Invoices", archived=True)
    } == {
        draft.number: "AUTHORISED",
        f"{other.number} u{run.pk}": "DELETED",
    }


def test_what_was_merged_here_since_is_named_and_stays(ledger: PracticeLedger) -> None:
    lead = make_contact("Castle Hotel")
    sent = make_customer("Castle Inn", phone="028 1")
    connect(ledger)
    run = in_step()
    merge = merge_contacts(lead, [sent], {}, by=TESTER)
    next_sync()
    here, there = ours(), xeros(ledger)
    assert ContactLink.objects.get().record == lead

    undo = undone(run)

    reason = "merged into another record here since"
    assert left(undo) == [("Castle Inn", reason)]
    assert (ours(), xeros(ledger)) == (here, there)
    assert ContactLink.objects.get().record == lead
    undo_contact_merge(merge, by=TESTER)
    first_sync()
    assert ContactLink.objects.get().record == sent
