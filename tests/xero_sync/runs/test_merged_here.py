"""Contacts and items merged here, and unmerged: what their partners in Xero see of it."""

import pytest
from django.test import Client

from customers.merging import merge_contacts, undo_contact_merge
from customers.models import Contact
from customers.services import change_contact
from fieldops.common.models import Merge
from invoicing.models import Invoice
from stock.merging import merge_items, undo_item_merge
from tests.builders import (
    TESTER,
    line,
    make_contact,
    make_customer,
    make_invoice,
    make_item,
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
    xero,
)
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    ItemLink,
    PairDecision,
    SyncIssue,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.report.merge_links import merge_url

pytestmark = pytest.mark.django_db


def links() -> dict[int, str]:
    return dict(ContactLink.objects.values_list("record_id", "xero_id"))


def contacts_there(ledger: PracticeLedger) -> dict[str, str]:
    """Every contact Xero has, archived ones included: its name and status by id."""
    return {
        one["ContactID"]: f"{one['Name']} {one['ContactStatus']}"
        for one in ledger.records("Contacts", archived=True)
    }


def assert_silence() -> None:
    """Also in the first run of a day, which plans everything."""
    before = links()
    assert_silent()
    XeroConnection.objects.update(full_compare_on=None)
    assert_silent()
    assert links() == before


def phones_there(ledger: PracticeLedger, contact: Contact) -> set[str]:
    phones = xero(ledger, "Contacts", contact)["Phones"]
    return {one["PhoneNumber"] for one in phones if one["PhoneNumber"]}


def again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def two_linked(ledger: PracticeLedger) -> tuple[Contact, Contact]:
    kept = make_customer("Castle Hotel", phone="028 1")
    other = make_customer("Castle Inn", phone="028 2", email="inn@castle.example")
    make_invoice(other)
    connect(ledger)
    in_step()
    return kept, other


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


def test_archived_there_when_a_person_says_so(ledger: PracticeLedger) -> None:
    kept, other = two_linked(ledger)
    merge = merge_contacts(
        kept, [other], {"phone": "028 2"}, by=TESTER, archives_in_books=True
    )

    run = next_sync()

    assert run.changes.filter(action=Action.ARCHIVE, local_id=other.pk).count() == 1
    assert sorted(contacts_there(ledger).values()) == [
        "Castle Hotel ACTIVE",
        "Castle Inn ARCHIVED",
    ]
    assert open_codes() == []
    assert_silence()

    undo_contact_merge(merge, by=TESTER)
    assert next_sync().writes == 1  # the kept one's phone, as it was
    assert open_codes() == ["contact_archived_in_xero"]
    assert again(other).is_archived is False
    assert_silence()
    ledger.control("contact/unarchive", contact="Castle Inn")
    next_sync()
    assert open_codes() == []
    assert_silence()


def test_archived_in_xero_meanwhile_ours_comes_back_and_says_so(
    ledger: PracticeLedger,
) -> None:
    kept, other = two_linked(ledger)
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    ledger.control("contact/archive", contact="Castle Inn")
    next_sync()

    undo_contact_merge(merge, by=TESTER)
    next_sync()

    assert again(other).is_archived is False
    assert open_codes() == ["contact_archived_in_xero"]
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


@pytest.mark.parametrize("kept_is_the_heir", [True, False])
def test_merged_on_both_sides(ledger: PracticeLedger, kept_is_the_heir: bool) -> None:
    kept, other = two_linked(ledger)
    loser, heir = ("Castle Inn", "Castle Hotel")
    if not kept_is_the_heir:
        loser, heir = heir, loser
    ledger.control("contact/merge", contact=loser, into=heir)
    next_sync()
    issue = SyncIssue.objects.open().get()
    assert issue.code == "merged_in_xero"
    first, second = (kept, other) if kept_is_the_heir else (other, kept)
    assert merge_url(issue) == f"/customers/{first.pk}/merge/?with={second.pk}"

    merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()

    assert open_codes() == []
    assert xero(ledger, "Contacts", again(kept))["ContactStatus"] == "ACTIVE"
    assert Contact.objects.filter(is_archived=False).count() == 1
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


def test_a_question_about_the_merged_one_is_asked_of_the_kept_one(
    ledger: PracticeLedger,
) -> None:
    kept = make_customer("Dunes Hotel")
    connect(ledger)
    in_step()
    other = make_customer("Dunes Bar", phone="028 9")
    ledger.load_books({"Contacts": [{"Name": "The Dunes Bars", "IsCustomer": True}]})
    next_sync()
    assert open_codes() == ["possible_twin"]

    merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()

    issue = again(kept).xero_issues.get(resolved_at=None)
    assert (issue.code, open_codes()) == ("possible_twin", ["possible_twin"])
    assert Contact.objects.count() == 2
    connection = XeroConnection.objects.get()
    PairDecision.objects.create(
        connection=connection,
        kind=Kind.CONTACT,
        local_uid=kept.uid,
        xero_id=issue.details["other_xero_id"],
        answer=PairDecision.Answer.DIFFERENT,
    )
    next_sync()
    assert open_codes() == []


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


def test_a_resting_partner_does_not_move_when_ours_is_edited(
    ledger: PracticeLedger,
) -> None:
    kept, other = two_linked(ledger)
    merge_contacts(kept, [other], {}, by=TESTER)
    change_contact(again(kept), {"phone": "028 77"}, by=TESTER)
    next_sync()
    assert phones_there(ledger, other) == {"028 2"}
    assert Merge.objects.standing().count() == 1


def test_an_answer_about_the_merged_one_counts_for_the_kept_one(
    ledger: PracticeLedger,
) -> None:
    connect(ledger)
    in_step()
    kept, other = make_customer("Sea View"), make_customer("Dunes Bar", phone="028 9")
    ledger.load_books({"Contacts": [{"Name": "The Dunes Bars", "IsCustomer": True}]})
    next_sync()
    issue = other.xero_issues.get()
    assert issue.code == "possible_twin"
    PairDecision.objects.create(
        connection=XeroConnection.objects.get(),
        kind=Kind.CONTACT,
        local_uid=other.uid,
        xero_id=issue.details["other_xero_id"],
        answer=PairDecision.Answer.SAME,
    )
    before = links()
    lead = make_contact("Sea View Hotel", phone="028 7")
    merge_contacts(lead, [other], {}, by=TESTER)

    next_sync()

    # As at any first link: where both say something Xero's stays.
    assert (again(lead).name, again(lead).phone) == ("The Dunes Bars", "028 7")
    assert links() == before | {lead.pk: issue.details["other_xero_id"]}
    assert (set(before), open_codes()) == ({kept.pk}, ["both_changed"])
    assert len(contacts_there(ledger)) == 2
    assert_silent()


def test_a_shared_account_number_leads_to_the_merge(ledger: PracticeLedger) -> None:
    holder = make_customer("Castle Hotel", account_number="C1")
    second = make_customer("Dunes Bar", account_number="c1")
    connect(ledger)
    in_step()

    issue = second.xero_issues.get()

    assert issue.code == "account_number_used_here"
    assert merge_url(issue) == f"/customers/{holder.pk}/merge/?with={second.pk}"
    merge_contacts(holder, [second], {}, by=TESTER)
    next_sync()
    assert open_codes() == []
    second.refresh_from_db()
    assert merge_url(second.xero_issues.get()) == ""


def test_what_is_left_in_xero_is_archived_when_somebody_says_so_later(
    ledger: PracticeLedger, office_client: Client
) -> None:
    kept, other = two_linked(ledger)
    there = links()[other.pk]
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    next_sync()
    address = f"/xero/merges/{merge.pk}/archive/"
    assert address in office_client.get(kept.get_absolute_url()).content.decode()

    said = office_client.post(address, follow=True).content.decode()

    assert "The next sync archives Castle Inn in Xero." in said
    assert address not in said
    next_sync()
    assert contacts_there(ledger)[there].endswith(" ARCHIVED")
    assert_silence()
    said = office_client.post(address, follow=True).content.decode()
    assert "Nothing of that merge is left in Xero" in said


def test_an_undone_merge_archives_nobody(
    ledger: PracticeLedger, office_client: Client, engineer_client: Client
) -> None:
    kept, other = two_linked(ledger)
    merge = merge_contacts(kept, [other], {}, by=TESTER)
    address = f"/xero/merges/{merge.pk}/archive/"
    assert engineer_client.post(address).status_code == 403
    undo_contact_merge(merge, by=TESTER)
    assert office_client.post(address).status_code == 404
    assert not Merge.objects.filter(archives_in_books=True).exists()
