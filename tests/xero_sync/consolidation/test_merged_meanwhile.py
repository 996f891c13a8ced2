"""Whom a person called the same is merged in Xero before a sync has linked the two."""

import pytest

from customers.merging import merge_contacts
from customers.models import Contact
from tests.builders import TESTER, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_silent,
    connect,
    contacts_there,
    first_sync,
    in_step,
    next_sync,
    open_codes,
    work_on,
)
from xero_sync.consolidation.decisions import decide_pair
from xero_sync.consolidation.link_file import Fate, keep_links
from xero_sync.models import (
    ContactLink,
    FoundPair,
    MirrorRecord,
    SyncIssue,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.requests import preview_first_sync

pytestmark = pytest.mark.django_db


def id_of(name: str) -> str:
    return MirrorRecord.objects.get(kind="contact", payload__Name=name).xero_id


THERE = [
    {"Name": "Castle Garage", "EmailAddress": "b@there.example", "IsCustomer": True},
    {"Name": "Zeppelin Holdings", "IsCustomer": True},
]


def merge_there(ledger: PracticeLedger) -> None:
    """Into one whose name tells nobody that it is the same."""
    merged, into = (id_of(str(one["Name"])) for one in THERE)
    ledger.control("contact/merge", contact=merged, into=into)


def test_ours_is_linked_to_what_is_left(ledger: PracticeLedger) -> None:
    customer = make_customer("Castle Garage", email="a@castle.example")
    ledger.load_books({"Contacts": THERE})
    connect(ledger)
    work_on(preview_first_sync(by=TESTER))
    decide_pair(FoundPair.objects.get(), "same", by=TESTER)
    merge_there(ledger)

    first_sync()

    link = ContactLink.objects.get(record=customer)
    assert (link.xero_id, link.origin) == (id_of("Zeppelin Holdings"), "chosen")
    assert len(contacts_there(ledger)) == 1
    assert open_codes() == []
    assert_silent()


def test_where_that_is_another_ones_of_ours_it_is_held(ledger: PracticeLedger) -> None:
    connect(ledger)
    in_step()
    customer = make_customer("Castle Garage", email="a@castle.example")
    ledger.load_books({"Contacts": THERE})
    next_sync()
    decide_pair(FoundPair.objects.get(), "same", by=TESTER)
    merge_there(ledger)

    next_sync()

    issue = SyncIssue.objects.open().get()
    assert (issue.code, issue.record) == ("merged_in_xero", customer)
    assert contacts_there(ledger) == ["Zeppelin Holdings"]
    other = Contact.objects.get(name="Zeppelin Holdings")
    merge_contacts(other, [customer], {}, by=TESTER)
    next_sync()
    assert open_codes() == []
    assert_silent()


def test_a_file_of_links_says_that_one_was_merged_there(
    ledger: PracticeLedger,
) -> None:
    make_customer("Castle Garage", account_number="C1")
    names = ("Zeppelin 1", "Zeppelin 2")
    ledger.load_books({"Contacts": [{"Name": n, "IsCustomer": True} for n in names]})
    connect(ledger)
    work_on(preview_first_sync(by=TESTER))
    merged, into = map(id_of, names)
    ledger.control("contact/merge", contact=merged, into=into)
    work_on(preview_first_sync(by=TESTER))
    content = f"Account number,ContactID\nC1,{merged}\n".encode()

    (line,) = keep_links(XeroConnection.objects.get(), Kind.CONTACT, content, by=TESTER)

    assert line.fate is Fate.TAKEN
    assert line.why == "Xero has merged that one into another: name the other"
