"""Contacts entered in Xero once more, after their twin was linked: asked about, and not
brought in as new before somebody has answered."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.merging import merge_contacts
from customers.models import Contact
from customers.services import archive_contact
from tests.builders import TESTER, make_contact, make_customer
from tests.ledger import PracticeLedger
from tests.xero_sync.world import (
    assert_accounted_for,
    assert_silent,
    connect,
    in_step,
    next_sync,
    open_codes,
)
from xero_sync.consolidation.decisions import decide, decide_pair
from xero_sync.consolidation.errors import HasAnotherPartner
from xero_sync.consolidation.queue import left_to_check
from xero_sync.models import FoundPair, PairDecision, SyncIssue, XeroConnection
from xero_sync.report.standing import Phase, standing_of
from xero_sync.steps import second_copies
from xero_sync.steps.nearby import contacts_near

pytestmark = pytest.mark.django_db

CASTLE = {
    "email": "info@castle.example",
    "phone": "028 9032 1000",
    "billing_line1": "1 Castle Street",
    "billing_postcode": "BT1 1AA",
}


def enter(ledger: PracticeLedger, name: str, **more: Any) -> None:
    ledger.load_books({"Contacts": [{"Name": name, "IsCustomer": True, **more}]})


def names() -> list[str]:
    return sorted(Contact.objects.values_list("name", flat=True))


@pytest.fixture
def castle(ledger: PracticeLedger) -> Contact:
    castle = make_customer("Castle Garage", **CASTLE)
    make_customer("Dunes Bar", email="bar@dunes.example")
    connect(ledger)
    in_step()
    return castle


def in_full() -> None:
    XeroConnection.objects.update(full_compare_on=None)


@pytest.mark.parametrize("is_full", [False, True])
def test_it_waits_and_the_status_line_says_so(
    ledger: PracticeLedger, castle: Contact, is_full: bool
) -> None:
    enter(ledger, "Castle Garage Ltd", EmailAddress="info@castle.example")
    if is_full:
        in_full()
    for _ in range(2):
        run = next_sync()
        assert_accounted_for(run)
        pair = FoundPair.objects.get()
        assert (pair.record, pair.name_there) == (castle, "Castle Garage Ltd")
        assert pair.reasons[-1] == "ours is linked to another one already"
        assert names() == ["Castle Garage", "Dunes Bar"]
        assert open_codes() == ["possible_twin"]
        in_full()
    books = XeroConnection.objects.get()
    assert left_to_check(books) == 1
    assert standing_of(books).phase is Phase.CONSOLIDATE
    assert_silent()


def test_called_different_it_comes_in(ledger: PracticeLedger, castle: Contact) -> None:
    enter(ledger, "Castle Garage Ltd", EmailAddress="info@castle.example")
    next_sync()
    decide_pair(FoundPair.objects.get(), "different", by=TESTER)
    next_sync()
    assert names() == ["Castle Garage", "Castle Garage Ltd", "Dunes Bar"]
    assert (open_codes(), FoundPair.objects.count()) == ([], 0)
    in_full()
    assert_silent()
    assert not FoundPair.objects.exists()


def test_the_same_is_for_xero_to_merge(ledger: PracticeLedger, castle: Contact) -> None:
    enter(ledger, "Castle Garage Ltd", EmailAddress="info@castle.example")
    next_sync()
    with pytest.raises(HasAnotherPartner):
        decide_pair(FoundPair.objects.get(), "same", by=TESTER)
    pair, issue = FoundPair.objects.get(), SyncIssue.objects.open().get()
    with pytest.raises(HasAnotherPartner):
        decide(issue, "same", pair.xero_id, by=TESTER)
    assert not PairDecision.objects.exists()
    own = castle.xero_links.get().xero_id
    ledger.control("contact/merge", contact=pair.xero_id, into=own)
    next_sync()
    assert names() == ["Castle Garage", "Dunes Bar"]
    assert (open_codes(), FoundPair.objects.count()) == ([], 0)
    assert_silent()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Strand Bakery", {}),
        ("Castle Hotel", {}),
        ("Strand Bakery", {"EmailAddress": "info@castle.example"}),
    ],
)
def test_who_merely_looks_a_little_like_one_comes_in(
    ledger: PracticeLedger, castle: Contact, name: str, more: dict[str, str]
) -> None:
    enter(ledger, name, **more)
    next_sync()
    assert name in names()
    assert open_codes() == []


def test_of_a_whole_list_only_copies_wait(
    ledger: PracticeLedger, castle: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_copies, "FEW", 2)
    for number in range(4):
        enter(ledger, f"Stranger {number}", EmailAddress=f"s{number}@there.example")
    enter(ledger, "Castle Garage Ltd", EmailAddress="info@castle.example")
    next_sync()
    assert len(names()) == 6
    assert FoundPair.objects.get().record == castle


def test_an_archived_one_has_no_copies(ledger: PracticeLedger, castle: Contact) -> None:
    archive_contact(castle, by=TESTER)
    next_sync()
    enter(ledger, "Castle Garage", EmailAddress="info@castle.example")
    next_sync()
    assert names() == ["Castle Garage", "Castle Garage", "Dunes Bar"]
    assert open_codes() == []


def test_one_that_is_neither_customer_nor_supplier_stays_out_as_before(
    ledger: PracticeLedger, castle: Contact
) -> None:
    address = {"Name": "Castle Garage Ltd", "EmailAddress": "info@castle.example"}
    ledger.load_books({"Contacts": [address]})
    next_sync()
    assert names() == ["Castle Garage", "Dunes Bar"]
    assert open_codes() == []


def test_who_found_another_partner_is_asked_about_and_not_doubled(
    ledger: PracticeLedger, castle: Contact
) -> None:
    """Said to be the same as one in Xero, and then merged with one that is linked."""
    kept = make_contact("Strand Bakery")
    enter(ledger, "Strand Bakers", EmailAddress="a@strand.example")
    next_sync()
    books = XeroConnection.objects.get()
    other = Contact.objects.exclude(pk__in=[castle.pk, kept.pk]).get(
        name="Strand Bakers"
    )
    enter(ledger, "Bread of the Strand")
    PairDecision.objects.create(
        connection=books,
        kind="contact",
        local_uid=kept.uid,
        xero_id=_id_of(ledger, "Bread of the Strand"),
        answer="same",
    )
    merge_contacts(kept, [other], {}, by=TESTER)

    next_sync()

    assert "Bread of the Strand" not in names()
    pair = FoundPair.objects.get()
    assert (pair.record, pair.reasons[0]) == (kept, "a person said so")
    assert open_codes() == ["possible_twin"]
    assert_silent()


def _id_of(ledger: PracticeLedger, name: str) -> str:
    return next(
        str(one["ContactID"])
        for one in ledger.records("Contacts")
        if one["Name"] == name
    )


def test_many_new_ones_are_looked_up_in_as_many_queries_as_one(
    ledger: PracticeLedger, castle: Contact
) -> None:
    ours = Contact.objects.standing()

    def asked(count: int) -> tuple[int, list[Contact]]:
        typed = [
            Contact(
                name=f"Strand {number} Bakers",
                email=f"{number}@strand.example",
                phone=f"028 9032 2{number:03}",
                billing_postcode=f"BT{number} 1AA",
                account_number=f"A{number}",
            )
            for number in range(count)
        ]
        typed[-1].email = "INFO@castle.example"
        with CaptureQueriesContext(connection) as queries:
            found = contacts_near(typed, ours)
        return len(queries), found

    assert asked(1) == asked(50) == (2, [castle])


@pytest.mark.parametrize(
    "like",
    [
        {"email": "Info@Castle.example"},
        {"accounting_email": "info@castle.example"},
        {"mobile": "+44 28 9032 1000"},
        {"billing_postcode": "bt11aa"},
        {"name": "Castel Garrage"},
        {"account_number": "c1"},
        {"tax_number": "gb 1"},
    ],
)
def test_whoever_shares_anything_is_near(like: dict[str, str]) -> None:
    castle = make_customer(
        "Castle Garage", account_number="C1", tax_number="GB 1", **CASTLE
    )
    make_customer("Dunes Bar", email="bar@dunes.example", phone="028 1")
    assert contacts_near([Contact(**like)], Contact.objects.all()) == [castle]
