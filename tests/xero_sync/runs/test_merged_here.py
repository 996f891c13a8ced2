"""Contacts merged here, and unmerged: what their partners in Xero see of it."""

import pytest

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import change_contact
from fieldops.common.models import Merge
from invoicing.models import Invoice
from tests.builders import (
    TESTER,
    make_contact,
    make_customer,
    make_invoice,
    make_supplier,
)
from tests.ledger import PracticeLedger
from tests.xero_sync.runs.merged import (
    again,
    assert_silence,
    contacts_there,
    links,
    phones_there,
    two_linked,
)
from tests.xero_sync.world import (
    assert_accounted_for,
    connect,
    in_step,
    next_sync,
    open_codes,
    xero,
)
from xero_sync.models import ContactLink, InvoiceLink, XeroConnection
from xero_sync.outcomes.kinds import Action

pytestmark = pytest.mark.django_db


def test_merged_before_the_first_sync_only_the_kept_one_goes(
    ledger: PracticeLedger,
) -> None:
    kept, other = make_contact("Castle Hotel"), make_customer("Castle Inn")
    invoice = make_invoice(other)
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    connect(ledger)

    in_step()

    assert list(contacts_there(ledger).values()) == ["Castle Hotel ACTIVE"]
    sent = xero(ledger, "Invoices", invoice)
    assert sent["Contact"]["ContactID"] == links()[kept.pk]
    assert open_codes() == []
    assert_silence()

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    # The lead is one again, and the customer goes as a new one.
    assert sorted(contacts_there(ledger).values()) == [
        "Castle Hotel ACTIVE",
        "Castle Inn ACTIVE",
    ]
    assert set(links()) == {kept.pk, other.pk}
    assert open_codes() == []
    assert_silence()


def test_of_two_linked_ones_the_others_partner_rests(ledger: PracticeLedger) -> None:
    kept, other = two_linked(ledger)
    before, there = links(), contacts_there(ledger)
    invoice = Invoice.objects.get()

    merge = merge_contacts(kept, [other], {"phone": "028 2"}, by=TESTER)
    run = next_sync()

    assert_accounted_for(run)
    assert not run.changes.filter(action=Action.ARCHIVE).exists()
    assert (links(), contacts_there(ledger)) == (before, there)
    assert phones_there(ledger, kept) == {"028 2"}
    assert open_codes() == []
    # What is in Xero stays where it is there; what is new goes to the kept one's.
    sent = xero(ledger, "Invoices", invoice)
    assert sent["Contact"]["ContactID"] == before[other.pk]
    new = make_invoice(other)
    next_sync()
    sent = xero(ledger, "Invoices", new)
    assert sent["Contact"]["ContactID"] == before[kept.pk]
    assert_silence()

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert (links(), contacts_there(ledger)) == (before, there)
    assert phones_there(ledger, kept) == {"028 1"}
    assert phones_there(ledger, other) == {"028 2"}
    assert (again(other).is_archived, open_codes()) == (False, [])
    assert_silence()


def test_undone_after_a_sync_nothing_is_left_to_send(ledger: PracticeLedger) -> None:
    kept = make_customer("Castle Hotel", email="inn@castle.example")
    other = make_customer("Castle Inn", email="inn@castle.example")
    connect(ledger)
    in_step()
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    assert_silence()
    undo_contact_merge(merge, by=TESTER)
    assert_silence()
    assert open_codes() == []


def test_what_happens_in_xero_meanwhile_waits_for_the_undo(
    ledger: PracticeLedger,
) -> None:
    kept, other = two_linked(ledger)
    before = links()
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    ledger.control("contact/change", contact="Castle Inn", FirstName="Ann")
    assert_silence()
    assert (again(other).first_name, Contact.objects.count()) == ("", 2)

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert (again(other).first_name, again(other).is_archived) == ("Ann", False)
    assert links() == before
    assert_silence()


def test_the_link_goes_with_the_one_that_had_it_and_comes_back(
    ledger: PracticeLedger,
) -> None:
    lead = make_contact("Castle Hotel", phone="028 1")
    other = make_customer("Castle Inn", email="inn@castle.example")
    make_invoice(other)
    connect(ledger)
    in_step()
    before, there = links(), contacts_there(ledger)
    assert set(before) == {other.pk}

    merge = merge_contacts(lead, [other], {}, by=TESTER)
    next_sync()

    assert links() == {lead.pk: before[other.pk]}
    assert list(contacts_there(ledger).values()) == ["Castle Hotel ACTIVE"]
    assert open_codes() == []
    assert_silence()

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert (links(), contacts_there(ledger)) == (before, there)
    assert (again(lead).is_customer, open_codes()) == (False, [])
    assert_silence()


def test_a_customer_and_a_supplier_become_one_with_one_partner(
    ledger: PracticeLedger,
) -> None:
    customer = make_customer("Castle Hotel", account_number="C1")
    connect(ledger)
    in_step()
    supplier = make_supplier("Castle Hotel", account_number="C1")

    merge_contacts(customer, [supplier], {}, by=TESTER)
    next_sync()

    assert (again(customer).is_customer, again(customer).is_supplier) == (True, True)
    assert list(contacts_there(ledger).values()) == ["Castle Hotel ACTIVE"]
    assert open_codes() == []
    assert_silence()


def test_a_chain_of_merges_keeps_one_link(ledger: PracticeLedger) -> None:
    kept, other = two_linked(ledger)
    lead = make_contact("Castle")
    before = links()
    first = merge_contacts(kept, [other], {}, by=TESTER)
    second = merge_contacts(lead, [kept], {"name": "Castle Hotel"}, by=TESTER)
    next_sync()
    assert set(links().values()) == set(before.values())
    assert lead.pk in links()
    assert Contact.objects.count() == len(contacts_there(ledger)) + 1
    assert open_codes() == []
    assert_silence()

    undo_contact_merge(second, by=TESTER)
    next_sync()
    assert links() == before
    undo_contact_merge(first, by=TESTER)
    next_sync()
    assert (links(), open_codes()) == (before, [])
    assert_silence()


def test_with_all_links_lost_each_finds_its_own_partner(ledger: PracticeLedger) -> None:
    kept, other = two_linked(ledger)
    before = links()
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    for model in (ContactLink, InvoiceLink):
        model.objects.all().delete()
    XeroConnection.objects.update(full_compare_on=None)

    next_sync()

    assert InvoiceLink.objects.count() == 1
    assert (links(), Contact.objects.count()) == (before, 2)
    assert len(contacts_there(ledger)) == 2
    undo_contact_merge(merge, by=TESTER)
    next_sync()
    assert (links(), open_codes()) == (before, [])


def test_a_resting_partner_does_not_move_when_ours_is_edited(
    ledger: PracticeLedger,
) -> None:
    kept, other = two_linked(ledger)
    merge_contacts(kept, [other], {}, by=TESTER)
    change_contact(again(kept), {"phone": "028 77"}, by=TESTER)
    next_sync()
    assert phones_there(ledger, other) == {"028 2"}
    assert Merge.objects.standing().count() == 1
